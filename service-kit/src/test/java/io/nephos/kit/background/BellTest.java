package io.nephos.kit.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BellTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    void oneRungBeforeTheRestEndsItAtOnce() throws InterruptedException {
        Bell bell = new Bell();
        bell.ring();
        bell.rest(LONG);
    }

    @Test
    void manyRingsAreOne() throws InterruptedException {
        Bell bell = new Bell();
        for (int i = 0; i < 100; i++) {
            bell.ring();
        }
        bell.rest(LONG);
        CountDownLatch rested = new CountDownLatch(1);
        Thread sleeper = Thread.ofVirtual().start(() -> {
            try {
                bell.rest(LONG);
                rested.countDown();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertFalse(rested.await(100, TimeUnit.MILLISECONDS));
        sleeper.interrupt();
        sleeper.join();
    }

    @Test
    void noRingIsMissed() throws InterruptedException {
        Bell bell = new Bell();
        Bell answer = new Bell();
        AtomicInteger heard = new AtomicInteger();
        int rings = 20_000;
        Thread listener = Thread.ofVirtual().start(() -> {
            try {
                while (heard.get() < rings) {
                    bell.rest(LONG);
                    heard.incrementAndGet();
                    answer.ring();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (int i = 0; i < rings; i++) {
            bell.ring();
            answer.rest(LONG);
        }
        listener.join();
        assertEquals(rings, heard.get());
    }
}
