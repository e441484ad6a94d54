package io.nephos.scheduler.simulation;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What PostgreSQL is to the scheduler: the truth about hosts and consumers, changed only by who knows the newest generation,
 * with a log of which hosts changed. It also remembers each placed request, to hold the scheduler to it.
 */
final class Books {
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, Placed> consumers = new HashMap<>();
    private final Map<String, Set<String>> groups = new HashMap<>();
    private final List<String> log = new ArrayList<>();

    /** A host, and where in it the guest's NUMA nodes lie. */
    record Held(String host, List<CellShare> cells) {}

    /** @param from where it also still is while it moves */
    record Placed(Request request, Held at, Optional<Held> from) {
        String host() {
            return at.host();
        }

        List<Held> places() {
            return from.map(old -> List.of(at, old)).orElseGet(() -> List.of(at));
        }
    }

    Host host(String id) {
        Host host = hosts.get(id);
        if (host == null) {
            throw new AssertionError("no host " + id);
        }
        return host;
    }

    Map<String, Host> hosts() {
        return hosts;
    }

    Map<String, Placed> consumers() {
        return consumers;
    }

    int position() {
        return log.size();
    }

    List<String> since(int position) {
        return log.subList(position, log.size());
    }

    /** The agent reports, or the host goes up or down. */
    void write(Host host) {
        hosts.put(host.id(), host);
        log.add(host.id());
    }

    /** False when the host is not at that generation any more, or the group has members that the plan did not know. */
    boolean take(Request request, Decision.Plan plan, boolean moves) {
        Host planned = plan.host();
        Host now = host(planned.id());
        Placed before = consumers.get(request.consumerId());
        if (now.generation() != planned.generation() || moves == (before == null) || !groupKnown(request)) {
            return false;
        }
        write(now.taking(request.resources(), plan.cells()).at(now.generation() + 1));
        consumers.put(
                request.consumerId(),
                new Placed(
                        request,
                        new Held(planned.id(), plan.cells()),
                        Optional.ofNullable(before).map(Placed::at)));
        request.serverGroup()
                .ifPresent(group -> groups.computeIfAbsent(group.id(), id -> new HashSet<>())
                        .add(request.consumerId()));
        return true;
    }

    void confirm(String consumer) {
        Placed placed = consumers.get(consumer);
        if (placed != null && placed.from().isPresent()) {
            give(placed.from().get(), placed.request());
            consumers.put(consumer, new Placed(placed.request(), placed.at(), Optional.empty()));
        }
    }

    void release(String consumer) {
        Placed placed = consumers.remove(consumer);
        if (placed != null) {
            give(placed.at(), placed.request());
            placed.from().ifPresent(from -> give(from, placed.request()));
            placed.request()
                    .serverGroup()
                    .ifPresent(group ->
                            groups.getOrDefault(group.id(), new HashSet<>()).remove(consumer));
        }
    }

    private void give(Held held, Request request) {
        Host now = host(held.host());
        write(now.giving(request.resources(), held.cells()).at(now.generation() + 1));
    }

    /** Where the other members of the group are, by host name; a member that moves is in two places. */
    Map<String, Integer> members(String group, String but) {
        Map<String, Integer> members = new HashMap<>();
        for (String consumer : groups.getOrDefault(group, Set.of())) {
            Placed placed = consumers.get(consumer);
            if (placed != null && !consumer.equals(but)) {
                members.merge(host(placed.host()).name(), 1, Integer::sum);
                placed.from().ifPresent(from -> members.merge(host(from.host()).name(), 1, Integer::sum));
            }
        }
        return members;
    }

    private boolean groupKnown(Request request) {
        if (request.serverGroup().isEmpty()) {
            return true;
        }
        ServerGroup group = request.serverGroup().get();
        return members(group.id(), request.consumerId()).entrySet().stream()
                .allMatch(entry -> group.members().getOrDefault(entry.getKey(), 0) >= entry.getValue());
    }
}
