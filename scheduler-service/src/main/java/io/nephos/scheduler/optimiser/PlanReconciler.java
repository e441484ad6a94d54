package io.nephos.scheduler.optimiser;

import io.nephos.kit.reconcile.Reconciler;
import io.nephos.scheduler.optimiser.Optimiser.Task;
import io.nephos.scheduler.optimiser.PlanRow.State;
import io.nephos.scheduler.optimiser.solver.CpSatSolver;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Makes the plans that are asked for, one at a time. A replica that dies over one leaves nothing behind: another makes it anew
 * from what the books say then.
 */
@ApplicationScoped
class PlanReconciler implements Reconciler {
    static final String KIND = "optimizer-plan";
    private static final Logger LOG = Logger.getLogger(PlanReconciler.class);

    private final PlanStore plans;
    private final WorldStore worlds;
    private final Optimiser optimiser;
    // Solving computes and never waits: it would hold the carrier of a virtual thread, which others need.
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("optimiser").factory());

    @Inject
    PlanReconciler(
            PlanStore plans,
            WorldStore worlds,
            @ConfigProperty(name = "nephos.scheduler.optimiser.workers", defaultValue = "2") int workers) {
        this.plans = plans;
        this.worlds = worlds;
        this.optimiser = new Optimiser(new CpSatSolver(workers), System::nanoTime);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<PlanRow> asked = plans.find(id).filter(row -> row.state.equals(State.PENDING.name()));
        if (asked.isPresent()) {
            make(asked.get());
        }
        return Reconciler.done();
    }

    private void make(PlanRow row) {
        World world = worlds.current();
        Optional<String> host = Optional.ofNullable(row.hostId);
        if (host.isPresent() && world.hosts().stream().noneMatch(one -> one.id().equals(host.get()))) {
            plans.failed(row.id, "Host " + host.get() + " is not there any more.");
            return;
        }
        Task task = new Task(
                Goal.of(row.goal).orElseThrow(), host, row.maxMigrations, Duration.ofSeconds(row.timeLimitSeconds));
        try {
            plans.made(row.id, thread.submit(() -> optimiser.plan(world, task)).get());
        } catch (ExecutionException e) {
            LOG.errorf(e.getCause(), "Optimizer plan %s cannot be made", row.id);
            plans.failed(row.id, "The solver failed: " + e.getCause());
        } catch (InterruptedException e) {
            // The service ends; the lease runs out and another replica goes on.
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The service ends", e);
        }
    }
}
