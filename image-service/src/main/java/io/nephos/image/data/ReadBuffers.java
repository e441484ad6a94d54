package io.nephos.image.data;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.ChannelConfig;
import io.vertx.core.buffer.Buffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.IntSupplier;

/**
 * What a connection reads into while it carries image data: as much as is asked for, up to 256 KiB, outside the heap. Netty's own
 * buffers are of 64 KiB at most, and belong to a pool, for which reason Vert.x copies each to the heap.
 */
final class ReadBuffers extends AbstractByteBufAllocator {
    private static final int SIZE = 256 * 1024;
    /** Of all connections: an event loop uses one at a time, but for what comes sooner than it is taken. */
    private static final Queue<Piece> FREE = new ArrayBlockingQueue<>(8);

    private final ByteBufAllocator usual;
    private final IntSupplier wanted;

    private ReadBuffers(ByteBufAllocator usual, IntSupplier wanted) {
        this.usual = usual;
        this.wanted = wanted;
    }

    /**
     * From the next read on. Whoever has taken what is in a buffer releases it.
     *
     * @param wanted how many bytes to read at most; 0 for the usual
     * @return undoes it
     */
    static Runnable into(ChannelConfig connection, IntSupplier wanted) {
        ByteBufAllocator usual = connection.getAllocator();
        connection.setAllocator(new ReadBuffers(usual, wanted));
        return () -> connection.setAllocator(usual);
    }

    /** What was in it is taken. Vert.x shows a view that cannot be released; what is beneath can. */
    @SuppressWarnings("deprecation") // Vert.x has no other way to it.
    static void release(Buffer buffer) {
        buffer.getByteBuf().unwrap().release();
    }

    @Override
    public ByteBuf ioBuffer(int initialCapacity) {
        int most = wanted.getAsInt();
        return most > 0 ? Piece.of(Math.min(most, SIZE)) : usual.ioBuffer(initialCapacity);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return usual.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return usual.directBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return usual.isDirectBufferPooled();
    }

    /** Comes back when nobody holds it any more. */
    private static final class Piece extends UnpooledDirectByteBuf {
        Piece() {
            super(UnpooledByteBufAllocator.DEFAULT, SIZE, SIZE);
        }

        /** One with room for so many bytes. */
        static ByteBuf of(int room) {
            Piece free = FREE.poll();
            Piece piece = free == null ? new Piece() : free;
            return piece.setIndex(SIZE - room, SIZE - room);
        }

        @Override
        protected void deallocate() {
            resetRefCnt();
            if (!FREE.offer(this)) {
                super.deallocate();
            }
        }
    }
}
