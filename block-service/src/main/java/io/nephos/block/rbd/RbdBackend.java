package io.nephos.block.rbd;

import io.nephos.block.backend.Backend;
import io.nephos.block.backend.StorageFault;
import io.nephos.block.file.RawImages;
import io.nephos.rbd.RbdFault;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Volumes as images of a Ceph pool. One that is made from a raw image of the same cluster, or from another volume, is a
 * copy-on-write clone: it is there at once and takes room only for what is written. QEMU on the hosts reaches them by itself.
 */
final class RbdBackend implements Backend {
    private static final Logger LOG = Logger.getLogger(RbdBackend.class);
    private static final long GIB = 1L << 30;
    /** Which attachment may write, in the image's own notes. */
    private static final String HOLDER = "nephos.attachment";

    private final String name;
    private final RbdPool pool;
    private final RbdVolumes volumes;
    private final RawImages rawImages;

    RbdBackend(String name, RbdPool pool, RawImages rawImages) {
        this.name = name;
        this.pool = pool;
        this.volumes = new RbdVolumes(pool);
        this.rawImages = rawImages;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String protocol() {
        return "ceph";
    }

    @Override
    public boolean has(String volumeId) {
        return answered(() -> pool.has(RbdVolumes.name(volumeId)));
    }

    @Override
    public void create(String volumeId, long sizeGib) {
        done(() ->
                volumes.make(volumeId, part -> pool.create(part, sizeGib * GIB).close()));
    }

    @Override
    public void createFromImage(String volumeId, long sizeGib, String format, Source image, BooleanSupplier wanted) {
        done(() -> {
            Optional<RbdSnapshot> snapshot = format.equals("raw") ? image.snapshot() : Optional.empty();
            if (snapshot.isPresent()
                    && snapshot.get().fsid().equals(pool.fsid())
                    && cloned(snapshot.get(), volumeId, sizeGib)) {
                return;
            }
            volumes.make(volumeId, part -> {
                try (RbdImage made = pool.create(part, sizeGib * GIB)) {
                    RbdOutput out = new RbdOutput(made, sizeGib * GIB, wanted);
                    if (format.equals("raw")) {
                        image.writeTo(out);
                    } else {
                        rawImages.with(volumeId, sizeGib, format, image, wanted, raw -> Files.copy(raw, out));
                    }
                    out.flush();
                }
            });
        });
    }

    /** False when it cannot be cloned, as when we may not read that pool: then its bytes are copied. */
    private boolean cloned(RbdSnapshot image, String volumeId, long sizeGib) throws IOException {
        try {
            volumes.make(volumeId, part -> {
                pool.clone(image, part);
                grow(part, sizeGib, true);
            });
            return true;
        } catch (RbdFault e) {
            if (e.kind() == RbdFault.Kind.FULL || e.kind() == RbdFault.Kind.IN_USE) {
                throw e;
            }
            LOG.warnf("Volume %s is copied: %s cannot be cloned: %s", volumeId, image.url(), e.getMessage());
            return false;
        }
    }

    @Override
    public void createFromVolume(String volumeId, long sizeGib, String sourceId, BooleanSupplier wanted) {
        done(() -> volumes.make(volumeId, part -> {
            volumes.cloneVolume(sourceId, volumeId, part);
            grow(part, sizeGib, false);
        }));
    }

    @Override
    public void extend(String volumeId, long sizeGib) {
        done(() -> grow(RbdVolumes.name(volumeId), sizeGib, false));
    }

    @Override
    public void delete(String volumeId) {
        done(() -> volumes.removeVolume(volumeId));
    }

    @Override
    public Capacity capacity() {
        RbdPool.Capacity found = answered(pool::capacity);
        return new Capacity(found.total(), found.free());
    }

    @Override
    public Optional<Direct> direct(String volumeId) {
        return Optional.of(new Direct(answered(pool::fsid), pool.name(), RbdVolumes.name(volumeId)));
    }

    /**
     * Who has the image open when another attachment takes its place is put on the cluster's block list: nothing that it
     * still sends is done. Ceph does not ask a client for an attachment's name when it opens an image anew; hosts are kept
     * from that by the generation of what they are told.
     */
    @Override
    public void hold(String volumeId, String attachment) {
        done(() -> {
            String image = RbdVolumes.name(volumeId);
            Optional<RbdImage> found = pool.find(image);
            if (found.isEmpty()) {
                return;
            }
            try (RbdImage open = found.get()) {
                if (open.note(HOLDER).orElse("").equals(attachment)) {
                    return;
                }
                for (String watcher : open.watchers()) {
                    LOG.infof("Volume %s is taken from %s", volumeId, watcher);
                    open.cutOff(watcher);
                }
            }
            try (RbdImage open = pool.open(image)) {
                open.note(HOLDER, attachment);
            }
        });
    }

    @Override
    public void sweep() {
        done(volumes::sweep);
    }

    private void grow(String image, long sizeGib, boolean mayBeLarger) throws IOException {
        try (RbdImage open = pool.open(image)) {
            long size = open.size();
            if (mayBeLarger && size > sizeGib * GIB) {
                throw new StorageFault.Hopeless("The image has " + (size + GIB - 1) / GIB
                        + " GiB, which do not fit in a volume of " + sizeGib + " GiB.");
            }
            if (size < sizeGib * GIB) {
                open.resize(sizeGib * GIB);
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private static void done(Work work) {
        answered(() -> {
            work.run();
            return true;
        });
    }

    private static <T> T answered(Question<T> question) {
        try {
            return question.ask();
        } catch (RbdFault e) {
            String reason = String.valueOf(e.getMessage());
            throw switch (e.kind()) {
                case MISSING, FULL -> new StorageFault.Hopeless(reason);
                case EXISTS, IN_USE, UNREACHABLE -> new StorageFault.Passing(reason);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
