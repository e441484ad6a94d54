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

    /** @param request as it was planned: with the members of its group that were known then */
    record Planned(Request request, Decision.Plan plan) {}

    /**
     * @param cells where in the host the guest's NUMA nodes lie
     * @param from where it also still is while it moves
     */
    record Placed(Request request, String host, List<CellShare> cells, Optional<Placed> from) {
        List<Placed> places() {
            return from.map(old -> List.of(this, old)).orElseGet(() -> List.of(this));
        }

        private Placed alone() {
            return new Placed(request, host, cells, Optional.empty());
        }
    }

    Host host(String id) {
        Host host = hosts.get(id);
        if (host == null) {
            throw new AssertionError("no host " + id);
        }
        return host;
    }

    Optional<Host> find(String id) {
        return Optional.ofNullable(hosts.get(id));
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

    /** The agent reports, the host goes up or down, an administrator changes it. */
    void write(Host host) {
        hosts.put(host.id(), host);
        log.add(host.id());
    }

    void remove(String id) {
        hosts.remove(id);
        log.add(id);
    }

    /**
     * All or none of them: none when a host is not at its generation any more, a group has members that the plans did not
     * know, or a consumer is there already ({@code moves}: is not, or moves already).
     */
    boolean take(List<Planned> all, boolean moves) {
        Map<String, Host> before = new HashMap<>();
        for (Planned one : all) {
            Host planned = one.plan().host();
            Optional<Host> now = find(planned.id());
            Optional<Placed> there =
                    Optional.ofNullable(consumers.get(one.request().consumerId()));
            boolean free =
                    moves ? there.filter(placed -> placed.from().isEmpty()).isPresent() : there.isEmpty();
            if (now.isEmpty()
                    || now.get().generation() != planned.generation()
                    || !free
                    || !groupKnown(one.request())) {
                return false;
            }
            if (before.put(planned.id(), planned) == null && !now.get().equals(planned)) {
                throw new AssertionError("the generation has not changed, but " + now.get() + " is not " + planned);
            }
        }
        for (Planned one : all) {
            Host host = host(one.plan().host().id());
            hosts.put(
                    host.id(), host.taking(one.request().resources(), one.plan().cells()));
            String consumer = one.request().consumerId();
            consumers.put(
                    consumer,
                    new Placed(
                            one.request(),
                            host.id(),
                            one.plan().cells(),
                            Optional.ofNullable(consumers.get(consumer)).map(Placed::alone)));
            one.request()
                    .serverGroup()
                    .ifPresent(group -> groups.computeIfAbsent(group.id(), id -> new HashSet<>())
                            .add(consumer));
        }
        before.keySet().forEach(id -> write(host(id).at(host(id).generation() + 1)));
        return true;
    }

    /** The move ends: the old place is given back, or, when it is reverted, the new one. */
    void end(String consumer, boolean reverted) {
        Placed placed = consumers.get(consumer);
        if (placed != null && placed.from().isPresent()) {
            give(reverted ? placed : placed.from().get());
            consumers.put(consumer, reverted ? placed.from().get() : placed.alone());
        }
    }

    void release(String consumer) {
        Placed placed = consumers.remove(consumer);
        if (placed != null) {
            placed.places().forEach(this::give);
            placed.request()
                    .serverGroup()
                    .ifPresent(group ->
                            groups.getOrDefault(group.id(), new HashSet<>()).remove(consumer));
        }
    }

    private void give(Placed placed) {
        Host now = host(placed.host());
        write(now.giving(placed.request().resources(), placed.cells()).at(now.generation() + 1));
    }

    /** Who is on a host, also with the half of a move. */
    List<String> on(String host) {
        List<String> there = new ArrayList<>();
        consumers.forEach((consumer, placed) -> {
            if (placed.places().stream().anyMatch(place -> place.host().equals(host))) {
                there.add(consumer);
            }
        });
        return there;
    }

    /** Where the other members of the group are, by host name; a member that moves is in two places. */
    Map<String, Integer> members(String group, String but) {
        Map<String, Integer> members = new HashMap<>();
        for (String consumer : groups.getOrDefault(group, Set.of())) {
            Placed placed = consumers.get(consumer);
            if (placed != null && !consumer.equals(but)) {
                placed.places()
                        .forEach(place -> members.merge(host(place.host()).name(), 1, Integer::sum));
            }
        }
        return members;
    }

    /** The request with what is true of its group now. */
    Request grouped(Request request) {
        return request.inGroup(
                request.serverGroup().map(group -> group.knowing(members(group.id(), request.consumerId()))));
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
