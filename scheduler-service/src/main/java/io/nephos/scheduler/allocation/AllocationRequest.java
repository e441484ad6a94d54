package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.scheduler.placement.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a consumer is to hold.
 *
 * @param expected what the client knows of the consumer
 * @param consumerType since 1.38
 * @param resources by provider, then by resource class; empty to hold nothing
 */
record AllocationRequest(
        String consumerId,
        String projectId,
        String userId,
        Expected expected,
        Optional<String> consumerType,
        SortedMap<String, SortedMap<String, Long>> resources) {
    /** Whom allocations of before 1.8, which named nobody, belong to. */
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    /** The consumer_generation of a request. */
    sealed interface Expected {
        /** Before 1.28: whatever it is. */
        record Anything() implements Expected {}

        /** null: nobody else has made the consumer. */
        record Nothing() implements Expected {}

        record Generation(long number) implements Expected {}
    }

    /** The body of PUT: providers are a list before 1.12, then an object. */
    static AllocationRequest ofPut(String consumerId, JsonNode body, Gate gate) {
        Fields fields = Fields.ofBody(body);
        if (gate.atLeast(12)) {
            return of(consumerId, fields, gate, gate.atLeast(28) ? 0 : 1);
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
                new Expected.Anything(),
                Optional.empty(),
                resources);
    }

    /** Consumers by id, as in POST /allocations; no providers at all take everything away. */
    static List<AllocationRequest> ofConsumers(Fields consumers, Gate gate) {
        List<AllocationRequest> requests = new ArrayList<>();
        consumers.json().fieldNames().forEachRemaining(consumer -> {
            if (!Fields.isUuid(consumer)) {
                throw Fault.badRequest("JSON does not validate: '" + consumer + "' is not a UUID.");
            }
            requests.add(of(consumer, consumers.object(consumer), gate, 0));
        });
        return requests;
    }

    private static AllocationRequest of(String consumerId, Fields fields, Gate gate, int atLeast) {
        fields.only(names(gate));
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
                consumerId,
                fields.text("project_id", 1, 255),
                fields.text("user_id", 1, 255),
                gate.atLeast(28) ? expected(fields) : new Expected.Anything(),
                gate.atLeast(38) ? Optional.of(type(fields)) : Optional.empty(),
                resources);
    }

    private static String[] names(Gate gate) {
        List<String> names = new ArrayList<>(List.of("allocations", "project_id", "user_id"));
        if (gate.atLeast(28)) {
            names.add("consumer_generation");
        }
        if (gate.atLeast(34)) {
            names.add("mappings");
        }
        if (gate.atLeast(38)) {
            names.add("consumer_type");
        }
        return names.toArray(String[]::new);
    }

    private static Expected expected(Fields fields) {
        if (!fields.has("consumer_generation")) {
            throw fields.required("consumer_generation");
        }
        return fields.optionalLong("consumer_generation", 0, Long.MAX_VALUE)
                .<Expected>map(Expected.Generation::new)
                .orElseGet(Expected.Nothing::new);
    }

    private static String type(Fields fields) {
        String type = fields.text("consumer_type", 1, 255);
        if (!type.matches("[A-Z0-9_]+")) {
            throw fields.invalid("consumer_type", "must match '^[A-Z0-9_]+$'.");
        }
        return type;
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
