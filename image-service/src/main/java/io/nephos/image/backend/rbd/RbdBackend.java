package io.nephos.image.backend.rbd;

import io.nephos.image.backend.Backend;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Block images of one pool, one for each key, with the protected snapshot "snap" that says that all bytes are there. Volumes
 * and disks of the same cluster clone from that snapshot, copy-on-write; while they do, the image's bytes stay.
 *
 * <p>Glance answers 409 to the deletion of an image that something is cloned from. Here the image goes at once and its bytes
 * follow when the last clone is gone: who owns an image cannot see who boots from it, and need not wait for them. Ceph's
 * other way, the snapshot in the trash (clone format 2), would hide from other clients of the pool what takes room there.
 */
final class RbdBackend implements Backend {
    /** What a snapshot is called that readers and clones see; the name that Glance gives it. */
    static final String SNAPSHOT = "snap";

    private static final Logger LOG = Logger.getLogger(RbdBackend.class);
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");

    private final String id;
    private final String description;
    private final RbdPool pool;
    private final RbdFaults faults;

    RbdBackend(String id, String description, RbdPool pool) {
        this.id = id;
        this.description = description;
        this.pool = pool;
        this.faults = new RbdFaults(id);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String type() {
        return "rbd";
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("pool", pool.name(), "user", pool.user(), "thin_provisioning", true);
    }

    @Override
    public String url(String key) {
        // Who lists images need not wait for the cluster; nobody can clone from it when it is away.
        return snapshot(key).map(RbdSnapshot::url).orElse("rbd://" + key);
    }

    @Override
    public Optional<RbdSnapshot> snapshot(String key) {
        try {
            return Optional.of(new RbdSnapshot(pool.fsid(), pool.name(), key, SNAPSHOT));
        } catch (IOException e) {
            LOG.debugf("The store %s does not say which cluster it is: %s", id, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Sink write(String key) throws IOException {
        return new RbdSink(faults, key, faults.answered(() -> pool.create(key, RbdSink.FIRST_SIZE)));
    }

    /** NoSuchFileException when there is no such image, or not all of it. */
    @Override
    public ReadableByteChannel read(String key, long offset) throws IOException {
        return faults.answered(() -> {
            RbdImage image = pool.openToRead(key, SNAPSHOT);
            return new RbdChannel(faults, image, image.size(), offset);
        });
    }

    /** Throws while something is cloned from it, or while it is still open somewhere: it is tried again. */
    @Override
    public void delete(String key) {
        try {
            faults.translated(() -> {
                try (RbdImage image = pool.open(key)) {
                    image.forget(SNAPSHOT);
                }
                pool.remove(key);
            });
        } catch (NoSuchFileException gone) {
            LOG.debugf("There is no image %s", key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> keysBefore(Instant time) throws IOException {
        return faults.answered(() -> {
            List<String> keys = new ArrayList<>();
            for (String image : pool.images()) {
                if (KEY.matcher(image).matches() && created(image).isBefore(time)) {
                    keys.add(image);
                }
            }
            return keys;
        });
    }

    private Instant created(String key) throws IOException {
        Optional<RbdImage> found = pool.find(key);
        if (found.isEmpty()) {
            return Instant.MAX;
        }
        try (RbdImage image = found.get()) {
            return image.created();
        }
    }
}
