package io.nephos.image.backend.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Block images of one pool, one for each key, with the protected snapshot "snap" that says that all bytes are there. Volumes
 * and disks of the same cluster clone from that snapshot, copy-on-write; while they do, the image's bytes stay.
 */
final class RbdBackend implements Backend {
    private static final Logger LOG = Logger.getLogger(RbdBackend.class);
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");
    private static final int NOT_THERE = -2;
    private static final int NOT_PROTECTED = -22;
    private static final int TIMESPEC = 16;

    private final RbdPool pool;
    private final String description;

    RbdBackend(RbdPool pool, String description) {
        this.pool = pool;
        this.description = description;
    }

    @Override
    public String id() {
        return pool.store();
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

    /** As Glance writes it, for who clones: {@code rbd://FSID/POOL/IMAGE/SNAPSHOT}. */
    @Override
    public String url(String key) {
        try {
            return "rbd://" + pool.fsid() + "/" + pool.name() + "/" + key + "/" + RbdPool.SNAPSHOT;
        } catch (IOException e) {
            // Who lists images need not wait for the cluster; nobody can clone from it now.
            return "rbd://" + key;
        }
    }

    @Override
    public Sink write(String key) throws IOException {
        return new RbdSink(pool, key);
    }

    @Override
    public ReadableByteChannel read(String key, long offset) throws IOException {
        return new RbdChannel(pool, key, offset);
    }

    /** Throws while something is cloned from it, or while it is still open somewhere: it is tried again. */
    @Override
    public void delete(String key) {
        try {
            pool.call((images, arena) -> {
                removeSnapshot(images, arena, key);
                pool.checked("remove", Librbd.remove(images, arena.allocateFrom(key)));
                return key;
            });
        } catch (NoSuchFileException gone) {
            LOG.debugf("There is no image %s", key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<String> keysBefore(Instant time) throws IOException {
        List<String> keys = new ArrayList<>();
        for (String image : pool.images()) {
            if (KEY.matcher(image).matches() && created(image).isBefore(time)) {
                keys.add(image);
            }
        }
        return keys;
    }

    private void removeSnapshot(MemorySegment images, Arena arena, String key) throws IOException {
        MemorySegment opened = arena.allocate(ADDRESS);
        pool.checked("open", Librbd.open(images, arena.allocateFrom(key), opened, MemorySegment.NULL));
        MemorySegment image = opened.get(ADDRESS, 0);
        MemorySegment snapshot = arena.allocateFrom(RbdPool.SNAPSHOT);
        try {
            int unprotected = Librbd.unprotect(image, snapshot);
            if (unprotected != NOT_THERE && unprotected != NOT_PROTECTED) {
                pool.checked("unprotect", unprotected);
            }
            int removed = Librbd.removeSnapshot(image, snapshot);
            if (removed != NOT_THERE) {
                pool.checked("remove snapshot", removed);
            }
        } finally {
            int ignored = Librbd.close(image);
            LOG.tracef("closed: %d", ignored);
        }
    }

    private Instant created(String image) throws IOException {
        return pool.call((images, arena) -> {
            MemorySegment opened = arena.allocate(ADDRESS);
            int answer = Librbd.openToRead(images, arena.allocateFrom(image), opened, MemorySegment.NULL);
            if (answer == NOT_THERE) {
                return Instant.MAX;
            }
            pool.checked("open", answer);
            MemorySegment found = opened.get(ADDRESS, 0);
            try {
                MemorySegment time = arena.allocate(TIMESPEC, 8);
                pool.checked("created", Librbd.created(found, time));
                return Instant.ofEpochSecond(time.get(JAVA_LONG, 0), time.get(JAVA_LONG, 8));
            } finally {
                int ignored = Librbd.close(found);
                LOG.tracef("closed: %d", ignored);
            }
        });
    }
}
