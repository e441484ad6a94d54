package io.nephos.scheduler.candidate;

import io.nephos.scheduler.placement.AggregateRule;
import io.nephos.scheduler.placement.TraitRule;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Resources that belong together. Those of a group with a suffix come from one provider; those of the group without one may
 * come from several of a tree.
 *
 * @param inTree a provider of the tree that is to give them
 */
record RequestGroup(
        String suffix,
        SortedMap<String, Long> resources,
        TraitRule traits,
        AggregateRule aggregates,
        Optional<String> inTree) {

    boolean fromOneProvider() {
        return !suffix.isEmpty();
    }
}
