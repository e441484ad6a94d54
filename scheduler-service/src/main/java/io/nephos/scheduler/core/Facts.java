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

    /**
     * What a NUMA cell has for servers, taken or not.
     *
     * @param cpus that servers share
     * @param pinnable numbers of the CPUs that are given to one guest CPU each
     */
    public record Cell(int number, int cpus, List<Integer> pinnable, long memoryMib) {
        public Cell {
            pinnable = List.copyOf(pinnable);
        }
    }

    public static Facts in(String availabilityZone) {
        return new Facts("", availabilityZone, "", "", "", 0, Map.of(), List.of(), 0);
    }
}
