package io.nephos.scheduler.core;

import java.util.List;
import java.util.Set;

/**
 * A preference that does not depend on the request, under Nova's name. Nova scales each to 0..1 over the hosts in question
 * of one request; here the whole cloud is the scale, so that the best host can be kept in an index.
 *
 * @param key in an aggregate's metadata
 * @param value of a host, 0..1; {@code scale} holds the cloud's largest capacities
 */
record Weigher(String name, String key, Value value) {
    /** So many IO operations, servers or failures on a host count as full. */
    private static final double BUSY = 8;

    private static final double CROWDED = 100;
    private static final Set<String> DEVICES = Set.of("PCI_DEVICE", "VGPU", "PGPU", "FPGA");
    private static final double BROKEN = 10;

    interface Value {
        double of(Host host, Scale scale);
    }

    /** The largest capacity that a host has, by resource class. */
    record Scale(long cpus, long memoryMib, long diskGib) {}

    static final List<Weigher> ALL = List.of(
            new Weigher(
                    "RAMWeigher",
                    "ram_weight_multiplier",
                    (host, scale) -> share(host.free("MEMORY_MB"), scale.memoryMib())),
            new Weigher("CPUWeigher", "cpu_weight_multiplier", (host, scale) -> share(host.free("VCPU"), scale.cpus())),
            new Weigher(
                    "DiskWeigher",
                    "disk_weight_multiplier",
                    (host, scale) -> share(host.free("DISK_GB"), scale.diskGib())),
            new Weigher(
                    "IoOpsWeigher",
                    "io_ops_weight_multiplier",
                    (host, scale) -> Math.min(1, host.facts().ioOps() / BUSY)),
            new Weigher(
                    "NumInstancesWeigher",
                    "num_instances_weight_multiplier",
                    (host, scale) -> Math.min(1, host.servers() / CROWDED)),
            new Weigher(
                    "BuildFailureWeigher",
                    "build_failure_weight_multiplier",
                    (host, scale) -> -Math.min(1, host.failedBuilds() / BROKEN)),
            // Keeps devices for those who ask for them; among hosts that have what was asked for it makes no
            // difference.
            new Weigher("PCIWeigher", "pci_weight_multiplier", (host, scale) -> hasDevices(host) ? -1 : 0));

    private static boolean hasDevices(Host host) {
        for (String name : host.inventories().keySet()) {
            if (name.startsWith("CUSTOM_PCI_") || DEVICES.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static double share(long free, long largest) {
        return largest == 0 ? 0 : (double) free / largest;
    }

    /** The score of a host in steps of a thousandth: hosts that differ by less are equal, and share what comes. */
    static long score(Host host, Scale scale, Weights weights) {
        double score = 0;
        for (Weigher weigher : ALL) {
            double multiplier = weights.of(weigher, host);
            if (multiplier != 0) {
                score += multiplier * weigher.value().of(host, scale);
            }
        }
        return steps(score);
    }

    static long steps(double score) {
        return Math.round(score * 1000);
    }
}
