package io.nephos.scheduler.core;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A host aggregate. One that only Placement knows has neither name nor metadata.
 *
 * @param metadata as Nova's: what filters compare with, and {@code ram_weight_multiplier} and its like
 */
public record Aggregate(String id, String name, Map<String, String> metadata) {

    /** The availability zone that a host is in for being in these; empty when none of them is one. */
    public static Optional<String> zone(List<Aggregate> aggregates) {
        return aggregates.stream()
                .map(aggregate -> aggregate.metadata().getOrDefault("availability_zone", ""))
                .filter(zone -> !zone.isEmpty())
                .findFirst();
    }

    /** The values of a key, which are separated by commas; empty when the key is not there. */
    public Set<String> values(String key) {
        String value = metadata.get(key);
        return value == null
                ? Set.of()
                : Arrays.stream(value.split(",")).map(String::strip).collect(Collectors.toSet());
    }
}
