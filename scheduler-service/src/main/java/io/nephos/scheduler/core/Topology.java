package io.nephos.scheduler.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /** Of a guest that holds these; empty when it holds none. */
    public static Optional<Topology> holding(List<CellShare> shares) {
        return shares.isEmpty()
                ? Optional.empty()
                : Optional.of(new Topology(
                        shares.stream().anyMatch(share -> !share.pinned().isEmpty()),
                        shares.stream()
                                .map(share -> new Node(share.cpus(), share.memoryMib()))
                                .toList()));
    }

    /** As it is said to users: "2 CPUs of its own with 512 MiB and, in another cell, 1 CPU of its own with 256 MiB". */
    String shown() {
        return nodes.stream()
                .map(node -> node.cpus() + (node.cpus() == 1 ? " CPU" : " CPUs") + (pinned ? " of its own" : "")
                        + " with " + node.memoryMib() + " MiB")
                .collect(Collectors.joining(" and, in another cell, "));
    }

    Optional<List<CellShare>> on(Host host) {
        return on(Cells.of(host));
    }

    /** Where it would lie, node by node, each in a cell of its own; empty when there are no such cells free. */
    public Optional<List<CellShare>> on(Cells there) {
        List<Facts.Cell> cells = new ArrayList<>(there.all());
        cells.sort(Comparator.comparingLong((Facts.Cell cell) -> -there.freeMib(cell))
                .thenComparingInt(Facts.Cell::number));
        int[] nodeOf = new int[cells.size()];
        if (!settle(there, cells, nodeOf)) {
            return Optional.empty();
        }
        CellShare[] shares = new CellShare[nodes.size()];
        for (int at = 0; at < nodeOf.length; at++) {
            if (nodeOf[at] >= 0) {
                shares[nodeOf[at]] = there.share(cells.get(at), nodes.get(nodeOf[at]), pinned);
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
        Cells there = Cells.of(host);
        if (nodes.size() == 1) {
            for (Facts.Cell cell : cells) {
                if (there.fits(cell, nodes.getFirst(), pinned)) {
                    return true;
                }
            }
            return false;
        }
        return settle(there, cells, new int[cells.size()]);
    }

    /** Finds each node a cell, and writes into {@code nodeOf} whose each cell is; -1 for nobody's. */
    private boolean settle(Cells there, List<Facts.Cell> cells, int[] nodeOf) {
        Arrays.fill(nodeOf, -1);
        for (int node = 0; node < nodes.size(); node++) {
            if (!settle(node, there, cells, nodeOf, new boolean[cells.size()])) {
                return false;
            }
        }
        return true;
    }

    /** Finds the node a cell; whoever is there may have to take another. */
    private boolean settle(int node, Cells there, List<Facts.Cell> cells, int[] nodeOf, boolean[] tried) {
        for (int at = 0; at < cells.size(); at++) {
            if (!tried[at] && there.fits(cells.get(at), nodes.get(node), pinned)) {
                tried[at] = true;
                if (nodeOf[at] < 0 || settle(nodeOf[at], there, cells, nodeOf, tried)) {
                    nodeOf[at] = node;
                    return true;
                }
            }
        }
        return false;
    }
}
