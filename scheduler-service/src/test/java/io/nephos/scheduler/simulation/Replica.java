package io.nephos.scheduler.simulation;

import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Weights;
import java.util.Optional;

/** One scheduler: plans on what it last read, commits against the books, and reads on when it loses or finds nothing. */
final class Replica {
    private final Books books;
    private final HostScheduler scheduler;
    private final HostTable table;
    private int read;
    private long lost;

    Replica(Books books, HostScheduler scheduler, Weights weights) {
        this.books = books;
        this.scheduler = scheduler;
        this.table = HostTable.of(weights, books.hosts().values());
        this.read = books.position();
    }

    HostTable table() {
        return table;
    }

    long lost() {
        return lost;
    }

    void follow() {
        for (String id : books.since(read)) {
            Host now = books.host(id);
            if (!table.find(id).map(now::equals).orElse(false)) {
                table.put(now);
            }
        }
        read = books.position();
    }

    /** A plan that may be stale. */
    Decision plan(Request request) {
        return scheduler.schedule(table, inGroup(request));
    }

    /** The host that the request got, or empty: then there was none when the books were read last. */
    Optional<Host> place(Request request, boolean moves) {
        boolean fresh = false;
        while (true) {
            Request known = inGroup(request);
            switch (scheduler.schedule(table, known)) {
                case Decision.Plan plan -> {
                    if (books.take(known, plan, moves)) {
                        table.put(books.host(plan.host().id()));
                        return Optional.of(plan.host());
                    }
                    lost++;
                }
                case Decision.Explanation explanation -> {
                    if (fresh) {
                        return Optional.empty();
                    }
                }
            }
            follow();
            fresh = true;
        }
    }

    private Request inGroup(Request request) {
        return request.inGroup(
                request.serverGroup().map(group -> group.knowing(books.members(group.id(), request.consumerId()))));
    }
}
