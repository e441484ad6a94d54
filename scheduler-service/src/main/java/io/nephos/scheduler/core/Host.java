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
 * @param cells what is taken of its NUMA cells, by their numbers; cells of which nothing is taken are not in it
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
        List<Aggregate> aggregates,
        Map<Integer, CellUse> cells) {

    /** Nothing of its NUMA cells is taken. */
    public Host(
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
        this(
                id,
                name,
                generation,
                facts,
                up,
                enabled,
                inventories,
                used,
                servers,
                failedBuilds,
                traits,
                aggregates,
                Map.of());
    }

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

    /** What one consumer could get at most if nobody else were there. */
    long largest(String resourceClass) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory == null ? 0 : inventory.available(0);
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
    public Host taking(Map<String, Long> resources, List<CellShare> shares) {
        Map<String, Long> more = new HashMap<>(used);
        resources.forEach((resourceClass, amount) -> more.merge(resourceClass, amount, Long::sum));
        return holding(generation, more, servers + 1, CellUse.taking(cells, shares));
    }

    /** With one consumer fewer. */
    public Host giving(Map<String, Long> resources, List<CellShare> shares) {
        Map<String, Long> less = new HashMap<>(used);
        resources.forEach((resourceClass, amount) ->
                less.computeIfPresent(resourceClass, (same, held) -> held.equals(amount) ? null : held - amount));
        return holding(generation, less, servers - 1, CellUse.giving(cells, shares));
    }

    public Host at(long newGeneration) {
        return holding(newGeneration, used, servers, cells);
    }

    /** Itself, with the other's maps and sets where they are equal: what does not change is kept once, and told at once. */
    public Host sharingWith(Host other) {
        return new Host(
                id,
                name,
                generation,
                facts.equals(other.facts) ? other.facts : facts,
                up,
                enabled,
                inventories.equals(other.inventories) ? other.inventories : inventories,
                used,
                servers,
                failedBuilds,
                traits.equals(other.traits) ? other.traits : traits,
                aggregates.equals(other.aggregates) ? other.aggregates : aggregates,
                cells);
    }

    private Host holding(
            long newGeneration, Map<String, Long> newUsed, int newServers, Map<Integer, CellUse> newCells) {
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
                aggregates,
                newCells);
    }
}
