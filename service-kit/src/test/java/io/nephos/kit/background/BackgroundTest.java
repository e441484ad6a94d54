package io.nephos.kit.background;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.Fault;
import io.quarkus.runtime.ShutdownEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BackgroundTest {
    private final Background background = new Background();

    @Test
    void whatFailsIsTriedAgainUntilItSucceedsOnce() throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        background.once("work", () -> {
            if (tries.incrementAndGet() == 1) {
                throw Fault.unavailable("away");
            }
            done.countDown();
        });
        assertTrue(done.await(10, TimeUnit.SECONDS));
        assertEquals(2, tries.get());
    }

    @Test
    void anErrorDoesNotEndTheRepetition() throws InterruptedException {
        CountDownLatch three = new CountDownLatch(3);
        background.repeat("work", Rhythm.every(Duration.ofMillis(1)), () -> {
            three.countDown();
            if (three.getCount() == 2) {
                throw new IllegalStateException("wrong");
            }
            if (three.getCount() == 1) {
                throw new IOException("away");
            }
        });
        assertTrue(three.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aBellThatIsRungDuringTheWorkOrTheRestHasItDoneAgain() throws InterruptedException {
        Bell bell = new Bell();
        CountDownLatch three = new CountDownLatch(3);
        background.repeat("work", Rhythm.every(Duration.ofDays(1)), bell, () -> {
            three.countDown();
            if (three.getCount() == 1) {
                bell.ring();
            }
        });
        bell.ring();
        while (three.getCount() == 3) {
            Thread.sleep(1);
        }
        bell.ring();
        assertTrue(three.await(10, TimeUnit.SECONDS));
    }

    @Test
    void aStopInterruptsTheRest() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        background.repeat("work", Rhythm.every(Duration.ofDays(1)).atOnce(), () -> {
            started.countDown();
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        assertTrue(started.await(10, TimeUnit.SECONDS));
        background.stop(new ShutdownEvent());
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }
}
