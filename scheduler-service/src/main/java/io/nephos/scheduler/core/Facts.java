package io.nephos.scheduler.core;

import java.util.List;
import java.util.Map;

/**
 * What a host's agent says of it beside capacity.
 *
 * @param node the hypervisor's own name; as the host's where it is not told
 * @param address of the host on the network, for SimpleCIDRAffinityFilter; may be empty
 * @param hypervisorVersion as libvirt numbers it
 * @param properties what ComputeCapabilitiesFilter and JsonFilter can ask for beside the known names
 * @param cells NUMA cells; empty when the host does not tell
 * @param ioOps builds, resizes and snapshots that it is busy with
 */
public record Facts(
        String agentAddress,
        String availabilityZone,
        String node,
        String address,
        String hypervisorType,
        int hypervisorVersion,
        Map<String, String> properties,
        List<Cell> cells,
        int ioOps) {

    /** What is free in a NUMA cell. */
    public record Cell(int cpus, int pinnableCpus, long memoryMib) {}

    public static Facts in(String availabilityZone) {
        return new Facts("", availabilityZone, "", "", "", 0, Map.of(), List.of(), 0);
    }
}
