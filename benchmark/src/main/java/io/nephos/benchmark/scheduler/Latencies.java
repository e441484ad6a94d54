package io.nephos.benchmark.scheduler;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Times of calls, each counted for a number of placements. */
final class Latencies {
    private final AtomicLongArray nanos = new AtomicLongArray(2_000_000);
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong placed = new AtomicLong();

    void add(long duration, int placements) {
        nanos.set((int) (calls.getAndIncrement() % nanos.length()), duration);
        placed.addAndGet(placements);
    }

    long placed() {
        return placed.get();
    }

    /** "1.2/8.0 ms": the median and the 99th percentile. */
    String percentiles() {
        int count = (int) Math.min(calls.get(), nanos.length());
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = nanos.get(i);
        }
        Arrays.sort(sorted);
        return count == 0
                ? "nothing"
                : "%.1f/%.1f ms".formatted(sorted[count / 2] / 1e6, sorted[(int) (count * 0.99)] / 1e6);
    }
}
