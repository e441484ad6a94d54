package io.nephos.scheduler.placement;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which traits there must and must not be.
 *
 * @param anyOf at least one of each set
 * @param none none of these
 */
public record TraitRule(List<Set<String>> anyOf, Set<String> none) {
    public static final TraitRule ANY = new TraitRule(List.of(), Set.of());

    public boolean allows(Set<String> traits) {
        return has(traits) && lacks(traits);
    }

    public boolean has(Set<String> traits) {
        return anyOf.stream().allMatch(set -> set.stream().anyMatch(traits::contains));
    }

    public boolean lacks(Set<String> traits) {
        return none.stream().noneMatch(traits::contains);
    }

    public Set<String> names() {
        Set<String> names = new HashSet<>(none);
        anyOf.forEach(names::addAll);
        return names;
    }
}
