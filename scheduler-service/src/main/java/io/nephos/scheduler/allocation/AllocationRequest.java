package io.nephos.scheduler.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.scheduler.placement.Gate;
import io.nephos.scheduler.placement.Ids;
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
        /** As the client wrote it. */
        default String shown() {
            return this instanceof Generation generation ? Long.toString(generation.number()) : "null";
        }

        /** Before 1.28: whatever it is. */
        record Anything() implements Expected {}

        /** null: nobody else has made the consumer. */
        record Nothing() implements Expected {}

        record Generation(long number) implements Expected {}
    }

    /** The body of PUT: providers are a list before 1.12, then an object. */
    static AllocationRequest ofPut(String consumerId, JsonNode body, Gate gate) {
        if (gate.atLeast(12)) {
            return of(consumerId, body, gate);
        }
        SortedMap<String, SortedMap<String, Long>> resources = new TreeMap<>();
        for (JsonNode one : body.get("allocations")) {
            resources.put(
                    Ids.canonical(one.get("resource_provider").get("uuid").textValue()), amounts(one.get("resources")));
        }
        boolean owned = gate.atLeast(8);
        return new AllocationRequest(
                Ids.canonical(consumerId),
                owned ? body.get("project_id").textValue() : NOBODY,
                owned ? body.get("user_id").textValue() : NOBODY,
                new Expected.Anything(),
                Optional.empty(),
                resources);
    }

    /** Consumers by id, as in POST /allocations; no providers at all take everything away. */
    static List<AllocationRequest> ofConsumers(JsonNode consumers, Gate gate) {
        return consumers.properties().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), gate))
                .toList();
    }

    private static AllocationRequest of(String consumerId, JsonNode body, Gate gate) {
        SortedMap<String, SortedMap<String, Long>> resources = new TreeMap<>();
        body.get("allocations")
                .properties()
                .forEach(entry -> resources.put(
                        Ids.canonical(entry.getKey()), amounts(entry.getValue().get("resources"))));
        return new AllocationRequest(
                Ids.canonical(consumerId),
                body.get("project_id").textValue(),
                body.get("user_id").textValue(),
                gate.atLeast(28) ? expected(body.get("consumer_generation")) : new Expected.Anything(),
                gate.atLeast(38) ? Optional.of(body.get("consumer_type").textValue()) : Optional.empty(),
                resources);
    }

    private static Expected expected(JsonNode generation) {
        return generation.isNull() ? new Expected.Nothing() : new Expected.Generation(generation.longValue());
    }

    private static SortedMap<String, Long> amounts(JsonNode given) {
        SortedMap<String, Long> amounts = new TreeMap<>();
        given.properties()
                .forEach(entry -> amounts.put(entry.getKey(), entry.getValue().longValue()));
        return amounts;
    }
}
