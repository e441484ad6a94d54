package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Random worlds, each by its seed, against what looking at every host says: with overcommit, units and steps, traits,
 * aggregates and what they say, zones, groups, hints, wishes of flavors and images, devices and NUMA cells.
 */
class SchedulingPropertiesTest {
    private static final int WORLDS = 20_000;
    private final Filters filters = Filters.named(Filters.DEFAULT);
    private final HostScheduler scheduler = new HostScheduler(filters);

    @Test
    void aPlanIsTheBestOfWhatIsAllowedAndThereIsOneExactlyWhenSomeHostIsAllowed() {
        int placed = 0;
        int celled = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = Worlds.hosts(random, seed % 50 == 0 ? 300 : 6);
            Request request = Worlds.request(random, hosts);
            HostTable table = HostTable.of(random.nextBoolean() ? Weights.SPREAD : Weights.PACK, hosts);
            List<Host> allowed =
                    hosts.stream().filter(host -> Rules.allow(host, request)).toList();
            switch (scheduler.schedule(table, request)) {
                case Decision.Plan plan -> {
                    assertTrue(allowed.contains(plan.host()), "seed " + seed);
                    Preference preference = Preference.of(table, request);
                    assertEquals(
                            allowed.stream().mapToLong(preference::score).max().orElseThrow(),
                            preference.score(plan.host()),
                            "seed " + seed);
                    CellReferee.assertServed("seed " + seed, request, plan.cells());
                    assertFree(plan.host(), plan.cells());
                    placed++;
                    celled += plan.cells().isEmpty() ? 0 : 1;
                }
                case Decision.Explanation explanation -> {
                    assertTrue(allowed.isEmpty(), "seed " + seed);
                    assertTrueExplanation(explanation, hosts, request, seed);
                    assertEquals(
                            ByEveryHost.explain(hosts, filters.concerning(request), request),
                            explanation,
                            "seed " + seed);
                }
            }
        }
        assertTrue(placed > WORLDS / 10 && placed < WORLDS * 9 / 10, "both outcomes are tried: " + placed);
        assertTrue(celled > 100, "guests with NUMA nodes are placed: " + celled);
    }

    @Test
    void whatEachFilterLosesIsToldAlsoWhenThereIsAPlace() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = Worlds.hosts(random, seed % 50 == 0 ? 300 : 9);
            Request request = Worlds.request(random, hosts);
            assertEquals(
                    ByEveryHost.explain(hosts, filters.concerning(request), request),
                    scheduler.explain(HostTable.of(Weights.SPREAD, hosts), request),
                    "seed " + seed);
        }
    }

    @Test
    void aWishIsWhatARequestAsksOfAHostWhateverElseIsThere() {
        int refused = 0;
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = Worlds.hosts(random, 9);
            Request request = Worlds.request(random, hosts);
            for (Host host : hosts) {
                boolean allowed = filters.allowsLasting(host, request);
                assertEquals(Rules.allowLasting(host, request), allowed, "seed " + seed);
                refused += allowed ? 0 : 1;
            }
        }
        assertTrue(refused > 1000, "many wish for something else: " + refused);
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

    /** Beside what others hold of the cells. */
    private static void assertFree(Host host, List<CellShare> shares) {
        Map<Integer, CellUse> after = CellUse.taking(host.cells(), shares);
        for (CellShare share : shares) {
            CellUse before = host.cells().getOrDefault(share.cell(), CellUse.NONE);
            CellUse use = after.getOrDefault(share.cell(), CellUse.NONE);
            Facts.Cell cell = host.facts().cells().stream()
                    .filter(of -> of.number() == share.cell())
                    .findFirst()
                    .orElseThrow();
            double memory = CellReferee.ratio(host, "MEMORY_MB");
            boolean floating = share.pinned().isEmpty() && share.cpus() > 0;
            Supplier<String> at = () -> host + " " + shares;
            assertTrue(share.pinned().stream().noneMatch(before.pinned()::contains), at);
            assertTrue(cell.pinnable().containsAll(share.pinned()), at);
            assertTrue(use.memoryMib() <= (long) (cell.memoryMib() * memory), at);
            assertTrue(!floating || use.cpus() <= (long) (cell.cpus() * CellReferee.ratio(host, "VCPU")), at);
        }
    }
}
