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
    private final StepRecorder recorder;
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
            StepRecorder recorder,
            ClaimSteps claim,
            BuildSteps build,
            RunSteps run,
            ReleaseSteps release,
            HostDirectory hosts,
            Scheduler scheduler) {
        this.store = store;
        this.timeline = timeline;
        this.recorder = recorder;
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
        Optional<Server> known = store.find(id);
        for (int taken = 0; taken < MAX_STEPS && known.isPresent(); taken++) {
            Server server = known.get();
            Step step = ServerPlan.next(server, Times.now());
            if (step == Step.REST) {
                return Reconciler.done();
            }
            switch (attempt(server, step)) {
                case Next.Go go -> known = Optional.of(go.server());
                case Next.Look look -> known = store.find(id);
                case Next.Wait wait -> {
                    return Reconciler.again(wait.time());
                }
            }
        }
        return known.isEmpty() ? Reconciler.done() : Reconciler.again(Duration.ofSeconds(1));
    }

    private Next attempt(Server server, Step step) {
        OffsetDateTime startedAt = Times.now();
        try {
            return take(server, step);
        } catch (StatusRuntimeException e) {
            return failed(server, step, e, startedAt);
        }
    }

    private Next take(Server server, Step step) {
        return switch (step) {
            case CLAIM_HOST -> claim.claimHost(server);
            case ENSURE_PORTS -> build.ensurePorts(server);
            case BIND_PORTS -> build.bindPorts(server);
            case EXPORT_VOLUMES -> build.exportVolumes(server);
            case ENSURE_INSTANCE -> build.ensureInstance(server);
            case AWAIT_PORTS -> build.awaitPorts(server);
            case COMPLETE_VOLUMES -> build.completeVolumes(server);
            case GIVE_UP -> build.giveUp(server);
            case REBOOT_INSTANCE -> run.reboot(server);
            case RETURN_VOLUMES -> run.returnVolumes(server);
            case RETURN_PORTS -> run.returnPorts(server);
            case REFRESH_PORTS -> run.refreshPorts(server);
            case ABANDON_TRANSITION -> run.abandon(server);
            case REMOVE_INSTANCE -> release.removeInstance(server);
            case LEAVE_RESIDUE -> release.leaveResidue(server);
            case RELEASE_PORTS -> release.ports(server);
            case RELEASE_VOLUMES -> release.volumes(server);
            case RELEASE_HOST -> release.host(server);
            case START_OVER -> release.startOver(server);
            case FINISH_BUILD, FINISH_TRANSITION, SETTLE_FAILURE, FORGET -> recorder.conclude(server);
            case REST -> Next.look();
        };
    }

    private Next failed(Server planned, Step step, StatusRuntimeException e, OffsetDateTime startedAt) {
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
            case NEXT_HOST, NO_HOST_HELPS -> Next.look();
            case AGAIN_SOON -> Next.after(Duration.ofMillis(100));
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
