package io.nephos.agent.instance;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class InstanceLocksTest {
    @Test
    void aRemovalMakesACallInProgressGiveWay() throws InterruptedException {
        InstanceLocks locks = new InstanceLocks();
        CountDownLatch removed = new CountDownLatch(1);
        InstanceLocks.Hold hold = locks.lock("a", Duration.ofSeconds(1));
        assertDoesNotThrow(hold::proceed);
        assertTrue(locks.busy("a"));
        Thread remover = Thread.ofVirtual().start(() -> {
            try (InstanceLocks.Hold removal = locks.lockForRemoval("a", Duration.ofSeconds(5))) {
                removal.proceed();
                removed.countDown();
            }
        });
        while (assertGivesWay(hold)) {
            Thread.onSpinWait();
        }
        hold.close();
        removed.await();
        remover.join();
        assertFalse(locks.busy("a"));
        assertDoesNotThrow(() -> locks.lock("a", Duration.ZERO).close());
    }

    private static boolean assertGivesWay(InstanceLocks.Hold hold) {
        try {
            hold.proceed();
            return true;
        } catch (InstanceLocks.Busy e) {
            return false;
        }
    }

    @Test
    void aSecondCallWaitsOnlyAsLongAsItsCaller() throws InterruptedException {
        InstanceLocks locks = new InstanceLocks();
        try (InstanceLocks.Hold hold = locks.lock("a", Duration.ZERO)) {
            Thread other = Thread.ofVirtual()
                    .start(() -> assertThrows(InstanceLocks.Busy.class, () -> locks.lock("a", Duration.ofMillis(20))));
            other.join();
            hold.proceed();
        }
    }
}
