package io.nephos.scheduler.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The NUMA nodes that a guest is to have, as Nova reads them: {@code hw:numa_nodes}, {@code hw:cpu_policy} and
 * {@code hw:numa_cpus.N}, {@code hw:numa_mem.N} of a flavor, {@code hw_numa_nodes} and {@code hw_cpu_policy} of an image.
 * Dedicated CPUs without a number of nodes lie in one.
 *
 * @param pinned each CPU has a host CPU for itself
 */
public record Topology(boolean pinned, List<Node> nodes) {
    /** One node of the guest. */
    public record Node(int cpus, long memoryMib) {}

    /** Empty when the request asks for none. */
    public static Optional<Topology> of(Request request) {
        String policy = wanted(request, "hw:cpu_policy", "hw_cpu_policy");
        String number = wanted(request, "hw:numa_nodes", "hw_numa_nodes");
        boolean pinned = policy.equals("dedicated");
        if (number.isEmpty() && !pinned) {
            return Optional.empty();
        }
        int count = number.matches("[1-9][0-9]?") ? Integer.parseInt(number) : 1;
        long cpus = pinned && request.resources().containsKey("PCPU")
                ? request.resources().getOrDefault("PCPU", 0L)
                : request.resources().getOrDefault("VCPU", 0L);
        long memory = request.resources().getOrDefault("MEMORY_MB", 0L);
        List<Node> nodes = new ArrayList<>();
        for (int node = 0; node < count; node++) {
            String listed = request.extra("hw:numa_cpus." + node);
            String given = request.extra("hw:numa_mem." + node);
            nodes.add(new Node(
                    listed.isEmpty() ? (int) share(cpus, count, node) : count(listed),
                    given.matches("[0-9]{1,12}") ? Long.parseLong(given) : share(memory, count, node)));
        }
        return Optional.of(new Topology(pinned, List.copyOf(nodes)));
    }

    private static String wanted(Request request, String extraSpec, String property) {
        String extra = request.extra(extraSpec);
        return extra.isEmpty() ? request.spec().imageProperties().getOrDefault(property, "") : extra;
    }

    /** Equal parts; what is left over goes to the first. */
    private static long share(long all, int parts, int part) {
        return all / parts + (part < all % parts ? 1 : 0);
    }

    /** How many are in a list such as "0-3,7". */
    private static int count(String list) {
        int count = 0;
        for (String part : list.split(",", -1)) {
            String[] ends = part.strip().split("-", 2);
            if (Arrays.stream(ends).allMatch(end -> end.matches("[0-9]{1,4}"))) {
                count += Math.max(0, Integer.parseInt(ends[ends.length - 1]) - Integer.parseInt(ends[0]) + 1);
            }
        }
        return count;
    }

    /** Where it would lie, node by node, each in a cell of its own; empty when the host has no such cells free. */
    Optional<List<CellShare>> on(Host host) {
        List<Facts.Cell> cells = new ArrayList<>(host.facts().cells());
        cells.sort(
                Comparator.comparingLong((Facts.Cell cell) -> -free(host, cell)).thenComparingInt(Facts.Cell::number));
        int[] nodeOf = new int[cells.size()];
        if (!settle(host, cells, nodeOf)) {
            return Optional.empty();
        }
        CellShare[] shares = new CellShare[nodes.size()];
        for (int at = 0; at < nodeOf.length; at++) {
            if (nodeOf[at] >= 0) {
                shares[nodeOf[at]] = share(host, cells.get(at), nodes.get(nodeOf[at]));
            }
        }
        return Optional.of(List.of(shares));
    }

    /** The host has such cells free. */
    boolean fits(Host host) {
        List<Facts.Cell> cells = host.facts().cells();
        if (cells.size() < nodes.size()) {
            return false;
        }
        if (nodes.size() == 1) {
            for (Facts.Cell cell : cells) {
                if (fits(host, cell, nodes.getFirst())) {
                    return true;
                }
            }
            return false;
        }
        return settle(host, cells, new int[cells.size()]);
    }

    /** Finds each node a cell, and writes into {@code nodeOf} whose each cell is; -1 for nobody's. */
    private boolean settle(Host host, List<Facts.Cell> cells, int[] nodeOf) {
        Arrays.fill(nodeOf, -1);
        for (int node = 0; node < nodes.size(); node++) {
            if (!settle(node, host, cells, nodeOf, new boolean[cells.size()])) {
                return false;
            }
        }
        return true;
    }

    /** Finds the node a cell; whoever is there may have to take another. */
    private boolean settle(int node, Host host, List<Facts.Cell> cells, int[] nodeOf, boolean[] tried) {
        for (int at = 0; at < cells.size(); at++) {
            if (!tried[at] && fits(host, cells.get(at), nodes.get(node))) {
                tried[at] = true;
                if (nodeOf[at] < 0 || settle(nodeOf[at], host, cells, nodeOf, tried)) {
                    nodeOf[at] = node;
                    return true;
                }
            }
        }
        return false;
    }

    private boolean fits(Host host, Facts.Cell cell, Node node) {
        CellUse used = host.cells().getOrDefault(cell.number(), CellUse.NONE);
        boolean cpus = pinned
                ? cell.pinnable().size() - used.pinned().size() >= node.cpus()
                : node.cpus() <= cell.cpus() && used.cpus() + node.cpus() <= (long) (cell.cpus() * ratio(host, "VCPU"));
        return cpus && node.memoryMib() <= cell.memoryMib() && free(host, cell) >= node.memoryMib();
    }

    private static long free(Host host, Facts.Cell cell) {
        return (long) (cell.memoryMib() * ratio(host, "MEMORY_MB"))
                - host.cells().getOrDefault(cell.number(), CellUse.NONE).memoryMib();
    }

    private static double ratio(Host host, String resourceClass) {
        Inventory inventory = host.inventories().get(resourceClass);
        return inventory == null ? 1 : inventory.allocationRatio();
    }

    private CellShare share(Host host, Facts.Cell cell, Node node) {
        CellUse used = host.cells().getOrDefault(cell.number(), CellUse.NONE);
        List<Integer> cpus = pinned
                ? cell.pinnable().stream()
                        .filter(cpu -> !used.pinned().contains(cpu))
                        .limit(node.cpus())
                        .toList()
                : List.of();
        return new CellShare(cell.number(), node.cpus(), node.memoryMib(), cpus);
    }
}
