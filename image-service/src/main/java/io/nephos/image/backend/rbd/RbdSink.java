package io.nephos.image.backend.rbd;

import io.nephos.image.backend.Backend;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jboss.logging.Logger;

/** Grows an image as bytes come; nothing but zeros is not written. The snapshot that readers look for is made at the end. */
final class RbdSink implements Backend.Sink {
    private static final Logger LOG = Logger.getLogger(RbdSink.class);
    private static final long FIRST_SIZE = 64L << 20;

    private final RbdPool pool;
    private final String key;
    private final MemorySegment image;
    private long room = FIRST_SIZE;
    private long position;

    RbdSink(RbdPool pool, String key) throws IOException {
        this.pool = pool;
        this.key = key;
        this.image = pool.create(key, FIRST_SIZE);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        while (position + length > room) {
            room *= 2;
            resize(room);
        }
        if (!zeros(bytes, offset, length)) {
            pool.call((images, arena) -> {
                MemorySegment chunk = arena.allocate(length);
                MemorySegment.copy(bytes, offset, chunk, ValueLayout.JAVA_BYTE, 0, length);
                return pool.checked("write", Librbd.write(image, position, chunk));
            });
        }
        position += length;
    }

    @Override
    public void commit() throws IOException {
        resize(position);
        pool.call((images, arena) -> {
            pool.checked("flush", Librbd.flush(image));
            MemorySegment snapshot = arena.allocateFrom(RbdPool.SNAPSHOT);
            pool.checked("snapshot", Librbd.createSnapshot(image, snapshot));
            return pool.checked("protect", Librbd.protect(image, snapshot));
        });
    }

    /** What was not committed is removed by {@code delete}, which whoever gives a transfer up calls. */
    @Override
    public void close() throws IOException {
        pool.close(image);
        LOG.debugf("%d bytes of %s came", position, key);
    }

    private void resize(long size) throws IOException {
        pool.call((images, arena) -> pool.checked("resize", Librbd.resize(image, size)));
    }

    private static boolean zeros(byte[] bytes, int offset, int length) {
        int last = offset + length;
        return length > 0
                && bytes[offset] == 0
                && java.util.Arrays.equals(bytes, offset, last - 1, bytes, offset + 1, last);
    }
}
