package io.nephos.scheduler.optimiser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges plans by the world alone, in the plainest way, sharing nothing with the code that makes them. */
final class Referee {
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, Server> servers = new HashMap<>();
    private final Map<String, String> at = new HashMap<>();
    private final Map<String, World.Rule> rules = new HashMap<>();
    private final World world;
    private final CellJudge cells;

    Referee(World world) {
        this.world = world;
        this.cells = new CellJudge(world);
        world.hosts().forEach(host -> hosts.put(host.id(), host));
        Map<String, List<Server>> groups = new HashMap<>();
        world.servers().forEach(server -> {
            servers.put(server.id(), server);
            at.put(server.id(), server.host());
            server.group()
                    .ifPresent(group -> groups.computeIfAbsent(group, id -> new ArrayList<>())
                            .add(server));
        });
        groups.forEach((group, members) -> rules.put(group, World.rule(members)));
    }

    /** Carries the plan out, with every constraint checked after every move. */
    void carryOut(Plan plan, Optional<String> draining) {
        for (int i = 0; i < plan.migrations().size(); i++) {
            Migration migration = plan.migrations().get(i);
            Server server = servers.get(migration.server());
            assertEquals(at.get(server.id()), migration.from(), "it is where it leaves");
            Host from = hosts.get(migration.from());
            Host to = hosts.get(migration.to());
            assertTrue(from.up(), "nothing leaves a host that is down");
            assertTrue(to.open() && !draining.equals(Optional.of(to.id())), "nothing goes to a closed host");
            boolean willed = server.wish()
                    .map(wish -> wish.requiredTraits().stream().allMatch(to.traits()::contains)
                            && wish.forbiddenTraits().stream().noneMatch(to.traits()::contains)
                            && wish.aggregates().stream()
                                    .allMatch(set -> set.stream().anyMatch(to.aggregates()::contains))
                            && wish.availabilityZone()
                                    .map(to.availabilityZone()::equals)
                                    .orElse(true)
                            && wish.forcedHost().map(to.name()::equals).orElse(true)
                            && !wish.refused().contains(to.id()))
                    .orElseGet(() -> {
                        Host home = hosts.get(server.host());
                        return home.traits().equals(to.traits())
                                && home.aggregates().equals(to.aggregates())
                                && home.availabilityZone().equals(to.availabilityZone());
                    });
            assertTrue(willed, "the host is one that the request allows");
            cells.move(server, migration);
            at.put(server.id(), to.id());
            assertRoom(to);
            assertGroup(server, plan.migrations(), i);
        }
    }

    private void assertRoom(Host host) {
        Map<String, Long> used = new HashMap<>(host.fixed());
        at.forEach((server, there) -> {
            if (there.equals(host.id())) {
                servers.get(server).resources().forEach((name, amount) -> used.merge(name, amount, Long::sum));
            }
        });
        used.forEach((name, amount) ->
                assertTrue(amount <= host.capacity(name), name + " of " + host.name() + " holds " + amount));
    }

    private void assertGroup(Server moved, List<Migration> migrations, int index) {
        if (moved.group().isEmpty()) {
            return;
        }
        List<String> places = servers.values().stream()
                .filter(server -> server.group().equals(moved.group()))
                .map(server -> at.get(server.id()))
                .toList();
        switch (rules.get(moved.group().get())) {
            case APART -> assertEquals(places.size(), places.stream().distinct().count(), "they stay apart");
            case FREE -> {}
            case MIXED -> assertTrue(false, "a mixed group is not moved");
            case TOGETHER -> {
                boolean more = index + 1 < migrations.size()
                        && servers.get(migrations.get(index + 1).server())
                                .group()
                                .equals(moved.group());
                assertTrue(more || places.stream().distinct().count() == 1, "they stay together");
            }
        }
    }

    Measure measure(Optional<String> draining) {
        Map<String, Map<String, Long>> used = new HashMap<>();
        world.hosts().forEach(host -> used.put(host.id(), new HashMap<>(host.fixed())));
        at.forEach((server, host) -> servers.get(server)
                .resources()
                .forEach((name, amount) -> used.get(host).merge(name, amount, Long::sum)));
        double sum = 0;
        int terms = 0;
        long cost = 0;
        int inUse = 0;
        List<Host> open = world.hosts().stream()
                .filter(host -> host.open() && !draining.equals(Optional.of(host.id())))
                .toList();
        for (String name : List.of("VCPU", "MEMORY_MB")) {
            double all = open.stream()
                    .mapToLong(host -> used.get(host.id()).getOrDefault(name, 0L))
                    .sum();
            double most = open.stream().mapToLong(host -> host.capacity(name)).sum();
            for (Host host : open) {
                if (all > 0) {
                    double load = (double) used.get(host.id()).getOrDefault(name, 0L) / host.capacity(name);
                    sum += Math.abs(load - all / most);
                    terms++;
                }
            }
        }
        for (Host host : world.hosts()) {
            if (!used.get(host.id()).isEmpty()) {
                inUse++;
                cost += host.cost();
            }
        }
        return new Measure(terms == 0 ? 0 : sum / terms, cost, inUse);
    }

    long on(String host) {
        return at.values().stream().filter(host::equals).count();
    }
}
