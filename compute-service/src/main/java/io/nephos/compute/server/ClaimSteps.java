package io.nephos.compute.server;

import io.nephos.compute.action.Timeline;
import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The step that finds a host: for one server, or for all of a request at once. */
@ApplicationScoped
public class ClaimSteps {
    private static final Duration UNTIL_WOKEN = Duration.ofSeconds(5);
    private final StepRecorder recorder;
    private final ServerStore store;
    private final Placement placement;
    private final HostDirectory hosts;
    private final Scheduler scheduler;

    @Inject
    public ClaimSteps(
            StepRecorder recorder, ServerStore store, Placement placement, HostDirectory hosts, Scheduler scheduler) {
        this.recorder = recorder;
        this.store = store;
        this.placement = placement;
        this.hosts = hosts;
        this.scheduler = scheduler;
    }

    /** A server of a request for several goes with the others the first time, and its own way when that host fails. */
    Next claimHost(Server server) {
        return server.row().batchMin > 0 && server.row().attempts == 0 ? claimTogether(server) : claimAlone(server);
    }

    private Next claimAlone(Server server) {
        OffsetDateTime startedAt = Times.now();
        return switch (placement.claim(server)) {
            case Placement.Answer.Placed placed -> {
                String zone = hosts.zone(placed.host());
                yield recorder.done(server, Step.CLAIM_HOST, startedAt, (tx, now) -> placed(now, placed, zone));
            }
            case Placement.Answer.NoHost none ->
                recorder.failed(
                        server,
                        Step.CLAIM_HOST,
                        startedAt,
                        none.message(),
                        (tx, now) -> now.fail(none.message(), none.details(), Times.now()));
        };
    }

    /** The first that waits asks for all and writes what all of them get in one transaction; the others wait for it. */
    private Next claimTogether(Server server) {
        ServerRow row = server.row();
        if (!store.firstUnplaced(row.reservationId).equals(Optional.of(row.id))) {
            return Next.after(UNTIL_WOKEN);
        }
        OffsetDateTime startedAt = Times.now();
        List<Server> waiting = store.unplaced(row.reservationId);
        if (waiting.isEmpty()) {
            return Next.look();
        }
        Map<String, Placement.Answer> answers = placement.claim(waiting, Math.min(row.batchMin, waiting.size()));
        Map<String, String> zones = new HashMap<>();
        answers.values().forEach(answer -> {
            if (answer instanceof Placement.Answer.Placed placed) {
                zones.computeIfAbsent(placed.host(), hosts::zone);
            }
        });
        List<String> taken = recorder.together(waiting, Step.CLAIM_HOST, startedAt, now -> {
            Placement.Answer answer = answers.get(now.row().id);
            return switch (answer) {
                case Placement.Answer.Placed placed -> {
                    placed(now, placed, zones.getOrDefault(placed.host(), "nova"));
                    yield new StepRecorder.Result(Timeline.Result.SUCCESS, "");
                }
                case Placement.Answer.NoHost none -> {
                    now.fail(none.message(), none.details(), Times.now());
                    yield new StepRecorder.Result(Timeline.Result.ERROR, none.message());
                }
                case null -> new StepRecorder.Result(Timeline.Result.UNFINISHED, "");
            };
        });
        giveBack(answers, taken);
        return Next.look();
    }

    /** What was taken for a server that was deleted meanwhile; after a crash here the scheduler's sweeper finds it. */
    private void giveBack(Map<String, Placement.Answer> answers, List<String> taken) {
        answers.forEach((id, answer) -> {
            if (answer instanceof Placement.Answer.Placed && !taken.contains(id)) {
                scheduler.release(id);
            }
        });
    }

    private static void placed(Server server, Placement.Answer.Placed placed, String zone) {
        server.claimed(placed.host(), placed.hostId(), placed.agentAddress(), Times.now());
        server.row().zone = zone;
        server.row().cells = placed.cells();
    }
}
