package io.nephos.scheduler.provider;

import io.nephos.scheduler.core.Inventory;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A resource provider with all that the books say of it. */
public record Provider(
        String id,
        String name,
        long generation,
        Optional<String> parentId,
        String rootId,
        Instant updatedAt,
        Map<String, Inventory> inventories,
        Map<String, Long> used,
        Set<String> traits,
        Set<String> aggregates) {

    /** The trait of a provider whose inventory all providers of its aggregates may use. */
    public static final String SHARING = "MISC_SHARES_VIA_AGGREGATE";

    public boolean fits(String resourceClass, long amount) {
        Inventory inventory = inventories.get(resourceClass);
        return inventory != null && inventory.fits(used.getOrDefault(resourceClass, 0L), amount);
    }

    /** Itself, with the other's sets and maps where they are equal: what does not change is kept once. */
    Provider sharingWith(Provider other) {
        return new Provider(
                id,
                name,
                generation,
                parentId,
                rootId,
                updatedAt,
                inventories.equals(other.inventories) ? other.inventories : inventories,
                used,
                traits.equals(other.traits) ? other.traits : traits,
                aggregates.equals(other.aggregates) ? other.aggregates : aggregates);
    }

    public boolean sharing() {
        return traits.contains(SHARING);
    }

    public boolean inAnyOf(Set<String> wanted) {
        return aggregates.stream().anyMatch(wanted::contains);
    }
}
