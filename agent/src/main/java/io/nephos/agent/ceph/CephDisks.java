package io.nephos.agent.ceph;

import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.image.ClonedDisks;
import io.nephos.agent.image.ImageFault;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.rbd.RbdFault;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSnapshot;
import java.io.IOException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Root disks as images of a Ceph pool, called {@code ID_disk} as Nova calls them. A disk's notes say which host it is of: a
 * server that was built again on another host is not harmed when the first one removes what it had.
 */
public final class CephDisks implements ClonedDisks {
    private static final Logger LOG = Logger.getLogger(CephDisks.class);
    private static final String HOST = "nephos.host";
    private static final long GIB = 1L << 30;

    private final RbdPool pool;
    private final String host;

    public CephDisks(RbdPool pool, String host) {
        this.pool = pool;
        this.host = host;
    }

    /** A raw image of the pool's own cluster. */
    @Override
    public boolean fits(ImageRef image) {
        return image.hasRbd()
                && image.getDiskFormat().equals("raw")
                && answered(() -> pool.fsid().equals(image.getRbd().getFsid()));
    }

    @Override
    public void ensure(String instanceId, ImageRef image, long gib) {
        answered(() -> {
            Optional<String> owner = owner(name(instanceId));
            if (owner.isPresent() && owner.get().equals(host)) {
                return true;
            }
            if (owner.isPresent()) {
                // Refused while that host's guest runs.
                LOG.infof(
                        "%s: its disk is of host %s, where it is no longer wanted; it is made anew",
                        instanceId, owner.get());
                pool.remove(name(instanceId));
            }
            String part = part(instanceId);
            removeIfThere(part);
            pool.clone(
                    new RbdSnapshot(
                            image.getRbd().getFsid(),
                            image.getRbd().getPool(),
                            image.getRbd().getImage(),
                            image.getRbd().getSnapshot()),
                    part);
            try (RbdImage disk = pool.open(part)) {
                size(disk, gib);
                disk.note(HOST, host);
            }
            pool.rename(part, name(instanceId));
            return true;
        });
    }

    @Override
    public RootDisk disk(String instanceId) {
        return new RootDisk.InCeph(pool.name(), name(instanceId));
    }

    @Override
    public void remove(String instanceId) {
        answered(() -> {
            removeIfThere(part(instanceId));
            if (owner(name(instanceId)).filter(host::equals).isPresent()) {
                removeIfThere(name(instanceId));
            }
            return true;
        });
    }

    private static void size(RbdImage disk, long gib) throws IOException {
        long size = disk.size();
        if (gib > 0 && size > gib * GIB) {
            throw new ImageFault.Unusable(
                    "the image's disk has " + size + " bytes, more than the " + gib + " GiB of the root disk");
        }
        if (gib > 0) {
            disk.resize(gib * GIB);
        }
    }

    /** Empty when there is no such disk. */
    private Optional<String> owner(String image) throws IOException {
        Optional<RbdImage> found = pool.find(image);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (RbdImage disk = found.get()) {
            return Optional.of(disk.note(HOST).orElse(""));
        }
    }

    private void removeIfThere(String image) throws IOException {
        try {
            pool.remove(image);
        } catch (RbdFault e) {
            if (e.kind() != RbdFault.Kind.MISSING) {
                throw e;
            }
        }
    }

    private static String name(String instanceId) {
        return instanceId + "_disk";
    }

    private String part(String instanceId) {
        return name(instanceId) + "." + host + ".part";
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private static <T> T answered(Question<T> question) {
        try {
            return question.ask();
        } catch (RbdFault e) {
            String reason = String.valueOf(e.getMessage());
            throw switch (e.kind()) {
                case FULL -> new ImageFault.NoSpace(reason);
                case MISSING, EXISTS, IN_USE, UNREACHABLE -> new ImageFault.Unavailable(reason);
            };
        } catch (IOException e) {
            throw new ImageFault.Unavailable(String.valueOf(e.getMessage()));
        }
    }
}
