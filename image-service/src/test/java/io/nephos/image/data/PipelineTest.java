package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.image.backend.Backend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private final Random random = new Random(1);

    @Test
    void theStoreGetsTheBytesInTheirOrderAndTheDigestsAreTheirs() throws Exception {
        for (int size : new int[] {0, 1, Pipeline.SMALL, 9 * Pipeline.LARGE + 77}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            Memory sink = new Memory();
            try (var workers = Executors.newVirtualThreadPerTaskExecutor();
                    Pipeline pipeline = new Pipeline(sink, workers)) {
                assertEquals(size, pour(Channels.newChannel(new ByteArrayInputStream(bytes)), pipeline));
                assertArrayEquals(bytes, sink.bytes.toByteArray());
                assertEquals(hex("SHA-512", bytes), pipeline.sha512());
                assertEquals(hex("MD5", bytes), pipeline.md5());
            }
        }
    }

    @Test
    void aStoreThatFailsEndsTheReadingWithItsFault() {
        ReadableByteChannel endless = Channels.newChannel(new Endless());
        Memory full = new Memory() {
            @Override
            public void write(ByteBuffer chunk) throws IOException {
                super.write(chunk);
                if (bytes.size() > 2 * Pipeline.LARGE) {
                    throw new IOException("full");
                }
            }
        };
        try (var workers = Executors.newVirtualThreadPerTaskExecutor();
                Pipeline pipeline = new Pipeline(full, workers)) {
            assertEquals(
                    "full",
                    assertThrows(IOException.class, () -> pour(endless, pipeline))
                            .getMessage());
        }
    }

    @Test
    void noMoreIsReadThanFitsWhileTheStoreStandsStill() throws Exception {
        int most = Pipeline.MOST_SMALL * Pipeline.SMALL + Pipeline.MOST_LARGE * Pipeline.LARGE;
        AtomicInteger read = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        Memory slow = new Memory() {
            @Override
            public void write(ByteBuffer chunk) throws IOException {
                try {
                    assertTrue(goOn.await(30, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.write(chunk);
            }
        };
        try (var workers = Executors.newVirtualThreadPerTaskExecutor();
                Pipeline pipeline = new Pipeline(slow, workers)) {
            var reader = workers.submit(() -> {
                while (read.get() < 12 * Pipeline.LARGE) {
                    ByteBuffer chunk = pipeline.read(Channels.newChannel(new Endless()));
                    read.addAndGet(chunk.remaining());
                    pipeline.take(chunk);
                }
                pipeline.finish();
                return true;
            });
            Thread.sleep(200);
            assertTrue(read.get() <= most, () -> read.get() + " bytes");
            goOn.countDown();
            assertTrue(reader.get(30, TimeUnit.SECONDS));
            assertEquals(read.get(), slow.bytes.size());
        }
    }

    private static long pour(ReadableByteChannel body, Pipeline pipeline) throws IOException {
        long size = 0;
        for (ByteBuffer chunk = pipeline.read(body); chunk.hasRemaining(); chunk = pipeline.read(body)) {
            size += chunk.remaining();
            pipeline.take(chunk);
        }
        pipeline.finish();
        return size;
    }

    private static String hex(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private static class Memory implements Backend.Sink {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer chunk) throws IOException {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(copy);
            bytes.write(copy);
        }

        @Override
        public void commit() {}

        @Override
        public void close() {}
    }

    /** Zeros, in pieces of some size. */
    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 0;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return Math.min(length, 1000);
        }
    }
}
