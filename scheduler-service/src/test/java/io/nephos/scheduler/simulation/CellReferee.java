package io.nephos.scheduler.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.CellUse;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is right of NUMA cells, said without the scheduler. */
final class CellReferee {
    private CellReferee() {}

    /** No CPU is pinned twice, and no cell gives more than it has. */
    static void assertRight(String name, Host host, List<CellShare> shares) {
        String at = name + ": " + host + " " + shares;
        Map<Integer, Long> memory = new HashMap<>();
        Map<Integer, Integer> cpus = new HashMap<>();
        Set<Integer> pinned = new HashSet<>();
        for (CellShare share : shares) {
            memory.merge(share.cell(), share.memoryMib(), Long::sum);
            if (share.pinned().isEmpty()) {
                cpus.merge(share.cell(), share.cpus(), Integer::sum);
            }
            assertEquals(
                    share.pinned().isEmpty() ? 0 : share.cpus(), share.pinned().size(), at);
            share.pinned().forEach(cpu -> assertTrue(pinned.add(cpu), at));
            assertTrue(
                    host.facts().cells().stream()
                            .anyMatch(cell -> cell.number() == share.cell()
                                    && cell.pinnable().containsAll(share.pinned())),
                    at);
        }
        for (Facts.Cell cell : host.facts().cells()) {
            assertTrue(memory.getOrDefault(cell.number(), 0L) <= cell.memoryMib(), at);
            assertTrue(cpus.getOrDefault(cell.number(), 0) <= cell.cpus() * 4, at);
        }
        assertEquals(CellUse.taking(Map.of(), shares), host.cells(), at);
    }

    /** Tries every way to lay the guest's nodes into different cells. */
    static boolean wouldDo(Host host, Request request) {
        return Topology.of(request)
                .map(topology -> wouldDo(host, topology, 0, new HashSet<>()))
                .orElse(true);
    }

    private static boolean wouldDo(Host host, Topology topology, int node, Set<Integer> taken) {
        if (node == topology.nodes().size()) {
            return true;
        }
        Topology.Node wanted = topology.nodes().get(node);
        for (Facts.Cell cell : host.facts().cells()) {
            CellUse used = host.cells().getOrDefault(cell.number(), new CellUse(0, 0, Set.of()));
            boolean room = used.memoryMib() + wanted.memoryMib() <= cell.memoryMib()
                    && (topology.pinned()
                            ? used.pinned().size() + wanted.cpus()
                                    <= cell.pinnable().size()
                            : wanted.cpus() <= cell.cpus() && used.cpus() + wanted.cpus() <= cell.cpus() * 4);
            if (room && !taken.contains(cell.number())) {
                Set<Integer> more = new HashSet<>(taken);
                more.add(cell.number());
                if (wouldDo(host, topology, node + 1, more)) {
                    return true;
                }
            }
        }
        return false;
    }
}
