package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadBuffersTest {
    private final ChannelConfig connection = new EmbeddedChannel().config();
    private final ByteBufAllocator usual = connection.getAllocator();
    private final AtomicInteger wanted = new AtomicInteger();
    private final Runnable undo = ReadBuffers.into(connection, wanted::get);

    @Test
    void noMoreIsReadAtATimeThanIsWanted() {
        wanted.set(1000);
        assertEquals(1000, read().writableBytes());
        wanted.set(10 << 20);
        assertEquals(256 << 10, read().writableBytes());
    }

    @Test
    void aBufferIsUsedAgainOnceNobodyHoldsAnyOfIt() {
        wanted.set(100);
        ByteBuf first = read().writeBytes(new byte[50]);
        Buffer part = Buffer.buffer(first.readRetainedSlice(20));
        first.release();
        assertNotSame(first, read());
        ReadBuffers.release(part);
        assertSame(first, read());
        assertEquals(100, first.writableBytes());
        assertEquals(1, first.refCnt());
    }

    @Test
    void vertxsOwnAreLeftAlone() {
        Buffer own = Buffer.buffer("abc");
        ReadBuffers.release(own);
        assertEquals("abc", own.toString());
    }

    @Test
    void noneBelongsToAPoolForWhichItWouldBeCopied() {
        wanted.set(100);
        assertTrue(read().isDirect());
        assertFalse(read().alloc() instanceof PooledByteBufAllocator);
    }

    @Test
    void whenNothingIsWantedAndAfterwardsItIsAsItWas() {
        assertSame(usual, read().alloc());
        undo.run();
        assertSame(usual, connection.getAllocator());
    }

    private ByteBuf read() {
        return connection.getAllocator().ioBuffer(2048);
    }
}
