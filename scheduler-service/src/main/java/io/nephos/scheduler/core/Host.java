package io.nephos.scheduler.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A host at one moment.
 *
 * @param id UUID of its resource provider
 * @param generation of the resource provider; a plan is only good while it has not changed
 * @param used what is allocated, by resource class; classes of which nothing is allocated are not in it
 * @param servers how many consumers hold something of it
 * @param failedBuilds since the last one that succeeded
 */
public record Host(
        String id,
        String name,
        long generation,
        Facts facts,
        boolean up,
        boolean enabled,
        Map<String, Inventory> inventories,
        Map<String, Long> used,
        int servers,
        int failedBuilds,
        Set<String> traits,
        List<Aggregate> aggregates) {

    public String availabilityZone() {
        return facts.availabilityZone();
    }

    /** What one more consumer could get of a class; 0 when the host has none of it. */
    public long available(String resourceClass) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory == null ? 0 : inventory.available(used.getOrDefault(resourceClass, 0L));
    }

    /** What is not handed out, whatever one consumer may take of it. */
    public long free(String resourceClass) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory == null ? 0 : inventory.capacity() - used.getOrDefault(resourceClass, 0L);
    }

    public long capacity(String resourceClass) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory == null ? 0 : inventory.capacity();
    }

    public boolean fits(String resourceClass, long amount) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory != null && inventory.fits(used.getOrDefault(resourceClass, 0L), amount);
    }

    public boolean fits(Map<String, Long> resources) {
        for (Map.Entry<String, Long> need : resources.entrySet()) {
            if (!fits(need.getKey(), need.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** With one more consumer that holds this. */
    public Host taking(Map<String, Long> resources) {
        Map<String, Long> more = new HashMap<>(used);
        resources.forEach((resourceClass, amount) -> more.merge(resourceClass, amount, Long::sum));
        return holding(generation, more, servers + 1);
    }

    /** With one consumer fewer. */
    public Host giving(Map<String, Long> resources) {
        Map<String, Long> less = new HashMap<>(used);
        resources.forEach((resourceClass, amount) ->
                less.computeIfPresent(resourceClass, (same, held) -> held.equals(amount) ? null : held - amount));
        return holding(generation, less, servers - 1);
    }

    public Host at(long newGeneration) {
        return holding(newGeneration, used, servers);
    }

    private Host holding(long newGeneration, Map<String, Long> newUsed, int newServers) {
        return new Host(
                id,
                name,
                newGeneration,
                facts,
                up,
                enabled,
                inventories,
                newUsed,
                newServers,
                failedBuilds,
                traits,
                aggregates);
    }
}
