package io.nephos.scheduler.core;

import io.nephos.scheduler.core.Topology.Node;
import java.util.List;
import java.util.Map;

/**
 * The NUMA cells of a host, and what is taken of them.
 *
 * @param used by the cell's number; cells of which nothing is taken are not in it
 * @param cpuRatio overcommit of the CPUs that servers share
 */
public record Cells(List<Facts.Cell> all, Map<Integer, CellUse> used, double cpuRatio, double memoryRatio) {
    public static final Cells NONE = new Cells(List.of(), Map.of(), 1, 1);

    static Cells of(Host host) {
        return of(host.facts().cells(), host.cells(), host.inventories());
    }

    public static Cells of(List<Facts.Cell> all, Map<Integer, CellUse> used, Map<String, Inventory> inventories) {
        return new Cells(all, used, ratio(inventories, "VCPU"), ratio(inventories, "MEMORY_MB"));
    }

    private static double ratio(Map<String, Inventory> inventories, String resourceClass) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory == null ? 1 : inventory.allocationRatio();
    }

    public Cells taking(List<CellShare> shares) {
        return new Cells(all, CellUse.taking(used, shares), cpuRatio, memoryRatio);
    }

    public Cells giving(List<CellShare> shares) {
        return new Cells(all, CellUse.giving(used, shares), cpuRatio, memoryRatio);
    }

    public CellUse use(Facts.Cell cell) {
        return used.getOrDefault(cell.number(), CellUse.NONE);
    }

    /** How many CPUs of guests may float over the cell's, in all. */
    public long floating(Facts.Cell cell) {
        return (long) (cell.cpus() * cpuRatio);
    }

    /** How much memory guests may have of the cell, in all. */
    public long memoryMib(Facts.Cell cell) {
        return (long) (cell.memoryMib() * memoryRatio);
    }

    boolean fits(Facts.Cell cell, Node node, boolean pinned) {
        CellUse taken = use(cell);
        boolean cpus = pinned
                ? cell.pinnable().size() - taken.pinned().size() >= node.cpus()
                : node.cpus() <= cell.cpus() && taken.cpus() + node.cpus() <= floating(cell);
        return cpus && node.memoryMib() <= cell.memoryMib() && freeMib(cell) >= node.memoryMib();
    }

    long freeMib(Facts.Cell cell) {
        return memoryMib(cell) - use(cell).memoryMib();
    }

    /** What the node gets there. */
    public CellShare share(Facts.Cell cell, Node node, boolean pinned) {
        CellUse taken = use(cell);
        List<Integer> cpus = pinned
                ? cell.pinnable().stream()
                        .filter(cpu -> !taken.pinned().contains(cpu))
                        .limit(node.cpus())
                        .toList()
                : List.of();
        return new CellShare(cell.number(), node.cpus(), node.memoryMib(), cpus);
    }
}
