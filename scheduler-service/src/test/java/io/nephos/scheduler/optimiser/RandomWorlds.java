package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.CellUse;
import io.nephos.scheduler.core.Cells;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.ServerGroup.Policy;
import io.nephos.scheduler.core.Topology;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import io.nephos.scheduler.optimiser.World.Wish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Worlds in which every constraint is kept, from a seed. */
final class RandomWorlds {
    private final Random random;
    private final List<Host> hosts = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final Map<String, Map<String, Long>> used = new HashMap<>();

    private RandomWorlds(long seed) {
        random = new Random(seed);
    }

    /** With zones, traits, aggregates, groups, wishes, hosts that are down or closed, and things that cannot be moved. */
    static World small(long seed) {
        RandomWorlds worlds = new RandomWorlds(seed);
        int count = 2 + worlds.random.nextInt(4);
        for (int h = 0; h < count; h++) {
            worlds.host(h, true);
        }
        int wanted = 1 + worlds.random.nextInt(9);
        for (int s = 0; s < wanted; s++) {
            worlds.server(s, true);
        }
        return new World(worlds.hosts, worlds.servers);
    }

    /** Hosts with NUMA cells, and servers of which most need some, alone or pinned; nothing else binds them. */
    static World celled(long seed) {
        RandomWorlds worlds = new RandomWorlds(seed);
        int count = 2 + worlds.random.nextInt(3);
        for (int h = 0; h < count; h++) {
            worlds.celledHost(h);
        }
        int wanted = 2 + worlds.random.nextInt(7);
        for (int s = 0; s < wanted; s++) {
            worlds.celledServer(s);
        }
        return new World(worlds.hosts, worlds.servers);
    }

    private void celledHost(int number) {
        List<Facts.Cell> cells = new ArrayList<>();
        int some = random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(3);
        for (int c = 0; c < some; c++) {
            int first = 10 * c;
            cells.add(new Facts.Cell(
                    c,
                    1 + random.nextInt(4),
                    IntStream.range(first, first + random.nextInt(5)).boxed().toList(),
                    4L + random.nextInt(9)));
        }
        Map<String, Inventory> inventories = Map.of(
                "VCPU", inventory(64, 1 + random.nextInt(2)),
                "PCPU", inventory(64, 1),
                "MEMORY_MB", inventory(64, 1));
        List<CellShare> fixed = cells.isEmpty() || random.nextInt(4) > 0
                ? List.of()
                : List.of(new CellShare(
                        0, 1, 1, cells.getFirst().pinnable().stream().limit(1).toList()));
        hosts.add(new Host(
                "h" + number,
                "host-" + number,
                "nova",
                true,
                random.nextInt(8) > 0,
                1,
                inventories,
                Map.of(),
                Set.of(),
                Set.of(),
                Cells.of(cells, CellUse.taking(Map.of(), fixed), inventories)));
        used.put("h" + number, new HashMap<>());
    }

    private void celledServer(int number) {
        boolean pinned = random.nextBoolean();
        List<Topology.Node> nodes = new ArrayList<>();
        for (int n = 0; n < 1 + random.nextInt(2); n++) {
            nodes.add(new Topology.Node(1 + random.nextInt(3), 1L + random.nextInt(4)));
        }
        Optional<Topology> topology =
                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(new Topology(pinned, nodes));
        long cpus = nodes.stream().mapToInt(Topology.Node::cpus).sum();
        long memory = nodes.stream().mapToLong(Topology.Node::memoryMib).sum();
        Map<String, Long> resources =
                Map.of(topology.isPresent() && pinned ? "PCPU" : "VCPU", cpus, "MEMORY_MB", memory);
        Optional<String> group = random.nextInt(15) == 0 ? Optional.of("g") : Optional.empty();
        for (int h : random.ints(8, 0, hosts.size()).toArray()) {
            Host host = hosts.get(h);
            Cells now = host.cells();
            for (Server server : servers) {
                now = server.host().equals(host.id()) ? now.taking(server.cells()) : now;
            }
            Cells there = now;
            Optional<List<CellShare>> shares =
                    topology.map(one -> one.on(there)).orElse(Optional.of(List.of()));
            if (shares.isPresent()) {
                servers.add(new Server(
                        "s" + number, host.id(), resources, Optional.empty(), group, topology, shares.get()));
                return;
            }
        }
    }

    /** Hosts of two kinds, filled as a cloud fills that packs: some full, some empty. */
    static World large(long seed, int hosts, int servers) {
        RandomWorlds worlds = new RandomWorlds(seed);
        for (int h = 0; h < hosts; h++) {
            worlds.host(h, false);
        }
        for (int s = 0; s < servers; s++) {
            worlds.server(s, false);
        }
        return new World(worlds.hosts, worlds.servers);
    }

    private void host(int number, boolean odd) {
        int size = odd ? 1 + random.nextInt(3) : 1 + number % 2;
        Map<String, Inventory> inventories = new HashMap<>();
        inventories.put("VCPU", inventory(odd ? 8L * size : 32L * size, 2));
        inventories.put("MEMORY_MB", inventory(odd ? 16L * size : 131_072L * size, 1));
        boolean up = !odd || random.nextInt(8) > 0;
        Map<String, Long> fixed = odd && random.nextInt(4) == 0 ? Map.of("VCPU", 2L) : Map.of();
        Host host = new Host(
                "h" + number,
                "host-" + number,
                odd ? "zone-" + random.nextInt(2) : "nova",
                up,
                up && (!odd || random.nextInt(8) > 0),
                odd ? 1 + random.nextInt(2) : 1,
                inventories,
                fixed,
                odd && random.nextInt(2) == 0 ? Set.of("FAST") : Set.of(),
                odd && random.nextInt(3) == 0 ? Set.of("aggregate") : Set.of());
        hosts.add(host);
        used.put(host.id(), new HashMap<>(fixed));
    }

    private static Inventory inventory(long total, double ratio) {
        return new Inventory(total, 0, 1, total, 1, ratio);
    }

    private void server(int number, boolean odd) {
        int size = 1 << random.nextInt(3);
        Map<String, Long> resources = odd
                ? Map.of("VCPU", (long) size, "MEMORY_MB", 1L + random.nextInt(6))
                : Map.of("VCPU", (long) size, "MEMORY_MB", 2048L * size);
        Optional<String> group =
                random.nextInt(odd ? 3 : 20) == 0 ? Optional.of("g" + random.nextInt(odd ? 2 : 200)) : Optional.empty();
        Optional<Wish> wish = odd && random.nextInt(3) > 0 ? Optional.of(wish()) : Optional.empty();
        for (int attempt = 0; attempt < 12; attempt++) {
            Host host = hosts.get((int) (hosts.size() * Math.pow(random.nextDouble(), odd ? 1 : 1.6)));
            Server server = new Server("s" + number, host.id(), resources, wish, group);
            boolean fits = resources.entrySet().stream()
                    .allMatch(need -> used.get(host.id()).getOrDefault(need.getKey(), 0L) + need.getValue()
                            <= host.capacity(need.getKey()));
            boolean free = odd
                    || group.isEmpty()
                    || servers.stream()
                            .noneMatch(other ->
                                    other.group().equals(group) && other.host().equals(host.id()));
            if (fits && free && wish.map(some -> some.allows(host)).orElse(true)) {
                servers.add(server);
                resources.forEach((name, amount) -> used.get(host.id()).merge(name, amount, Long::sum));
                return;
            }
        }
    }

    private Wish wish() {
        return new Wish(
                random.nextInt(4) == 0 ? Set.of("FAST") : Set.of(),
                random.nextInt(6) == 0 ? Set.of("FAST") : Set.of(),
                random.nextInt(6) == 0 ? List.of(Set.of("aggregate", "other")) : List.of(),
                random.nextInt(3) == 0 ? Optional.of("zone-0") : Optional.empty(),
                random.nextInt(10) == 0 ? Optional.of("host-0") : Optional.empty(),
                random.nextBoolean()
                        ? Optional.of(random.nextInt(4) > 0 ? Policy.SOFT_AFFINITY : Policy.AFFINITY)
                        : Optional.empty(),
                random.nextInt(5) == 0 ? Set.of("h1") : Set.of());
    }
}
