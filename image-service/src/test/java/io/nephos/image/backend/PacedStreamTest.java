package io.nephos.image.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PacedStreamTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    @Test
    void aServerThatSendsNothingMoreIsHungUpOn() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        InputStream silent = new InputStream() {
            @Override
            public int read() {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return -1;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        try (PacedStream paced = new PacedStream(silent, PATIENCE, 1000)) {
            assertEquals(
                    "The server sends too slowly.",
                    assertThrows(IOException.class, paced::read).getMessage());
        }
    }

    @Test
    void aServerThatTricklesIsHungUpOn() throws IOException {
        InputStream trickle = new InputStream() {
            @Override
            public int read() {
                pause(20);
                return 1;
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                target[offset] = (byte) read();
                return 1;
            }
        };
        try (PacedStream paced = new PacedStream(trickle, PATIENCE, 1000)) {
            assertThrows(IOException.class, () -> paced.readNBytes(10_000));
        }
    }

    @Test
    void aReaderThatTakesItsTimeIsNotTheServersFault() throws IOException {
        byte[] bytes = {1, 2, 3};
        try (PacedStream paced = new PacedStream(new ByteArrayInputStream(bytes), PATIENCE, 1000)) {
            assertEquals(1, paced.read());
            pause(400);
            assertArrayEquals(new byte[] {2, 3}, paced.readAllBytes());
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
