package io.nephos.image.data;

import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How many bodies are taken at once, for each needs memory: {@code nephos.image.transfers-at-once} (120), and two thirds of
 * them for one project, so that none keeps all others out. One more waits for its turn, unread.
 */
@ApplicationScoped
class TransferSlots {
    private final int most;
    private final int mostOfOne;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    @Inject
    TransferSlots(
            @ConfigProperty(name = "nephos.image.transfers-at-once", defaultValue = "120") int most,
            @ConfigProperty(name = "nephos.image.transfers-patience", defaultValue = "10S") Duration patience) {
        this.most = most;
        this.mostOfOne = Math.max(1, most * 2 / 3);
        this.patience = patience;
    }

    /** What is done while it has its slot. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** 503 when no turn comes in time. */
    <T> T within(String project, Work<T> work) throws IOException {
        take(project);
        try {
            return work.run();
        } finally {
            free(project);
        }
    }

    private void take(String project) {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (all >= most || taken.getOrDefault(project, 0) >= mostOfOne) {
                if (left <= 0) {
                    throw Fault.unavailable("Too many images are being received at once.");
                }
                left = freed.awaitNanos(left);
            }
            all++;
            taken.merge(project, 1, Integer::sum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The service is ending.");
        } finally {
            lock.unlock();
        }
    }

    private void free(String project) {
        lock.lock();
        try {
            all--;
            int left = taken.getOrDefault(project, 1) - 1;
            if (left == 0) {
                taken.remove(project);
            } else {
                taken.put(project, left);
            }
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
