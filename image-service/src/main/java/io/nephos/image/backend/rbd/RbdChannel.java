package io.nephos.image.backend.rbd;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/** An image's snapshot from some byte on. */
final class RbdChannel implements ReadableByteChannel {
    private static final int PIECE = 1 << 20;

    private final RbdPool pool;
    private final MemorySegment image;
    private final long end;
    private long position;
    private boolean open = true;

    /** NoSuchFileException when there is no such image, or not all of it. */
    RbdChannel(RbdPool pool, String key, long offset) throws IOException {
        this.pool = pool;
        this.image = pool.openToRead(key);
        this.position = offset;
        this.end = pool.size(image);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!open) {
            throw new ClosedChannelException();
        }
        if (position >= end) {
            return -1;
        }
        int length = (int) Math.min(Math.min(PIECE, target.remaining()), end - position);
        return pool.call((images, arena) -> {
            MemorySegment piece = arena.allocate(length);
            int count = pool.checked("read", Librbd.read(image, position, piece));
            target.put(piece.asSlice(0, count).asByteBuffer());
            position += count;
            return count;
        });
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        if (open) {
            open = false;
            pool.close(image);
        }
    }
}
