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

    /** Bytes that lie from that position on. */
    void feed(long position, byte[] bytes, int count) {
        long from = Math.max(start + length, position);
        long to = Math.min(start + size, position + count);
        if (from == start + length && to > from) {
            if (kept.length == 0) {
                kept = new byte[size];
            }
            System.arraycopy(bytes, (int) (from - position), kept, length, (int) (to - from));
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
