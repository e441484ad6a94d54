package io.nephos.kit.background;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes work out of its rest: rung while the work is being done, it is done once more at once. Not by {@code Object.wait}: JDK 25
 * before 25.0.4 can lose a virtual thread that waits so for a time, is notified, and waits again, and with it all others that
 * a monitor holds up (JDK-8373120).
 */
public final class Bell {
    private final Semaphore rung = new Semaphore(0);

    public void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /** Until it is rung, or was since the last rest. */
    public void rest(Duration atMost) throws InterruptedException {
        if (rung.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            rung.drainPermits();
        }
    }
}
