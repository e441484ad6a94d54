package io.nephos.image.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Keeps what streams by between two positions of the whole; at most what it was made for. */
final class Window {
    private final long start;
    private final int size;
    private byte[] kept = {};
    private int length;

    Window(long start, int size) {
        this.start = start;
        this.size = size;
    }

    /** The buffer's first byte lies at that position of the whole. */
    void feed(long position, ByteBuffer bytes) {
        long from = Math.max(start + length, position);
        long to = Math.min(start + size, position + bytes.limit());
        if (from == start + length && to > from) {
            if (kept.length == 0) {
                kept = new byte[size];
            }
            bytes.get((int) (from - position), kept, length, (int) (to - from));
            length += (int) (to - from);
        }
    }

    boolean full() {
        return length == size;
    }

    long start() {
        return start;
    }

    long end() {
        return start + size;
    }

    /** In the order of bytes that Microsoft's formats have. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(kept).order(ByteOrder.LITTLE_ENDIAN);
    }
}
