package io.nephos.scheduler.core;

import java.util.Map;
import java.util.Set;

/**
 * A host at one moment.
 *
 * @param id UUID of its resource provider
 * @param generation of the resource provider; a plan is only good while it has not changed
 * @param used what is allocated, by resource class
 */
public record Host(
        String id,
        String name,
        long generation,
        String agentAddress,
        String availabilityZone,
        boolean up,
        boolean enabled,
        Map<String, Inventory> inventories,
        Map<String, Long> used,
        Set<String> traits) {

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

    public boolean fits(String resourceClass, long amount) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory != null && inventory.fits(used.getOrDefault(resourceClass, 0L), amount);
    }
}
