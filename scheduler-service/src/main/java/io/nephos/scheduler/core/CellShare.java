package io.nephos.scheduler.core;

import java.util.List;

/**
 * What a consumer holds of one NUMA cell of its host.
 *
 * @param cell the cell's number
 * @param cpus of the guest's CPUs, those that lie here
 * @param pinned numbers of host CPUs, one for each of the guest's; empty when the guest's CPUs float over the cell's
 */
public record CellShare(int cell, int cpus, long memoryMib, List<Integer> pinned) {
    public CellShare {
        pinned = List.copyOf(pinned);
    }
}
