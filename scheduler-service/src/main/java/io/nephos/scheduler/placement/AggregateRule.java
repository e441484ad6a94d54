package io.nephos.scheduler.placement;

import java.util.List;
import java.util.Set;

/**
 * Which aggregates a provider must and must not be in.
 *
 * @param anyOf at least one of each set
 * @param none none of these
 */
public record AggregateRule(List<Set<String>> anyOf, Set<String> none) {
    public static final AggregateRule ANY = new AggregateRule(List.of(), Set.of());

    public boolean allows(Set<String> aggregates) {
        return anyOf.stream().allMatch(set -> set.stream().anyMatch(aggregates::contains))
                && none.stream().noneMatch(aggregates::contains);
    }
}
