package io.nephos.scheduler.inventory;

import io.nephos.kit.data.Transaction;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.Names;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Inventories inside a transaction that holds the provider's row. */
@ApplicationScoped
public class InventoryStore {

    public Map<String, Inventory> of(Transaction tx, String providerId) {
        Map<String, Inventory> found = new TreeMap<>();
        for (Object[] row : tx.listNative(
                Object[].class,
                "select resource_class, total, reserved, min_unit, max_unit, step_size, allocation_ratio"
                        + " from inventory where provider_id = :provider",
                Map.of("provider", providerId))) {
            found.put(
                    (String) row[0],
                    new Inventory(
                            number(row[1]),
                            number(row[2]),
                            number(row[3]),
                            number(row[4]),
                            number(row[5]),
                            ((Number) row[6]).doubleValue()));
        }
        return found;
    }

    /** What is allocated of the provider, by resource class. */
    public Map<String, Long> used(Transaction tx, String providerId) {
        Map<String, Long> used = new TreeMap<>();
        for (Object[] row : tx.listNative(
                Object[].class,
                "select resource_class, cast(sum(used) as bigint) from allocation where provider_id = :provider"
                        + " group by resource_class",
                Map.of("provider", providerId))) {
            used.put((String) row[0], number(row[1]));
        }
        return used;
    }

    /** The classes of these that somebody holds some of. */
    public Set<String> inUse(Transaction tx, String providerId, Set<String> resourceClasses) {
        Set<String> inUse = new TreeSet<>(Names.STANDARD_FIRST);
        inUse.addAll(used(tx, providerId).keySet());
        inUse.retainAll(resourceClasses);
        return inUse;
    }

    public void put(Transaction tx, String providerId, String resourceClass, Inventory inventory) {
        Map<String, Object> parameters = new HashMap<>(Map.of(
                "provider", providerId,
                "class", resourceClass,
                "total", inventory.total(),
                "reserved", inventory.reserved(),
                "min", inventory.minUnit(),
                "max", inventory.maxUnit(),
                "step", inventory.stepSize(),
                "ratio", inventory.allocationRatio()));
        tx.executeNative(
                "insert into inventory (provider_id, resource_class, total, reserved, min_unit, max_unit, step_size,"
                        + " allocation_ratio) values (:provider, :class, :total, :reserved, :min, :max, :step, :ratio)"
                        + " on conflict (provider_id, resource_class) do update set total = :total, reserved = :reserved,"
                        + " min_unit = :min, max_unit = :max, step_size = :step, allocation_ratio = :ratio,"
                        + " updated_at = now()",
                parameters);
    }

    public boolean delete(Transaction tx, String providerId, String resourceClass) {
        return tx.executeNative(
                        "delete from inventory where provider_id = :provider and resource_class = :class",
                        Map.of("provider", providerId, "class", resourceClass))
                == 1;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
