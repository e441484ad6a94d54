package io.nephos.scheduler.core;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is taken of a NUMA cell, by all consumers together.
 *
 * @param cpus of guests whose CPUs float over the cell's
 * @param pinned numbers of the host CPUs that are given away
 */
public record CellUse(int cpus, long memoryMib, Set<Integer> pinned) {
    static final CellUse NONE = new CellUse(0, 0, Set.of());

    public CellUse {
        pinned = Set.copyOf(pinned);
    }

    /** By the cell's number, with these shares more. */
    public static Map<Integer, CellUse> taking(Map<Integer, CellUse> cells, List<CellShare> shares) {
        if (shares.isEmpty()) {
            return cells;
        }
        Map<Integer, CellUse> more = new HashMap<>(cells);
        for (CellShare share : shares) {
            CellUse before = more.getOrDefault(share.cell(), NONE);
            Set<Integer> pinned = new HashSet<>(before.pinned);
            pinned.addAll(share.pinned());
            int floating = share.pinned().isEmpty() ? share.cpus() : 0;
            more.put(share.cell(), new CellUse(before.cpus + floating, before.memoryMib + share.memoryMib(), pinned));
        }
        return Map.copyOf(more);
    }

    /** With these shares less; a cell of which nothing is taken is not in it. */
    public static Map<Integer, CellUse> giving(Map<Integer, CellUse> cells, List<CellShare> shares) {
        if (shares.isEmpty()) {
            return cells;
        }
        Map<Integer, CellUse> less = new HashMap<>(cells);
        for (CellShare share : shares) {
            CellUse before = less.getOrDefault(share.cell(), NONE);
            Set<Integer> pinned = new HashSet<>(before.pinned);
            share.pinned().forEach(pinned::remove);
            int floating = share.pinned().isEmpty() ? share.cpus() : 0;
            CellUse after = new CellUse(before.cpus - floating, before.memoryMib - share.memoryMib(), pinned);
            less.put(share.cell(), after);
            less.remove(share.cell(), NONE);
        }
        return Map.copyOf(less);
    }
}
