package io.nephos.image.backend.rbd;

import io.nephos.rbd.RbdImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;

/** An image's snapshot from some byte on. */
final class RbdChannel implements ReadableByteChannel {
    private static final int PIECE = 1 << 20;

    private final RbdFaults faults;
    private final RbdImage image;
    private final long end;
    private long position;

    RbdChannel(RbdFaults faults, RbdImage image, long end, long offset) {
        this.faults = faults;
        this.image = image;
        this.position = offset;
        this.end = end;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (position >= end) {
            return -1;
        }
        int length = (int) Math.min(Math.min(PIECE, target.remaining()), end - position);
        int count = faults.answered(() -> image.read(position, target, length));
        position += count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return image.isOpen();
    }

    @Override
    public void close() throws IOException {
        image.close();
    }
}
