package io.nephos.rbd;

import static io.nephos.rbd.RbdPool.checked;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A block image that is open, as it is now or as it was at a snapshot. Sizes and offsets in bytes. */
public final class RbdImage implements Closeable {
    private static final int NOT_THERE = -2;
    private static final int NOT_PROTECTED = -22;
    private static final int TOO_SMALL = -34;
    private static final int TIMESPEC = 16;
    private static final int NAME = 1024;
    /** struct rbd_snap_info_t: id, size, name. */
    private static final int SNAPSHOT = 24;
    /** struct rbd_image_watcher_t: address, id, cookie. */
    private static final int WATCHER = 24;

    private static final int MOST_WATCHERS = 64;
    /** A week: longer than a host can hang and then go on as if nothing had been. The list is short, for this is rare. */
    private static final int CUT_OFF_SECONDS = 7 * 24 * 3600;

    private final RbdPool pool;
    private final String name;
    private final MemorySegment image;
    private boolean open = true;

    RbdImage(RbdPool pool, String name, MemorySegment image) {
        this.pool = pool;
        this.name = name;
        this.image = image;
    }

    public long size() throws IOException {
        return pool.call((connection, arena) -> {
            MemorySegment size = arena.allocate(JAVA_LONG);
            checked("size", Librbd.size(image, size));
            return size.get(JAVA_LONG, 0);
        });
    }

    public void resize(long size) throws IOException {
        pool.call((connection, arena) -> checked("resize", Librbd.resize(image, size)));
    }

    public void write(long position, byte[] bytes, int offset, int length) throws IOException {
        write(position, ByteBuffer.wrap(bytes, offset, length));
    }

    /** All that remains of the buffer; from where it lies when it is a direct one. */
    public void write(long position, ByteBuffer bytes) throws IOException {
        MemorySegment given = MemorySegment.ofBuffer(bytes);
        pool.call((connection, arena) -> {
            MemorySegment chunk =
                    given.isNative() ? given : arena.allocate(given.byteSize()).copyFrom(given);
            return checked("write", Librbd.write(image, position, chunk));
        });
    }

    /** At most that many bytes, into the target; gives back how many. */
    public int read(long position, ByteBuffer target, int most) throws IOException {
        return pool.call((connection, arena) -> {
            MemorySegment piece = arena.allocate(most);
            int count = checked("read", Librbd.read(image, position, piece));
            target.put(piece.asSlice(0, count).asByteBuffer());
            return count;
        });
    }

    public void flush() throws IOException {
        pool.call((connection, arena) -> checked("flush", Librbd.flush(image)));
    }

    public Instant created() throws IOException {
        return pool.call((connection, arena) -> {
            MemorySegment time = arena.allocate(TIMESPEC, 8);
            checked("created", Librbd.created(image, time));
            return Instant.ofEpochSecond(time.get(JAVA_LONG, 0), time.get(JAVA_LONG, 8));
        });
    }

    /** What is in it now, protected, so that it can be cloned. One that is there already is left as it is. */
    public RbdSnapshot snapshot(String snapshot) throws IOException {
        boolean there = snapshots().contains(snapshot);
        return pool.call((connection, arena) -> {
            MemorySegment named = arena.allocateFrom(snapshot);
            if (!there) {
                checked("snapshot", Librbd.createSnapshot(image, named));
            }
            int answer = Librbd.protect(image, named);
            // EBUSY: it is protected already.
            if (answer != -16) {
                checked("protect", answer);
            }
            return new RbdSnapshot(connection.fsid(), pool.name(), name, snapshot);
        });
    }

    /** Nothing there is fine; IN_USE while something is cloned from it. */
    public void forget(String snapshot) throws IOException {
        pool.call((connection, arena) -> {
            MemorySegment named = arena.allocateFrom(snapshot);
            int answer = Librbd.unprotect(image, named);
            if (answer != NOT_THERE && answer != NOT_PROTECTED) {
                checked("unprotect", answer);
            }
            int removed = Librbd.removeSnapshot(image, named);
            return removed == NOT_THERE ? 0 : checked("remove snapshot", removed);
        });
    }

    public List<String> snapshots() throws IOException {
        return pool.call((connection, arena) -> {
            MemorySegment most = arena.allocateFrom(JAVA_INT, 16);
            MemorySegment found = arena.allocate(16L * SNAPSHOT, 8);
            int count = Librbd.snapshots(image, found, most);
            while (count == TOO_SMALL) {
                found = arena.allocate((long) most.get(JAVA_INT, 0) * SNAPSHOT, 8);
                count = Librbd.snapshots(image, found, most);
            }
            checked("snapshots", count);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(text(found.get(ADDRESS, (long) i * SNAPSHOT + 16)));
            }
            Librbd.endSnapshots(found);
            return names;
        });
    }

    /** What it was cloned from and still reads where nothing was written. */
    public Optional<RbdSnapshot> parent() throws IOException {
        return pool.call((connection, arena) -> {
            MemorySegment parents = arena.allocate(NAME);
            MemorySegment parent = arena.allocate(NAME);
            MemorySegment snapshot = arena.allocate(NAME);
            int answer = Librbd.parent(image, parents, parent, snapshot);
            if (answer == NOT_THERE) {
                return Optional.empty();
            }
            checked("parent", answer);
            return Optional.of(new RbdSnapshot(
                    connection.fsid(), parents.getString(0), parent.getString(0), snapshot.getString(0)));
        });
    }

    /** Copies what it still reads from its parent; it has none afterwards. */
    public void flatten() throws IOException {
        pool.call((connection, arena) -> checked("flatten", Librbd.flatten(image)));
    }

    /** Kept with the image. */
    public void note(String key, String value) throws IOException {
        pool.call((connection, arena) ->
                checked("note", Librbd.setNote(image, arena.allocateFrom(key), arena.allocateFrom(value))));
    }

    public Optional<String> note(String key) throws IOException {
        return pool.call((connection, arena) -> {
            MemorySegment value = arena.allocate(NAME);
            int answer = Librbd.note(image, arena.allocateFrom(key), value, arena.allocateFrom(JAVA_LONG, (long) NAME));
            if (answer == NOT_THERE) {
                return Optional.empty();
            }
            checked("note", answer);
            return Optional.of(value.getString(0));
        });
    }

    /** The addresses of the others that have it open to write. */
    public List<String> watchers() throws IOException {
        return pool.call((connection, arena) -> {
            long us = Librbd.instance(connection.cluster());
            MemorySegment count = arena.allocateFrom(JAVA_LONG, (long) MOST_WATCHERS);
            MemorySegment found = arena.allocate((long) MOST_WATCHERS * WATCHER, 8);
            checked("watchers", Librbd.watchers(image, found, count));
            List<String> addresses = new ArrayList<>();
            for (int i = 0; i < count.get(JAVA_LONG, 0); i++) {
                if (found.get(JAVA_LONG, (long) i * WATCHER + 8) != us) {
                    addresses.add(text(found.get(ADDRESS, (long) i * WATCHER)));
                }
            }
            Librbd.endWatchers(found, count.get(JAVA_LONG, 0));
            return addresses;
        });
    }

    /** From now on the cluster does nothing for a client at that address; who is there now cannot write any more. */
    public void cutOff(String watcher) throws IOException {
        pool.call((connection, arena) ->
                checked("cut off", Librbd.cutOff(connection.cluster(), arena.allocateFrom(watcher), CUT_OFF_SECONDS)));
    }

    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        if (open) {
            open = false;
            pool.call((connection, arena) -> Librbd.close(image));
        }
    }

    private static String text(MemorySegment pointer) {
        return pointer.reinterpret(NAME).getString(0);
    }
}
