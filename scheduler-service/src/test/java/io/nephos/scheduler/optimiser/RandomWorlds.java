package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.ServerGroup.Policy;
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
            Server server = new Server("s" + number, host.id(), resources, wish, group, odd && random.nextInt(12) == 0);
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
