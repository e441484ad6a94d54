package io.nephos.agent.host;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What this host is busy with now, for the scheduler's IoOpsWeigher: instances that are being built. */
@ApplicationScoped
public class Workload {
    private final AtomicInteger underWay = new AtomicInteger();

    public <T> T during(Supplier<T> work) {
        underWay.incrementAndGet();
        try {
            return work.get();
        } finally {
            underWay.decrementAndGet();
        }
    }

    int underWay() {
        return underWay.get();
    }
}
