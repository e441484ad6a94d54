package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Gate;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a consumer is to hold.
 *
 * @param resources by provider, then by resource class; empty to hold nothing
 */
record AllocationRequest(
        String consumerId, String projectId, String userId, SortedMap<String, SortedMap<String, Long>> resources) {
    /** Whom allocations of before 1.8, which named nobody, belong to. */
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    /** The body of PUT: providers are a list before 1.12, then an object. */
    static AllocationRequest ofPut(String consumerId, JsonNode body, Gate gate) {
        Fields fields = Fields.ofBody(body);
        if (gate.atLeast(12)) {
            return ofObject(consumerId, fields, 1);
        }
        boolean owned = gate.atLeast(8);
        if (owned) {
            fields.only("allocations", "project_id", "user_id");
        } else {
            fields.only("allocations");
        }
        SortedMap<String, SortedMap<String, Long>> resources = new TreeMap<>();
        for (Fields one : fields.objects("allocations")) {
            one.only("resource_provider", "resources");
            resources.put(one.object("resource_provider").only("uuid").uuid("uuid"), amounts(one.object("resources")));
        }
        if (resources.isEmpty()) {
            throw Fault.badRequest("JSON does not validate: allocations must not be empty.");
        }
        return new AllocationRequest(
                consumerId,
                owned ? fields.text("project_id", 1, 255) : NOBODY,
                owned ? fields.text("user_id", 1, 255) : NOBODY,
                resources);
    }

    /** One consumer of POST; no providers at all take everything away. */
    static AllocationRequest ofPost(String consumerId, Fields fields) {
        return ofObject(consumerId, fields, 0);
    }

    private static AllocationRequest ofObject(String consumerId, Fields fields, int atLeast) {
        fields.only("allocations", "project_id", "user_id");
        if (!fields.has("allocations")) {
            throw fields.required("allocations");
        }
        Fields given = fields.object("allocations");
        SortedMap<String, SortedMap<String, Long>> resources = new TreeMap<>();
        given.json().fieldNames().forEachRemaining(provider -> {
            if (!Fields.isUuid(provider)) {
                throw Fault.badRequest("JSON does not validate: '" + provider + "' is not a UUID.");
            }
            // What GET shows may be sent back: the provider's generation is read over.
            Fields one = given.object(provider).only("resources", "generation");
            resources.put(provider, amounts(one.object("resources")));
        });
        if (resources.size() < atLeast) {
            throw Fault.badRequest("JSON does not validate: allocations must not be empty.");
        }
        return new AllocationRequest(
                consumerId, fields.text("project_id", 1, 255), fields.text("user_id", 1, 255), resources);
    }

    private static SortedMap<String, Long> amounts(Fields given) {
        SortedMap<String, Long> amounts = new TreeMap<>();
        given.json()
                .fieldNames()
                .forEachRemaining(name -> amounts.put(
                        name, given.optionalLong(name, 1, Integer.MAX_VALUE).orElseThrow(() -> given.required(name))));
        if (amounts.isEmpty()) {
            throw Fault.badRequest("JSON does not validate: resources must not be empty.");
        }
        return amounts;
    }
}
