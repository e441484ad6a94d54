package io.nephos.scheduler.simulation;

import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.simulation.Books.Planned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One scheduler: plans on what it last read, commits against the books, and reads on when it loses or finds nothing. */
final class Replica {
    private final Books books;
    private final HostScheduler scheduler;
    private final Refused refused;
    private final HostTable table;
    private int read;
    private long lost;

    /** Is shown each refusal, with the hosts as they were for it. */
    interface Refused {
        void look(HostTable table, Request request);
    }

    Replica(Books books, HostScheduler scheduler, Weights weights, Refused refused) {
        this.books = books;
        this.scheduler = scheduler;
        this.refused = refused;
        this.table = HostTable.of(weights, books.hosts().values());
        this.read = books.position();
    }

    HostTable table() {
        return table;
    }

    /** How many plans had to be made again because somebody else was faster. */
    long lost() {
        return lost;
    }

    void follow() {
        for (String id : books.since(read)) {
            Optional<Host> now = books.find(id);
            if (now.isEmpty()) {
                table.remove(id);
            } else if (!table.find(id).equals(now)) {
                table.put(now.get());
            }
        }
        read = books.position();
    }

    /** All of them or none. Empty: there was no place for one of them when the books were read last. */
    List<Planned> place(List<Request> requests, boolean moves) {
        boolean fresh = false;
        while (true) {
            List<Planned> planned = new ArrayList<>();
            Optional<Request> nowhere = plan(requests, planned);
            if (nowhere.isEmpty() && books.take(planned, moves)) {
                planned.forEach(one -> table.put(books.host(one.plan().host().id())));
                return planned;
            }
            lost += nowhere.isEmpty() ? 1 : 0;
            if (nowhere.isPresent() && fresh) {
                refused.look(table, nowhere.get());
            }
            planned.reversed().forEach(one -> table.put(one.plan().host()));
            if (nowhere.isPresent() && fresh) {
                return List.of();
            }
            follow();
            fresh = true;
        }
    }

    /** Each on what the ones before it left. The one that found no place. */
    private Optional<Request> plan(List<Request> requests, List<Planned> planned) {
        Map<String, ServerGroup> groups = new HashMap<>();
        for (Request request : requests) {
            Request known = request.inGroup(request.serverGroup()
                    .map(group -> groups.computeIfAbsent(
                            group.id(),
                            id -> books.grouped(request).serverGroup().orElseThrow())));
            Optional<Decision.Plan> plan = scheduler.place(table, known);
            if (plan.isEmpty()) {
                return Optional.of(known);
            }
            table.put(plan.get().taken(known));
            planned.add(new Planned(known, plan.get()));
            known.serverGroup()
                    .ifPresent(group -> groups.put(
                            group.id(), group.joinedOn(plan.get().host().name())));
        }
        return Optional.empty();
    }
}
