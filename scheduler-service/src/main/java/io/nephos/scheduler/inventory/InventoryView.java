package io.nephos.scheduler.inventory;

import io.nephos.scheduler.core.Inventory;
import java.util.LinkedHashMap;
import java.util.Map;

/** Inventories as Placement shows them. */
final class InventoryView {
    private InventoryView() {}

    static Map<String, Object> of(Inventory inventory) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("total", inventory.total());
        view.put("reserved", inventory.reserved());
        view.put("min_unit", inventory.minUnit());
        view.put("max_unit", inventory.maxUnit());
        view.put("step_size", inventory.stepSize());
        view.put("allocation_ratio", inventory.allocationRatio());
        return view;
    }

    static Map<String, Object> of(Inventory inventory, long generation) {
        Map<String, Object> view = of(inventory);
        view.put("resource_provider_generation", generation);
        return view;
    }

    static Map<String, Object> of(Map<String, Inventory> inventories, long generation) {
        Map<String, Object> all = new LinkedHashMap<>();
        inventories.forEach((resourceClass, inventory) -> all.put(resourceClass, of(inventory)));
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("resource_provider_generation", generation);
        view.put("inventories", all);
        return view;
    }
}
