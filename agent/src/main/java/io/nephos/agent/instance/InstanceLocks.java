package io.nephos.agent.instance;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** One call at a time on one instance; a removal makes a call in progress give way at its next step. */
final class InstanceLocks {
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();

    /** The instance could not be had, or must be given up. Trying again is right. */
    static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy(String message) {
            super(message);
        }
    }

    /** Held until closed. */
    interface Hold extends AutoCloseable {
        /** Throws {@link Busy} when the instance is about to be removed. */
        void proceed();

        @Override
        void close();
    }

    private static final class Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private final AtomicInteger removals = new AtomicInteger();
    }

    Hold lock(String id, Duration patience) {
        Gate gate = gates.computeIfAbsent(id, key -> new Gate());
        acquire(id, gate, patience);
        return new Hold() {
            @Override
            public void proceed() {
                if (gate.removals.get() > 0) {
                    throw new Busy("instance " + id + " is being removed");
                }
            }

            @Override
            public void close() {
                gate.lock.unlock();
            }
        };
    }

    Hold lockForRemoval(String id, Duration patience) {
        Gate gate = gates.computeIfAbsent(id, key -> new Gate());
        gate.removals.incrementAndGet();
        try {
            acquire(id, gate, patience);
        } catch (Busy e) {
            gate.removals.decrementAndGet();
            throw e;
        }
        return new Hold() {
            @Override
            public void proceed() {}

            @Override
            public void close() {
                gate.removals.decrementAndGet();
                gate.lock.unlock();
            }
        };
    }

    /** Whether a call is at work on the instance just now. */
    boolean busy(String id) {
        Gate gate = gates.get(id);
        return gate != null && gate.lock.isLocked();
    }

    private static void acquire(String id, Gate gate, Duration patience) {
        try {
            if (!gate.lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new Busy("another call is at work on instance " + id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy("interrupted");
        }
    }
}
