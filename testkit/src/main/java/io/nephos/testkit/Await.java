package io.nephos.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** For what comes true by itself, a little later. */
public final class Await {
    private static final Duration USUAL = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Await() {}

    /** AssertionError when it has not come true in 30 s. */
    public static void until(BooleanSupplier condition) {
        until(USUAL, condition);
    }

    /** AssertionError when it has not come true in that time. */
    public static void until(Duration atMost, BooleanSupplier condition) {
        if (!comesTrue(atMost, condition)) {
            throw new AssertionError("The condition did not come true in " + atMost.toSeconds() + " s");
        }
    }

    /** Returns when it has come true, or that time is over: false then. For tests that have more to say of it themselves. */
    public static boolean comesTrue(Duration atMost, BooleanSupplier condition) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return true;
    }
}
