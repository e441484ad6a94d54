package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random small worlds, each by its seed, against what looking at every host says. */
class SchedulingPropertiesTest {
    private static final int WORLDS = 20_000;
    private static final List<String> CLASSES = List.of("VCPU", "MEMORY_MB", "DISK_GB");
    private static final List<String> TRAITS = List.of("A", "B", "C");

    @Test
    void aPlanIsAlwaysAllowedAndThereIsOneExactlyWhenSomeHostIsAllowed() {
        int placed = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = hosts(random);
            Request request = request(random, hosts);
            List<Host> allowed =
                    hosts.stream().filter(host -> allowed(host, request)).toList();
            switch (new HostScheduler(Weights.SPREAD).schedule(new Snapshot(hosts), request)) {
                case Decision.Plan plan -> {
                    assertTrue(allowed.contains(plan.host()), "seed " + seed);
                    placed++;
                }
                case Decision.Explanation explanation -> {
                    assertTrue(allowed.isEmpty(), "seed " + seed);
                    assertTrueExplanation(explanation, hosts, request, seed);
                }
            }
        }
        assertTrue(placed > WORLDS / 10 && placed < WORLDS * 9 / 10, "both outcomes are tried: " + placed);
    }

    @Test
    void fillingAWorldNeverExceedsItsCapacity() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = new ArrayList<>(hosts(random));
            for (int i = 0; i < 100; i++) {
                Request request = request(random, hosts);
                if (new HostScheduler(Weights.SPREAD).schedule(new Snapshot(hosts), request)
                        instanceof Decision.Plan plan) {
                    hosts.set(hosts.indexOf(plan.host()), take(plan.host(), request));
                }
            }
            for (Host host : hosts) {
                host.used()
                        .forEach((name, used) -> assertTrue(used
                                <= host.inventories()
                                        .getOrDefault(name, new Inventory(0, 0, 1, 0, 1, 1))
                                        .capacity()));
            }
        }
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = hosts(random);
            Request request = request(random, hosts);
            HostScheduler scheduler = new HostScheduler(Weights.SPREAD);
            assertEquals(
                    scheduler.schedule(new Snapshot(hosts), request), scheduler.schedule(new Snapshot(hosts), request));
        }
    }

    private static void assertTrueExplanation(
            Decision.Explanation explanation, List<Host> hosts, Request request, long seed) {
        String at = "seed " + seed + ": " + explanation;
        assertEquals(hosts.size(), explanation.considered(), at);
        int left = hosts.size();
        int lackingSome = 0;
        for (Decision.Loss loss : explanation.losses()) {
            if (CLASSES.contains(loss.filter())) {
                assertTrue(loss.lost() <= left, at);
                lackingSome += loss.lost();
            } else {
                left -= loss.lost();
            }
        }
        assertTrue(left >= 0, at);
        assertTrue(lackingSome >= left, "every host that is left lacks something, " + at);
        for (Host host : hosts) {
            assertFalse(explanation.summary().contains(host.name()), "the summary names no host, " + at);
        }
        Map<String, Host> byName = new HashMap<>();
        hosts.forEach(host -> byName.put(host.name(), host));
        for (Decision.NearMiss miss : explanation.nearest()) {
            Host host = byName.get(miss.host());
            assertTrue(host != null && !miss.lacking().isEmpty(), at);
            Map<String, Long> used = new HashMap<>(host.used());
            miss.lacking().forEach((name, lacking) -> {
                long amount = request.resources().getOrDefault(name, 0L);
                assertFalse(host.fits(name, amount), at);
                assertTrue(amount - lacking <= 0 || host.fits(name, amount - lacking), at);
                used.merge(name, 0L, Long::sum);
            });
            for (String name : request.resources().keySet()) {
                assertEquals(
                        miss.lacking().containsKey(name),
                        !host.fits(name, request.resources().getOrDefault(name, 0L)),
                        at);
            }
        }
    }

    /** Said once more, in other words than the filters'. */
    private static boolean allowed(Host host, Request request) {
        boolean there = host.up() && host.enabled() && !request.excludedHosts().contains(host.name());
        boolean wanted = request.forcedHost().map(host.name()::equals).orElse(true)
                && request.availabilityZone()
                        .map(host.availabilityZone()::equals)
                        .orElse(true);
        Set<String> forbidden = new HashSet<>(request.forbiddenTraits());
        forbidden.retainAll(host.traits());
        boolean traits = forbidden.isEmpty() && host.traits().containsAll(request.requiredTraits());
        boolean group = request.serverGroup().map(of -> groupAllows(of, host)).orElse(true);
        boolean room = true;
        for (Map.Entry<String, Long> need : request.resources().entrySet()) {
            Inventory inventory = host.inventories().get(need.getKey());
            room &= inventory != null
                    && need.getValue() <= inventory.maxUnit()
                    && host.used().getOrDefault(need.getKey(), 0L) + need.getValue()
                            <= Math.floor((inventory.total() - inventory.reserved()) * inventory.allocationRatio());
        }
        return there && wanted && traits && group && room;
    }

    private static boolean groupAllows(ServerGroup group, Host host) {
        boolean member = group.members().containsKey(host.name());
        return switch (group.policy()) {
            case AFFINITY -> group.members().isEmpty() || member;
            case ANTI_AFFINITY -> !member;
            case SOFT_AFFINITY, SOFT_ANTI_AFFINITY -> true;
        };
    }

    private static Host take(Host host, Request request) {
        Map<String, Long> used = new HashMap<>(host.used());
        request.resources().forEach((name, amount) -> used.merge(name, amount, Long::sum));
        return new Host(
                host.id(),
                host.name(),
                host.generation() + 1,
                host.agentAddress(),
                host.availabilityZone(),
                host.up(),
                host.enabled(),
                host.inventories(),
                used,
                host.traits());
    }

    private static List<Host> hosts(Random random) {
        List<Host> hosts = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Map<String, Inventory> inventories = new HashMap<>();
            Map<String, Long> used = new HashMap<>();
            for (String name : CLASSES) {
                if (random.nextInt(20) > 0) {
                    long total = 1 + random.nextInt(20);
                    Inventory inventory = new Inventory(
                            total, random.nextInt((int) total / 2 + 1), 1, total, 1, random.nextInt(1, 5) / 2.0);
                    inventories.put(name, inventory);
                    used.put(name, (long) random.nextInt((int) inventory.capacity() + 1));
                }
            }
            hosts.add(new Host(
                    "id-" + i,
                    "host<" + i + ">",
                    random.nextInt(100),
                    "",
                    random.nextBoolean() ? "nova" : "other",
                    random.nextInt(5) > 0,
                    random.nextInt(8) > 0,
                    Map.copyOf(inventories),
                    Map.copyOf(used),
                    some(TRAITS, random, 2)));
        }
        return hosts;
    }

    private static Request request(Random random, List<Host> hosts) {
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
        return new Request(
                "consumer-" + random.nextInt(),
                resources,
                some(TRAITS, random, 10),
                some(TRAITS, random, 16),
                random.nextInt(4) == 0 ? Optional.of("nova") : Optional.empty(),
                some(names, random, 8),
                random.nextInt(8) == 0 && !names.isEmpty()
                        ? Optional.of(names.get(random.nextInt(names.size())))
                        : Optional.empty(),
                random.nextInt(3) == 0
                        ? Optional.of(new ServerGroup("g", policies[random.nextInt(policies.length)], members))
                        : Optional.empty());
    }

    private static Set<String> some(List<String> all, Random random, int oneIn) {
        Set<String> chosen = new HashSet<>();
        for (String one : all) {
            if (random.nextInt(oneIn) == 0) {
                chosen.add(one);
            }
        }
        return chosen;
    }
}
