package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** What is right of NUMA cells, said without the scheduler. */
public final class CellReferee {
    private CellReferee() {}

    /** No CPU is pinned twice, no cell gives more than it has, and the host knows of just these shares. */
    public static void assertRight(String name, Host host, List<CellShare> shares) {
        Supplier<String> at = () -> name + ": " + host + " " + shares;
        Map<Integer, Long> memory = new HashMap<>();
        Map<Integer, Integer> cpus = new HashMap<>();
        Set<Integer> pinned = new HashSet<>();
        for (CellShare share : shares) {
            memory.merge(share.cell(), share.memoryMib(), Long::sum);
            if (share.pinned().isEmpty()) {
                cpus.merge(share.cell(), share.cpus(), Integer::sum);
            } else {
                assertEquals(share.cpus(), share.pinned().size(), at);
            }
            share.pinned().forEach(cpu -> assertTrue(pinned.add(cpu), at));
            assertTrue(
                    host.facts().cells().stream()
                            .anyMatch(cell -> cell.number() == share.cell()
                                    && cell.pinnable().containsAll(share.pinned())),
                    at);
        }
        for (Facts.Cell cell : host.facts().cells()) {
            assertTrue(
                    memory.getOrDefault(cell.number(), 0L) <= (long) (cell.memoryMib() * ratio(host, "MEMORY_MB")), at);
            assertTrue(cpus.getOrDefault(cell.number(), 0) <= (long) (cell.cpus() * ratio(host, "VCPU")), at);
        }
        assertEquals(CellUse.taking(Map.of(), shares), host.cells(), at);
    }

    /** Each of the guest's nodes lies in a cell of its own and has there what it is to have. */
    public static void assertServed(String name, Request request, List<CellShare> shares) {
        List<Topology.Node> nodes = Topology.of(request).map(Topology::nodes).orElse(List.of());
        boolean pinned = Topology.of(request).map(Topology::pinned).orElse(false);
        assertEquals(nodes.size(), shares.size(), name);
        assertEquals(
                shares.size(), shares.stream().map(CellShare::cell).distinct().count(), name);
        for (int i = 0; i < nodes.size(); i++) {
            CellShare share = shares.get(i);
            assertEquals(nodes.get(i).cpus(), share.cpus(), name);
            assertEquals(nodes.get(i).memoryMib(), share.memoryMib(), name);
            assertEquals(pinned ? share.cpus() : 0, share.pinned().size(), name);
        }
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
            if (taken.add(cell.number())) {
                if (hasRoom(host, cell, wanted, topology.pinned()) && wouldDo(host, topology, node + 1, taken)) {
                    return true;
                }
                taken.remove(cell.number());
            }
        }
        return false;
    }

    private static boolean hasRoom(Host host, Facts.Cell cell, Topology.Node wanted, boolean pinned) {
        CellUse used = host.cells().getOrDefault(cell.number(), new CellUse(0, 0, Set.of()));
        boolean cpus = pinned
                ? used.pinned().size() + wanted.cpus() <= cell.pinnable().size()
                : wanted.cpus() <= cell.cpus()
                        && used.cpus() + wanted.cpus() <= (long) (cell.cpus() * ratio(host, "VCPU"));
        return cpus
                && wanted.memoryMib() <= cell.memoryMib()
                && used.memoryMib() + wanted.memoryMib() <= (long) (cell.memoryMib() * ratio(host, "MEMORY_MB"));
    }

    static double ratio(Host host, String resourceClass) {
        return host.inventories().containsKey(resourceClass)
                ? host.inventories().get(resourceClass).allocationRatio()
                : 1;
    }
}
