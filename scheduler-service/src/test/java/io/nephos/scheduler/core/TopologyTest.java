package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** NUMA nodes of guests in cells of hosts. */
class TopologyTest {
    @Test
    void cpusAndMemoryAreSharedOutAsTheFlavorSays() {
        assertEquals(
                Optional.of(new Topology(false, List.of(new Topology.Node(2, 1024), new Topology.Node(1, 1023)))),
                Topology.of(request(Map.of("VCPU", 3L, "MEMORY_MB", 2047L), Map.of("hw:numa_nodes", "2"))));
        assertEquals(
                Optional.of(new Topology(true, List.of(new Topology.Node(1, 512), new Topology.Node(3, 1536)))),
                Topology.of(request(
                        Map.of("PCPU", 4L, "MEMORY_MB", 2048L),
                        Map.of(
                                "hw:cpu_policy", "dedicated",
                                "hw:numa_nodes", "2",
                                "hw:numa_cpus.0", "0",
                                "hw:numa_cpus.1", "1-2,3",
                                "hw:numa_mem.0", "512",
                                "hw:numa_mem.1", "1536"))));
        assertEquals(Optional.empty(), Topology.of(request(Map.of("VCPU", 1L), Map.of("hw:cpu_policy", "shared"))));
    }

    @Test
    void theSecondGuestIsPinnedBesideTheFirstAndTheThirdFindsNoRoom() {
        Host host = host(List.of(new Facts.Cell(0, 4, List.of(2, 3), 1000), new Facts.Cell(1, 4, List.of(6, 7), 1000)));
        Request two = request(Map.of("PCPU", 2L, "MEMORY_MB", 600L), Map.of("hw:cpu_policy", "dedicated"));
        List<CellShare> first = Topology.of(two).orElseThrow().on(host).orElseThrow();
        assertEquals(List.of(new CellShare(0, 2, 600, List.of(2, 3))), first);
        Host after = host.taking(two.resources(), first);
        List<CellShare> second = Topology.of(two).orElseThrow().on(after).orElseThrow();
        assertEquals(List.of(new CellShare(1, 2, 600, List.of(6, 7))), second);
        Host full = after.taking(two.resources(), second);
        assertEquals(Optional.empty(), Topology.of(two).orElseThrow().on(full));
        assertEquals(
                host.cells(),
                full.giving(two.resources(), first)
                        .giving(two.resources(), second)
                        .cells());
    }

    @Test
    void anUnequalGuestFindsItsCellsAlsoWhenTheFirstNodeMustMakeWay() {
        Host host = host(List.of(new Facts.Cell(0, 8, List.of(), 4000), new Facts.Cell(1, 2, List.of(), 3000)));
        Request request = request(
                Map.of("VCPU", 9L, "MEMORY_MB", 4000L),
                Map.of("hw:numa_nodes", "2", "hw:numa_cpus.0", "0", "hw:numa_cpus.1", "1-8"));
        assertEquals(
                List.of(1, 0),
                Topology.of(request).orElseThrow().on(host).orElseThrow().stream()
                        .map(CellShare::cell)
                        .toList());
    }

    @Test
    void whateverComesAndGoesNoCellGivesMoreThanItHas() {
        int placed = 0;
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            List<Facts.Cell> cells = new ArrayList<>();
            for (int cell = 0; cell < 1 + random.nextInt(4); cell++) {
                List<Integer> pinnable = new ArrayList<>();
                for (int cpu = random.nextInt(5); cpu > 0; cpu--) {
                    pinnable.add(cell * 10 + cpu);
                }
                cells.add(new Facts.Cell(cell, random.nextInt(5), pinnable, random.nextInt(20)));
            }
            Host host = host(cells);
            Map<Integer, Request> requests = new HashMap<>();
            Map<Integer, List<CellShare>> held = new HashMap<>();
            for (int step = 0; step < 30; step++) {
                if (random.nextInt(4) == 0 && !held.isEmpty()) {
                    int gone = held.keySet().iterator().next();
                    host = host.giving(requests.remove(gone).resources(), held.remove(gone));
                } else {
                    Request request = random(random);
                    Optional<List<CellShare>> shares =
                            Topology.of(request).orElseThrow().on(host);
                    if (shares.isPresent()) {
                        placed++;
                        requests.put(step, request);
                        held.put(step, shares.get());
                        host = host.taking(request.resources(), shares.get());
                    }
                }
                assertNothingTwice(host, held, seed);
            }
        }
        assertTrue(placed > 1000, "many are placed: " + placed);
    }

    private static void assertNothingTwice(Host host, Map<Integer, List<CellShare>> held, long seed) {
        List<CellShare> all = new ArrayList<>();
        held.values().forEach(shares -> {
            all.addAll(shares);
            assertEquals(
                    shares.size(),
                    shares.stream().map(CellShare::cell).distinct().count(),
                    "seed " + seed);
        });
        assertEquals(CellUse.taking(Map.of(), all), host.cells(), "seed " + seed);
        Set<Integer> pinned = new HashSet<>();
        all.forEach(share -> share.pinned().forEach(cpu -> assertTrue(pinned.add(cpu), "seed " + seed)));
        for (Facts.Cell cell : host.facts().cells()) {
            long memory = 0;
            int cpus = 0;
            for (CellShare share : all) {
                if (share.cell() == cell.number()) {
                    memory += share.memoryMib();
                    cpus += share.pinned().isEmpty() ? share.cpus() : 0;
                    assertTrue(cell.pinnable().containsAll(share.pinned()), "seed " + seed);
                }
            }
            assertTrue(memory <= cell.memoryMib() && cpus <= cell.cpus(), "seed " + seed);
        }
    }

    private static Request random(Random random) {
        Map<String, String> extra = new HashMap<>();
        boolean pinned = random.nextBoolean();
        if (pinned) {
            extra.put("hw:cpu_policy", "dedicated");
        }
        if (!pinned || random.nextBoolean()) {
            extra.put("hw:numa_nodes", "" + (1 + random.nextInt(2)));
        }
        return request(
                Map.of(pinned ? "PCPU" : "VCPU", 2L + random.nextInt(2), "MEMORY_MB", 2L + random.nextInt(6)), extra);
    }

    private static Request request(Map<String, Long> resources, Map<String, String> extraSpecs) {
        return Request.of("c", new TreeMap<>(resources))
                .with(Request.Hints.NONE, new Request.Spec("p", "f", extraSpecs, "", Map.of()));
    }

    private static Host host(List<Facts.Cell> cells) {
        Host plain = Worlds.host("a", Map.of(), Map.of());
        return Worlds.with(plain, true, new Facts("", "nova", "", "", "", 0, Map.of(), cells, 0), List.of());
    }
}
