package io.nephos.kit.reconcile;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Bell;
import io.nephos.kit.background.Rhythm;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.WakeListener;
import io.nephos.kit.fault.FaultException;
import io.nephos.rpc.RpcServer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Takes due tasks under a lease and hands them to their {@link Reconciler}. The lease lasts 15 s and is renewed while the
 * work goes on; a replica that died loses it, one that restarts takes its own back at once.
 */
@ApplicationScoped
public class ReconcileRunner implements WakeListener {
    private static final Logger LOG = Logger.getLogger(ReconcileRunner.class);
    private static final int CONCURRENT = 24;
    /** How long what another replica left, by a crash or for later, waits at most to be seen here; what is ours rings the bell. */
    private static final Duration LEASE_RENEWAL = Duration.ofSeconds(5);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(15);

    private final Map<String, Reconciler> reconcilers = new HashMap<>();
    private final Database database;
    private final Replica replica;
    private final MeterRegistry metrics;
    private final Semaphore free = new Semaphore(CONCURRENT);
    private final Set<Task> running = ConcurrentHashMap.newKeySet();
    private final Bell bell = new Bell();
    private volatile boolean stopping;

    @Inject
    public ReconcileRunner(
            @Any Instance<Reconciler> reconcilers, Database database, Replica replica, MeterRegistry metrics) {
        reconcilers.forEach(reconciler -> this.reconcilers.put(reconciler.kind(), reconciler));
        this.database = database;
        this.replica = replica;
        this.metrics = metrics;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 5) StartupEvent event, Background background) {
        if (!reconcilers.isEmpty()) {
            Thread.ofVirtual().name("reconcile").start(this::loop);
            background.repeat("reconcile-leases", Rhythm.every(LEASE_RENEWAL), this::renew);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        woken();
    }

    /** Look now. */
    @Override
    public void woken() {
        bell.ring();
    }

    private void loop() {
        boolean leasesTakenBack = false;
        while (!stopping) {
            try {
                if (!leasesTakenBack) {
                    database.execute(
                            "update reconcile_task set lease_owner = null, lease_until = null where lease_owner = $1",
                            replica.name());
                    leasesTakenBack = true;
                }
                if (takeDue()) {
                    continue;
                }
            } catch (FaultException e) {
                LOG.debugf("Reconciling waits: %s", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("Due tasks cannot be taken", e);
            }
            pause();
        }
    }

    private void pause() {
        try {
            bell.rest(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    private boolean takeDue() {
        int slots = free.availablePermits();
        if (slots == 0) {
            return false;
        }
        List<Row> rows = database.rows(
                "update reconcile_task set lease_owner = $1, lease_until = now() + interval '15 seconds'"
                        + " where (kind, id) in (select kind, id from reconcile_task where due_at <= now()"
                        + " and (lease_until is null or lease_until < now()) and kind = any($2)"
                        + " order by due_at limit $3 for update skip locked) returning kind, id, wakes, attempts",
                replica.name(),
                reconcilers.keySet().toArray(String[]::new),
                slots);
        for (Row row : rows) {
            Task task = new Task(
                    row.getString("kind"), row.getString("id"), row.getLong("wakes"), row.getInteger("attempts"));
            free.acquireUninterruptibly();
            running.add(task);
            Thread.ofVirtual()
                    .name("reconcile-" + task.kind() + "-" + task.id())
                    .start(() -> work(task));
        }
        return !rows.isEmpty();
    }

    private void work(Task task) {
        MDC.put(RpcServer.REQUEST_ID_MDC, task.kind() + ":" + task.id());
        try {
            Reconciler reconciler = reconcilers.get(task.kind());
            if (reconciler != null) {
                settle(task, reconciler.reconcile(task.id()));
            }
        } catch (RuntimeException e) {
            retry(task, e);
        } finally {
            running.remove(task);
            free.release();
            MDC.remove(RpcServer.REQUEST_ID_MDC);
            woken();
        }
    }

    private void settle(Task task, Reconciler.Outcome outcome) {
        metrics.counter("nephos.reconcile", "kind", task.kind(), "outcome", "ok")
                .increment();
        switch (outcome) {
            case Reconciler.Outcome.Done done -> {
                int forgotten = database.execute(
                        "delete from reconcile_task where kind = $1 and id = $2 and wakes = $3",
                        task.kind(),
                        task.id(),
                        task.wakes());
                if (forgotten == 0) {
                    giveBack(task, Duration.ZERO, 0, "");
                }
            }
            case Reconciler.Outcome.Again again -> giveBack(task, again.after(), 0, "");
        }
    }

    private void retry(Task task, RuntimeException e) {
        metrics.counter("nephos.reconcile", "kind", task.kind(), "outcome", "failed")
                .increment();
        if (e instanceof FaultException || e instanceof StatusRuntimeException) {
            LOG.warnf("%s %s is tried again: %s", task.kind(), task.id(), e.getMessage());
        } else {
            LOG.errorf(e, "%s %s is tried again", task.kind(), task.id());
        }
        long millis = Math.min(MAX_BACKOFF.toMillis(), 250L << Math.min(task.attempts(), 10));
        try {
            giveBack(task, Duration.ofMillis(millis), task.attempts() + 1, String.valueOf(e.getMessage()));
        } catch (RuntimeException databaseAway) {
            LOG.debugf("The lease on %s %s runs out by itself", task.kind(), task.id());
        }
    }

    private void giveBack(Task task, Duration after, int attempts, String error) {
        database.execute(
                "update reconcile_task set lease_owner = null, lease_until = null, attempts = $4, last_error = $5,"
                        + " due_at = case when wakes = $6 then now() + $3 * interval '1 millisecond' else now() end"
                        + " where kind = $1 and id = $2",
                task.kind(),
                task.id(),
                after.toMillis(),
                attempts,
                error,
                task.wakes());
        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
                .execute(this::woken);
    }

    private void renew() {
        for (Task task : running) {
            database.execute(
                    "update reconcile_task set lease_until = now() + interval '15 seconds'"
                            + " where kind = $1 and id = $2 and lease_owner = $3",
                    task.kind(),
                    task.id(),
                    replica.name());
        }
    }

    private record Task(String kind, String id, long wakes, int attempts) {}
}
