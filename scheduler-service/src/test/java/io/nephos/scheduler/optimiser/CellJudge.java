package io.nephos.scheduler.optimiser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Filters;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Topology;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.optimiser.World.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the scheduler itself, with the filters that run in a cloud, as a migration's claim does. */
final class CellJudge {
    private final HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));
    private final Map<String, Host> hosts = new HashMap<>();
    private final Map<String, List<CellShare>> held = new HashMap<>();

    CellJudge(World world) {
        for (World.Host host : world.hosts()) {
            hosts.put(
                    host.id(),
                    new Host(
                            host.id(),
                            host.name(),
                            0,
                            new Facts(
                                    "",
                                    "nova",
                                    "",
                                    "",
                                    "",
                                    0,
                                    Map.of(),
                                    host.cells().all(),
                                    0),
                            host.up(),
                            host.open(),
                            host.inventories(),
                            host.fixed(),
                            0,
                            0,
                            Set.of(),
                            List.of(),
                            host.cells().used()));
        }
        world.servers().forEach(server -> {
            held.put(server.id(), server.cells());
            hosts.computeIfPresent(server.host(), (id, host) -> host.taking(server.resources(), server.cells()));
        });
    }

    private CellJudge(CellJudge other) {
        hosts.putAll(other.hosts);
        held.putAll(other.held);
    }

    void move(Server server, Migration migration) {
        assertEquals(
                Optional.of(migration.to()),
                move(server, migration.from(), migration.toName()).map(Host::id),
                "it is let in");
    }

    private Optional<Host> move(Server server, String from, String toName) {
        Request request = request(server, toName);
        Decision decision = scheduler.schedule(HostTable.of(Weights.SPREAD, hosts.values()), request);
        if (!(decision instanceof Decision.Plan plan)) {
            return Optional.empty();
        }
        hosts.put(plan.host().id(), plan.taken(request));
        List<CellShare> before = held.getOrDefault(server.id(), List.of());
        hosts.computeIfPresent(from, (id, host) -> host.giving(server.resources(), before));
        held.put(server.id(), plan.cells());
        return Optional.of(plan.host());
    }

    /** How many of them stay behind at least, whichever goes first and wherever each goes, if nobody else moves. */
    static int fewestLeft(World world, String host) {
        List<Server> there = world.servers().stream()
                .filter(server -> server.host().equals(host))
                .toList();
        List<String> others = world.hosts().stream()
                .filter(other -> !other.id().equals(host))
                .map(World.Host::name)
                .toList();
        return fewestLeft(new CellJudge(world), there, host, others);
    }

    private static int fewestLeft(CellJudge now, List<Server> there, String from, List<String> others) {
        int fewest = there.size();
        for (Server server : there) {
            for (String other : others) {
                CellJudge then = new CellJudge(now);
                if (fewest > 0 && then.move(server, from, other).isPresent()) {
                    List<Server> rest = new ArrayList<>(there);
                    rest.remove(server);
                    fewest = Math.min(fewest, fewestLeft(then, rest, from, others));
                }
            }
        }
        return fewest;
    }

    private static Request request(Server server, String toName) {
        Map<String, String> specs = new HashMap<>();
        server.topology().ifPresent(topology -> ask(topology, specs));
        return Request.of(server.id(), server.resources())
                .with(Request.Hints.NONE, new Request.Spec("p", "f", specs, "", Map.of()))
                .onHosts(Set.of(), Optional.of(toName), Optional.empty());
    }

    private static void ask(Topology topology, Map<String, String> specs) {
        specs.put("hw:cpu_policy", topology.pinned() ? "dedicated" : "shared");
        specs.put("hw:numa_nodes", "" + topology.nodes().size());
        for (int n = 0; n < topology.nodes().size(); n++) {
            specs.put("hw:numa_cpus." + n, "0-" + (topology.nodes().get(n).cpus() - 1));
            specs.put("hw:numa_mem." + n, "" + topology.nodes().get(n).memoryMib());
        }
    }
}
