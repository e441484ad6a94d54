package io.nephos.scheduler.inventory;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.Gate;
import java.util.Map;
import java.util.TreeMap;

/** Inventories as clients send them. */
public final class InventoryRequests {
    private static final long LARGEST = Integer.MAX_VALUE;
    private static final String[] FIELDS = {"total", "reserved", "min_unit", "max_unit", "step_size", "allocation_ratio"
    };

    private InventoryRequests() {}

    /** {@code {"VCPU": {"total": 4}, ...}}. */
    public static Map<String, Inventory> readAll(Fields given, Gate gate) {
        Map<String, Inventory> all = new TreeMap<>();
        given.json()
                .fieldNames()
                .forEachRemaining(name -> all.put(name, read(given.object(name).only(FIELDS), name, gate)));
        return all;
    }

    static Inventory read(Fields fields, String resourceClass, Gate gate) {
        Inventory inventory = new Inventory(
                fields.optionalLong("total", 1, LARGEST).orElseThrow(() -> fields.required("total")),
                fields.optionalLong("reserved", 0, LARGEST).orElse(0L),
                fields.optionalLong("min_unit", 1, LARGEST).orElse(1L),
                fields.optionalLong("max_unit", 1, LARGEST).orElse(LARGEST),
                fields.optionalLong("step_size", 1, LARGEST).orElse(1L),
                fields.optionalNumber("allocation_ratio", 0, 3.40282e38).orElse(1.0));
        boolean allReserved = inventory.total() == inventory.reserved() && gate.atLeast(26);
        if (inventory.reserved() > inventory.total() || inventory.capacity() <= 0 && !allReserved) {
            throw Fault.badRequest("Invalid inventory for '" + resourceClass
                    + "' on resource provider. The reserved value is greater than "
                    + (gate.atLeast(26) ? "" : "or equal to ") + "total.");
        }
        return inventory;
    }
}
