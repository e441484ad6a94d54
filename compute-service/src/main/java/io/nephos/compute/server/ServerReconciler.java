package io.nephos.compute.server;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.compute.action.Timeline;
import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Scheduler;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Makes a server what its row says: {@link ServerPlan} names the next step, one of the step classes takes it, until there is
 * nothing to do or something must be waited for.
 */
@ApplicationScoped
public class ServerReconciler implements Reconciler {
    private static final int MAX_STEPS = 60;
    private static final Duration HOST_PATIENCE = Duration.ofSeconds(45);
    private final ServerStore store;
    private final Timeline timeline;
    private final ClaimSteps claim;
    private final BuildSteps build;
    private final RunSteps run;
    private final ReleaseSteps release;
    private final HostDirectory hosts;
    private final Scheduler scheduler;

    @Inject
    public ServerReconciler(
            ServerStore store,
            Timeline timeline,
            ClaimSteps claim,
            BuildSteps build,
            RunSteps run,
            ReleaseSteps release,
            HostDirectory hosts,
            Scheduler scheduler) {
        this.store = store;
        this.timeline = timeline;
        this.claim = claim;
        this.build = build;
        this.run = run;
        this.release = release;
        this.hosts = hosts;
        this.scheduler = scheduler;
    }

    @Override
    public String kind() {
        return ServerStore.KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        for (int taken = 0; taken < MAX_STEPS; taken++) {
            Optional<Server> found = store.find(id);
            if (found.isEmpty()) {
                return Reconciler.done();
            }
            Server server = found.get();
            Step step = ServerPlan.next(server, Times.now());
            if (step == Step.REST) {
                return Reconciler.done();
            }
            Optional<Duration> wait = attempt(server, step);
            if (wait.isPresent()) {
                return Reconciler.again(wait.get());
            }
        }
        return Reconciler.again(Duration.ofSeconds(1));
    }

    private Optional<Duration> attempt(Server server, Step step) {
        OffsetDateTime startedAt = Times.now();
        try {
            return take(server, step);
        } catch (StatusRuntimeException e) {
            return failed(server, step, e, startedAt);
        }
    }

    /** Empty: go on with the next step. Else: look again after that time, or when woken. */
    private Optional<Duration> take(Server server, Step step) {
        return switch (step) {
            case CLAIM_HOST -> claim.claimHost(server);
            case ENSURE_PORTS -> build.ensurePorts(server);
            case BIND_PORTS -> build.bindPorts(server);
            case EXPORT_VOLUMES -> build.exportVolumes(server);
            case ENSURE_INSTANCE -> build.ensureInstance(server);
            case AWAIT_PORTS -> build.awaitPorts(server);
            case COMPLETE_VOLUMES -> build.completeVolumes(server);
            case FINISH_BUILD -> build.finish(server);
            case GIVE_UP -> build.giveUp(server);
            case REBOOT_INSTANCE -> run.reboot(server);
            case RETURN_VOLUMES -> run.returnVolumes(server);
            case RETURN_PORTS -> run.returnPorts(server);
            case REFRESH_PORTS -> run.refreshPorts(server);
            case FINISH_TRANSITION -> run.finish(server);
            case ABANDON_TRANSITION -> run.abandon(server);
            case REMOVE_INSTANCE -> release.removeInstance(server);
            case LEAVE_RESIDUE -> release.leaveResidue(server);
            case RELEASE_PORTS -> release.ports(server);
            case RELEASE_VOLUMES -> release.volumes(server);
            case RELEASE_HOST -> release.host(server);
            case START_OVER -> release.startOver(server);
            case SETTLE_FAILURE -> release.settle(server);
            case FORGET -> release.forget(server);
            case REST -> Optional.empty();
        };
    }

    private Optional<Duration> failed(Server planned, Step step, StatusRuntimeException e, OffsetDateTime startedAt) {
        String reason = reason(e);
        Verdict verdict = verdict(planned, step, e.getStatus().getCode());
        store.change(planned.row().id, (tx, server) -> {
            ServerRow row = server.row();
            timeline.event(
                    tx,
                    row.actionId,
                    row.attempts,
                    step.event(),
                    row.host,
                    startedAt,
                    verdict == Verdict.AGAIN_SOON ? Timeline.Result.UNFINISHED : Timeline.Result.ERROR,
                    reason);
            row.lastError = reason;
            if (row.phase == planned.row().phase) {
                switch (verdict) {
                    case NEXT_HOST -> server.hostFailed(reason, Times.now());
                    case NO_HOST_HELPS ->
                        server.fail("Build of instance " + row.id + " aborted: " + reason, Times.now());
                    case AGAIN, AGAIN_SOON -> {}
                }
            }
            return row;
        });
        if (verdict == Verdict.NEXT_HOST) {
            scheduler.reportBuild(planned.row().host, false);
        }
        return switch (verdict) {
            case NEXT_HOST, NO_HOST_HELPS -> Optional.empty();
            case AGAIN_SOON -> Optional.of(Duration.ofMillis(100));
            case AGAIN -> throw e; // the runner waits longer each time
        };
    }

    private enum Verdict {
        AGAIN_SOON,
        AGAIN,
        NEXT_HOST,
        NO_HOST_HELPS
    }

    private Verdict verdict(Server server, Step step, Status.Code code) {
        ServerRow row = server.row();
        boolean onAgent = step == Step.ENSURE_INSTANCE;
        boolean transientFailure = code == Status.Code.UNAVAILABLE
                || code == Status.Code.DEADLINE_EXCEEDED
                || code == Status.Code.CANCELLED
                || code == Status.Code.ABORTED;
        if (code == Status.Code.CANCELLED || (onAgent && code == Status.Code.DEADLINE_EXCEEDED)) {
            return Verdict.AGAIN_SOON;
        }
        if (row.phase != Phase.BUILD) {
            return Verdict.AGAIN;
        }
        if (transientFailure) {
            boolean tired =
                    Times.now().isAfter(row.deadlineAt.minus(Server.BUILD_TIME).plus(HOST_PATIENCE));
            return onAgent && (tired || !hosts.isUp(row.host)) ? Verdict.NEXT_HOST : Verdict.AGAIN;
        }
        return onAgent || step == Step.BIND_PORTS ? Verdict.NEXT_HOST : Verdict.NO_HOST_HELPS;
    }

    private static String reason(StatusRuntimeException e) {
        String said = e.getStatus().getDescription();
        return said == null || said.isEmpty() ? e.getStatus().getCode().toString() : said;
    }
}
