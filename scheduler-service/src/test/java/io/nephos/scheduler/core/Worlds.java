package io.nephos.scheduler.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Hosts and requests, by hand and by chance. */
public final class Worlds {
    public static final List<String> CLASSES = List.of("VCPU", "MEMORY_MB", "DISK_GB");
    static final List<String> TRAITS = List.of("A", "B", "C");
    private static final List<String> AGGREGATES = List.of("x", "y");

    private Worlds() {}

    public static Host host(String name, Map<String, Inventory> inventories, Map<String, Long> used) {
        return new Host(
                "id-" + name, name, 0, Facts.in("nova"), true, true, inventories, used, 0, 0, Set.of(), List.of());
    }

    static Host host(String name, long vcpus, long memory, long memoryUsed) {
        return host(
                name,
                Map.of(
                        "VCPU", new Inventory(vcpus, 0, 1, vcpus, 1, 1),
                        "MEMORY_MB", new Inventory(memory, 0, 1, memory, 1, 1)),
                Map.of("MEMORY_MB", memoryUsed));
    }

    static Host with(Host host, boolean up, Facts facts, List<Aggregate> aggregates) {
        return new Host(
                host.id(),
                host.name(),
                host.generation(),
                facts,
                up,
                host.enabled(),
                host.inventories(),
                host.used(),
                host.servers(),
                host.failedBuilds(),
                host.traits(),
                aggregates);
    }

    static Host failing(Host host, int failedBuilds) {
        return new Host(
                host.id(),
                host.name(),
                host.generation(),
                host.facts(),
                host.up(),
                host.enabled(),
                host.inventories(),
                host.used(),
                host.servers(),
                failedBuilds,
                host.traits(),
                host.aggregates());
    }

    static List<Host> hosts(Random random, int most) {
        List<Host> hosts = new ArrayList<>();
        int count = random.nextInt(most);
        for (int i = 0; i < count; i++) {
            hosts.add(host(random, i));
        }
        return hosts;
    }

    static Host host(Random random, int number) {
        Map<String, Inventory> inventories = new HashMap<>();
        Map<String, Long> used = new HashMap<>();
        for (String name : CLASSES) {
            if (random.nextInt(20) > 0) {
                long total = 1 + random.nextInt(20);
                Inventory inventory = new Inventory(
                        total,
                        random.nextInt((int) total / 2 + 1),
                        1,
                        total,
                        random.nextInt(10) == 0 ? 2 : 1,
                        random.nextInt(1, 5) / 2.0);
                inventories.put(name, inventory);
                used.put(name, (long) random.nextInt((int) inventory.capacity() + 1));
            }
        }
        return new Host(
                "id-" + number,
                "host<" + number + ">",
                random.nextInt(100),
                Facts.in(random.nextBoolean() ? "nova" : "other"),
                random.nextInt(5) > 0,
                random.nextInt(8) > 0,
                Map.copyOf(inventories),
                Map.copyOf(used),
                random.nextInt(5),
                random.nextInt(10) == 0 ? random.nextInt(3) : 0,
                some(TRAITS, random, 2),
                some(AGGREGATES, random, 2).stream()
                        .map(id -> new Aggregate(id, id, Map.of()))
                        .toList());
    }

    static Request request(Random random, List<Host> hosts) {
        TreeMap<String, Long> resources = new TreeMap<>();
        for (String name : CLASSES) {
            if (resources.isEmpty() || random.nextBoolean()) {
                resources.put(name, 1L + random.nextInt(4));
            }
        }
        List<String> names = hosts.stream().map(Host::name).toList();
        Map<String, Integer> members = new HashMap<>();
        some(names, random, 4).forEach(name -> members.put(name, 1 + random.nextInt(3)));
        ServerGroup.Policy[] policies = ServerGroup.Policy.values();
        return Request.of("consumer-" + random.nextInt(), resources)
                .withTraits(some(TRAITS, random, 10), some(TRAITS, random, 16))
                .inAggregates(random.nextInt(6) == 0 ? List.of(Set.of("x", "z")) : List.of())
                .inZone(random.nextInt(4) == 0 ? Optional.of("nova") : Optional.empty())
                .onHosts(
                        some(names, random, 8),
                        random.nextInt(8) == 0 && !names.isEmpty()
                                ? Optional.of(names.get(random.nextInt(names.size())))
                                : Optional.empty(),
                        Optional.empty())
                .inGroup(
                        random.nextInt(3) == 0
                                ? Optional.of(new ServerGroup(
                                        "g", policies[random.nextInt(policies.length)], members, 1 + random.nextInt(3)))
                                : Optional.empty());
    }

    static Set<String> some(List<String> all, Random random, int oneIn) {
        Set<String> chosen = new HashSet<>();
        for (String one : all) {
            if (random.nextInt(oneIn) == 0) {
                chosen.add(one);
            }
        }
        return chosen;
    }
}
