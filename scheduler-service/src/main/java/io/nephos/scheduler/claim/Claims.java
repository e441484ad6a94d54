package io.nephos.scheduler.claim;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.nephos.kit.data.Database;
import io.nephos.scheduler.allocation.AllocationStore;
import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostScheduler.Ranked;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.host.HostReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Claims, planned in memory and committed to the books. Who comes while others commit waits and is committed together with
 * all others that came meanwhile: the more ask, the larger the batches.
 */
@ApplicationScoped
public class Claims {
    private static final int BATCH = 1000;

    private final Database database;
    private final AllocationStore allocations;
    private final Ledger ledger;
    private final HostSnapshot snapshot;
    private final HostScheduler scheduler;
    private final Applier applier;
    private final ConcurrentLinkedQueue<Unit> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock planning = new ReentrantLock(true);
    private final Timer batches;
    private final DistributionSummary sizes;

    @Inject
    Claims(
            Database database,
            AllocationStore allocations,
            Ledger ledger,
            HostReader reader,
            SchedulerConfig config,
            MeterRegistry metrics) {
        this.database = database;
        this.allocations = allocations;
        this.ledger = ledger;
        this.snapshot = new HostSnapshot(database, reader, config.weights());
        this.scheduler = new HostScheduler(config.filters());
        this.applier = new Applier(snapshot, scheduler, ledger, config.staleness());
        this.batches = metrics.timer("nephos.scheduler.batch");
        this.sizes = metrics.summary("nephos.scheduler.batch.size");
    }

    /** @param explanation why the others have no place; empty when all have */
    record Outcome(List<Ask> placed, Optional<Explanation> explanation) {}

    /** At least {@code least} of the asks are placed, or none. */
    Outcome claim(List<Ask> asks, int least) {
        Unit unit = new Unit(asks, least);
        waiting.add(unit);
        drain(unit::open);
        if (!waiting.isEmpty()) {
            // This one is served; what came meanwhile does not wait for the next to come.
            Thread.startVirtualThread(() -> drain(() -> true));
        }
        try {
            Optional<Explanation> explanation = unit.outcome().join();
            return new Outcome(
                    asks.stream().filter(ask -> ask.placed().isPresent()).toList(), explanation);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** Serves all who wait, unless somebody else is doing that: he looks once more before he leaves. */
    private void drain(BooleanSupplier wanted) {
        while (wanted.getAsBoolean() && !waiting.isEmpty() && enter()) {
            try {
                List<Unit> batch = batch();
                long began = System.nanoTime();
                applier.apply(batch);
                batches.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                sizes.record(batch.size());
            } finally {
                planning.unlock();
            }
        }
    }

    /** Not before those who have been waiting to look. */
    private boolean enter() {
        if (planning.hasQueuedThreads()) {
            planning.lock();
            return true;
        }
        return planning.tryLock();
    }

    private List<Unit> batch() {
        List<Unit> batch = new ArrayList<>();
        int asks = 0;
        while (asks < BATCH) {
            Unit next = waiting.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            asks += next.asks().size();
        }
        return batch;
    }

    /** Gives back all that the consumer holds, also where it moves from or to; false when it held nothing. */
    public boolean release(String consumerId) {
        return database.write(tx -> {
            boolean released = allocations.release(tx, consumerId);
            for (String migration : tx.listNative(
                    String.class,
                    "select id from consumer where moves_consumer = :id order by id",
                    Map.of("id", consumerId))) {
                released |= allocations.release(tx, migration);
            }
            return released;
        });
    }

    /** What is where, as it was committed before this call. */
    <T> T look(Function<HostTable, T> work) {
        planning.lock();
        try {
            snapshot.follow();
            return work.apply(snapshot.table());
        } catch (RuntimeException e) {
            snapshot.forget();
            throw e;
        } finally {
            planning.unlock();
            if (!waiting.isEmpty()) {
                Thread.startVirtualThread(() -> drain(() -> true));
            }
        }
    }

    record DryRun(List<Ranked> candidates, Explanation explanation) {}

    /** Where a claim would go, best first, and what each filter loses; nothing is taken. */
    DryRun dryRun(ClaimRequests.Dry dry) {
        Request complete = dry.request().inGroup(dry.request().serverGroup().map(this::known));
        return look(
                table -> new DryRun(scheduler.rank(table, complete, dry.limit()), scheduler.explain(table, complete)));
    }

    private ServerGroup known(ServerGroup group) {
        return group.knowing(ledger.members(List.of(group.id()), Set.of()).getOrDefault(group.id(), Map.of()));
    }

    /** The host of that name, as it was committed before this call. */
    Optional<Host> host(String name) {
        return look(table -> table.named(name));
    }
}
