package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random worlds, each by its seed, against what looking at every host says. */
class SchedulingPropertiesTest {
    private static final int WORLDS = 20_000;
    private final HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));

    @Test
    void aPlanIsTheBestOfWhatIsAllowedAndThereIsOneExactlyWhenSomeHostIsAllowed() {
        int placed = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = Worlds.hosts(random, seed % 50 == 0 ? 300 : 6);
            Request request = Worlds.request(random, hosts);
            HostTable table = HostTable.of(random.nextBoolean() ? Weights.SPREAD : Weights.PACK, hosts);
            List<Host> allowed =
                    hosts.stream().filter(host -> allowed(host, request)).toList();
            switch (scheduler.schedule(table, request)) {
                case Decision.Plan plan -> {
                    assertTrue(allowed.contains(plan.host()), "seed " + seed);
                    Preference preference = Preference.of(table, request);
                    assertEquals(
                            allowed.stream().mapToLong(preference::score).max().orElseThrow(),
                            preference.score(plan.host()),
                            "seed " + seed);
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
            List<Host> hosts = Worlds.hosts(random, 6);
            HostTable table = HostTable.of(Weights.SPREAD, hosts);
            for (int i = 0; i < 100; i++) {
                Request request = Worlds.request(random, hosts);
                if (scheduler.schedule(table, request) instanceof Decision.Plan plan) {
                    table.put(plan.taken(request));
                }
            }
            for (Host host : table.hosts()) {
                host.used()
                        .forEach((name, used) -> assertTrue(used
                                <= host.inventories()
                                        .getOrDefault(name, new Inventory(0, 0, 1, 0, 1, 1))
                                        .capacity()));
            }
        }
    }

    @Test
    void aTableThatWasChangedStepByStepDecidesAsOneThatIsMadeAnew() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Weights weights = random.nextBoolean() ? Weights.SPREAD : Weights.PACK;
            HostTable table = new HostTable(weights);
            Map<String, Host> world = new HashMap<>();
            for (int step = 0; step < 400; step++) {
                Host changed = Worlds.host(random, random.nextInt(200));
                switch (random.nextInt(4)) {
                    case 0 -> {
                        table.remove(changed.id());
                        world.remove(changed.id());
                    }
                    case 1 -> {
                        Request request = Worlds.request(random, List.copyOf(world.values()));
                        if (scheduler.schedule(table, request) instanceof Decision.Plan plan) {
                            Host taken = plan.taken(request);
                            table.put(taken);
                            world.put(taken.id(), taken);
                        }
                    }
                    default -> {
                        table.put(changed);
                        world.put(changed.id(), changed);
                    }
                }
            }
            HostTable anew = HostTable.of(weights, world.values());
            assertEquals(anew.hosts(), table.hosts(), "seed " + seed);
            for (int i = 0; i < 20; i++) {
                Request request = Worlds.request(random, anew.hosts());
                assertEquals(
                        outcome(scheduler.schedule(anew, request), anew, request),
                        outcome(scheduler.schedule(table, request), table, request),
                        "seed " + seed);
            }
        }
    }

    @Test
    void theSameQuestionHasTheSameAnswer() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = Worlds.hosts(random, 80);
            Request request = Worlds.request(random, hosts);
            assertEquals(
                    scheduler.schedule(HostTable.of(Weights.SPREAD, hosts), request),
                    scheduler.schedule(HostTable.of(Weights.SPREAD, hosts), request));
        }
    }

    /** Equal hosts may be taken in another order, so the score is what counts. */
    private static Object outcome(Decision decision, HostTable table, Request request) {
        return switch (decision) {
            case Decision.Plan plan -> Preference.of(table, request).score(plan.host());
            case Decision.Explanation explanation -> explanation;
        };
    }

    private static void assertTrueExplanation(
            Decision.Explanation explanation, List<Host> hosts, Request request, long seed) {
        String at = "seed " + seed + ": " + explanation;
        assertEquals(hosts.size(), explanation.considered(), at);
        int left = hosts.size();
        int lackingSome = 0;
        for (Decision.Loss loss : explanation.losses()) {
            if (Worlds.CLASSES.contains(loss.filter())) {
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
            assertTrue(
                    host != null && !(miss.lacking().isEmpty() && miss.failed().isEmpty()), at);
            miss.lacking().forEach((name, lacking) -> {
                long amount = request.resources().getOrDefault(name, 0L);
                assertFalse(host.fits(name, amount), at);
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
    static boolean allowed(Host host, Request request) {
        boolean there = host.up() && host.enabled() && !request.excludedHosts().contains(host.name());
        boolean wanted = request.forcedHost().map(host.name()::equals).orElse(true)
                && request.availabilityZone()
                        .map(host.availabilityZone()::equals)
                        .orElse(true);
        Set<String> forbidden = new HashSet<>(request.forbiddenTraits());
        forbidden.retainAll(host.traits());
        boolean traits = forbidden.isEmpty() && host.traits().containsAll(request.requiredTraits());
        boolean member = request.aggregates().isEmpty()
                || host.aggregates().stream()
                        .anyMatch(aggregate -> aggregate.id().equals("x"));
        boolean group = request.serverGroup().map(of -> groupAllows(of, host)).orElse(true);
        boolean room = true;
        for (Map.Entry<String, Long> need : request.resources().entrySet()) {
            Inventory inventory = host.inventories().get(need.getKey());
            room &= inventory != null
                    && need.getValue() <= inventory.maxUnit()
                    && need.getValue() % inventory.stepSize() == 0
                    && host.used().getOrDefault(need.getKey(), 0L) + need.getValue()
                            <= Math.floor((inventory.total() - inventory.reserved()) * inventory.allocationRatio());
        }
        return there && wanted && traits && member && group && room;
    }

    private static boolean groupAllows(ServerGroup group, Host host) {
        int there = group.members().getOrDefault(host.name(), 0);
        return switch (group.policy()) {
            case AFFINITY -> group.members().isEmpty() || there > 0;
            case ANTI_AFFINITY -> there < group.maxPerHost();
            case SOFT_AFFINITY, SOFT_ANTI_AFFINITY -> true;
        };
    }
}
