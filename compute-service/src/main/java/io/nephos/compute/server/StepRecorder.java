package io.nephos.compute.server;

import io.nephos.compute.action.Timeline;
import io.nephos.compute.api.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Writes what a step came to, with its line in the timeline, unless the server is meant for something else by now. */
@ApplicationScoped
public class StepRecorder {
    private final ServerStore store;
    private final Timeline timeline;
    private final Database db;

    @Inject
    public StepRecorder(ServerStore store, Timeline timeline, Database db) {
        this.db = db;
        this.store = store;
        this.timeline = timeline;
    }

    /** The step is done: {@code result} is applied, and the reconciler goes on. */
    Next done(Server planned, Step step, OffsetDateTime startedAt, BiConsumer<Transaction, Server> result) {
        return record(planned, step, startedAt, Timeline.Result.SUCCESS, "", result);
    }

    /** The step goes on: {@code result} is applied, and the reconciler looks again after that time. */
    Next wait(
            Server planned,
            Step step,
            OffsetDateTime startedAt,
            String details,
            Duration time,
            BiConsumer<Transaction, Server> result) {
        record(planned, step, startedAt, Timeline.Result.UNFINISHED, details, result);
        return Next.after(time);
    }

    /** The step failed for good and what follows from it is in {@code result}; the reconciler goes on. */
    Next failed(
            Server planned,
            Step step,
            OffsetDateTime startedAt,
            String details,
            BiConsumer<Transaction, Server> result) {
        return record(planned, step, startedAt, Timeline.Result.ERROR, details, result);
    }

    /** What was seen, without a line in the timeline. */
    Next quietly(Server planned, BiConsumer<Transaction, Server> result) {
        store.change(planned.row().id, (tx, server) -> {
            if (server.row().phase == planned.row().phase) {
                result.accept(tx, server);
            }
            return true;
        });
        return Next.look();
    }

    /** Takes the steps that come next and need nobody else. */
    Next conclude(Server planned) {
        return store.<Next>change(planned.row().id, (tx, server) -> {
                    conclude(tx, server);
                    return new Next.Go(server);
                })
                .orElseGet(Next::look);
    }

    /** What a step came to for one of several servers. */
    record Result(Timeline.Result outcome, String details) {}

    /**
     * One step of several servers in one transaction: {@code result} is applied to each that is still meant for it, which
     * are returned, and each is looked at again.
     */
    List<String> together(List<Server> planned, Step step, OffsetDateTime startedAt, Function<Server, Result> result) {
        List<String> ids =
                planned.stream().map(server -> server.row().id).sorted().toList();
        return db.write(tx -> {
            List<String> applied = new ArrayList<>();
            for (String id : ids) {
                store.change(tx, id, (same, server) -> {
                    ServerRow row = server.row();
                    if (row.phase == Phase.BUILD && row.host.isEmpty()) {
                        Result came = result.apply(server);
                        timeline.event(
                                tx,
                                row.actionId,
                                row.attempts,
                                step.event(),
                                row.host,
                                startedAt,
                                came.outcome(),
                                came.details());
                        applied.add(id);
                        store.wake(tx, id);
                    }
                    return id;
                });
            }
            return applied;
        });
    }

    private Next record(
            Server planned,
            Step step,
            OffsetDateTime startedAt,
            Timeline.Result outcome,
            String details,
            BiConsumer<Transaction, Server> result) {
        return store.<Next>change(planned.row().id, (tx, server) -> {
                    ServerRow row = server.row();
                    timeline.event(
                            tx,
                            row.actionId,
                            row.attempts,
                            step.event(),
                            row.host.isEmpty() ? planned.row().host : row.host,
                            startedAt,
                            outcome,
                            details);
                    if (row.phase == planned.row().phase) {
                        result.accept(tx, server);
                    }
                    conclude(tx, server);
                    return new Next.Go(server);
                })
                .orElseGet(Next::look);
    }

    /** A step that only writes the row follows in the transaction of the one before it. */
    private void conclude(Transaction tx, Server server) {
        ServerRow row = server.row();
        OffsetDateTime now = Times.now();
        Step step = ServerPlan.next(server, now);
        String host = row.host;
        if (step == Step.FINISH_BUILD) {
            server.built(now);
        } else if (step == Step.FINISH_TRANSITION) {
            server.settle(now);
        } else if (step == Step.SETTLE_FAILURE) {
            server.failureSettled(now);
        } else if (step == Step.FORGET) {
            store.forget(tx, row);
        } else {
            return;
        }
        timeline.event(tx, row.actionId, row.attempts, step.event(), host, now, Timeline.Result.SUCCESS, "");
    }
}
