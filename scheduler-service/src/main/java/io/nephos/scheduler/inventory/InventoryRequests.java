package io.nephos.scheduler.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Schema;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Inventories as clients send them. */
public final class InventoryRequests {
    private static final Schema.Properties FIELDS = Schema.object()
            .with("total", Schema.integer(1, Schema.LARGEST))
            .optional("reserved", Schema.integer(0, Schema.LARGEST))
            .optional("min_unit", Schema.integer(1, Schema.LARGEST))
            .optional("max_unit", Schema.integer(1, Schema.LARGEST))
            .optional("step_size", Schema.integer(1, Schema.LARGEST))
            .optional("allocation_ratio", Schema.number(3.40282e38));

    private static final Schema ONE_OF_ALL = FIELDS.optional("resource_provider_generation", Schema.integer());

    /** A new inventory: {@code {"resource_class": "VCPU", "total": 4}}. */
    static final Schema NEW = FIELDS.with("resource_class", Schema.word(Pattern.compile("[A-Z0-9_]+"), "^[A-Z0-9_]+$"))
            .optional("resource_provider_generation", Schema.integer());

    /** One inventory that is there. */
    static final Schema ONE = FIELDS.with("resource_provider_generation", Schema.integer());

    /** All inventories of a provider: {@code {"resource_provider_generation": 1, "inventories": {"VCPU": {"total": 4}}}}. */
    public static final Schema ALL = Schema.object()
            .with("resource_provider_generation", Schema.integer())
            .with("inventories", Schema.object().keys(Schema.CLASS_KEY, ONE_OF_ALL));

    private InventoryRequests() {}

    /** {@code {"VCPU": {"total": 4}, ...}}; {@code provider} as a refusal names it. */
    public static Map<String, Inventory> readAll(JsonNode given, String provider, Gate gate) {
        Map<String, Inventory> all = new TreeMap<>();
        given.properties()
                .forEach(entry -> all.put(
                        entry.getKey(),
                        read(entry.getValue(), entry.getKey(), "Unable to update inventory for " + provider, gate)));
        return all;
    }

    /** {@code unable} is what is said first when nothing would be left to hand out. */
    static Inventory read(JsonNode given, String resourceClass, String unable, Gate gate) {
        Inventory inventory = new Inventory(
                given.get("total").longValue(),
                given.path("reserved").asLong(0),
                given.path("min_unit").asLong(1),
                given.path("max_unit").asLong(Schema.LARGEST),
                given.path("step_size").asLong(1),
                given.path("allocation_ratio").asDouble(1));
        long least = gate.atLeast(26) ? 0 : 1;
        if (inventory.reserved() > inventory.total() || inventory.capacity() < least) {
            throw Fault.badRequest(unable + ": Invalid inventory for '" + resourceClass
                    + "' on resource provider. The reserved value is greater than "
                    + (gate.atLeast(26) ? "" : "or equal to ") + "total.");
        }
        return inventory;
    }
}
