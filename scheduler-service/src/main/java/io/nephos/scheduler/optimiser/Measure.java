package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.Inventory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the cloud stands.
 *
 * @param imbalance how far the hosts are from the mean load: the mean over open hosts and resource classes of |used/capacity
 *     - all used/all capacity|; 0 when all are loaded alike
 * @param cost of the hosts on which something runs
 * @param hostsInUse on which something runs
 */
public record Measure(double imbalance, long cost, int hostsInUse) {

    /** {@code used}: by host id, then by resource class, with what is fixed there. */
    static Measure of(List<World.Host> hosts, Map<String, Map<String, Long>> used) {
        Map<String, double[]> totals = new TreeMap<>();
        for (World.Host host : hosts) {
            if (host.open()) {
                host.inventories().forEach((name, inventory) -> {
                    double[] total = totals.computeIfAbsent(name, same -> new double[2]);
                    total[0] += amount(used, host, name);
                    total[1] += inventory.capacity();
                });
            }
        }
        double sum = 0;
        int terms = 0;
        long cost = 0;
        int inUse = 0;
        for (World.Host host : hosts) {
            if (!used.getOrDefault(host.id(), Map.of()).isEmpty()) {
                cost += host.cost();
                inUse++;
            }
            for (Map.Entry<String, Inventory> entry : host.inventories().entrySet()) {
                double[] total = totals.get(entry.getKey());
                if (host.open()
                        && total != null
                        && total[0] > 0
                        && entry.getValue().capacity() > 0) {
                    double load = (double) amount(used, host, entry.getKey())
                            / entry.getValue().capacity();
                    sum += Math.abs(load - total[0] / total[1]);
                    terms++;
                }
            }
        }
        return new Measure(terms == 0 ? 0 : sum / terms, cost, inUse);
    }

    private static long amount(Map<String, Map<String, Long>> used, World.Host host, String resourceClass) {
        return used.getOrDefault(host.id(), Map.of()).getOrDefault(resourceClass, 0L);
    }
}
