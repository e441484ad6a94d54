package io.nephos.scheduler.candidate;

import io.nephos.scheduler.placement.Query;
import io.nephos.scheduler.provider.Provider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which combinations of providers could give what is asked, pure: one provider, helped by those that share with its
 * aggregates. Trees are not walked (that is 1.29): a child is a provider by itself.
 */
final class Candidates {
    private Candidates() {}

    /** By provider, then by resource class. */
    record Candidate(SortedMap<String, SortedMap<String, Long>> allocations) {}

    static List<Candidate> find(
            List<Provider> providers,
            SortedMap<String, Long> resources,
            Query.Traits traits,
            List<Set<String>> memberOf,
            int limit) {
        Set<Candidate> found = new LinkedHashSet<>();
        for (Provider anchor : providers) {
            if (found.size() >= limit) {
                break;
            }
            if (memberOf.stream().allMatch(anchor::inAnyOf)) {
                combine(anchor, providers, List.copyOf(resources.entrySet()), new ArrayList<>(), traits, found, limit);
            }
        }
        return List.copyOf(found);
    }

    /** Chooses a provider for each class in turn: the anchor, or one that shares with it. */
    private static void combine(
            Provider anchor,
            List<Provider> providers,
            List<Map.Entry<String, Long>> needs,
            List<Provider> chosen,
            Query.Traits traits,
            Set<Candidate> found,
            int limit) {
        if (found.size() >= limit) {
            return;
        }
        if (chosen.size() == needs.size()) {
            accept(anchor, needs, chosen, traits, found);
            return;
        }
        Map.Entry<String, Long> need = needs.get(chosen.size());
        for (Provider provider : providers) {
            boolean reachable =
                    provider.id().equals(anchor.id()) || provider.sharing() && provider.inAnyOf(anchor.aggregates());
            if (reachable && provider.fits(need.getKey(), need.getValue())) {
                chosen.add(provider);
                combine(anchor, providers, needs, chosen, traits, found, limit);
                chosen.removeLast();
            }
        }
    }

    private static void accept(
            Provider anchor,
            List<Map.Entry<String, Long>> needs,
            List<Provider> chosen,
            Query.Traits traits,
            Set<Candidate> found) {
        // A provider that shares is an anchor for itself only.
        boolean ofAnchor = chosen.stream().anyMatch(provider -> provider.id().equals(anchor.id()));
        if (!ofAnchor) {
            return;
        }
        Set<String> together = new LinkedHashSet<>();
        chosen.forEach(provider -> together.addAll(provider.traits()));
        boolean forbidden =
                chosen.stream().anyMatch(provider -> traits.forbidden().stream().anyMatch(provider.traits()::contains));
        if (forbidden || !together.containsAll(traits.required())) {
            return;
        }
        SortedMap<String, SortedMap<String, Long>> allocations = new TreeMap<>();
        for (int i = 0; i < needs.size(); i++) {
            allocations
                    .computeIfAbsent(chosen.get(i).id(), id -> new TreeMap<>())
                    .put(needs.get(i).getKey(), needs.get(i).getValue());
        }
        found.add(new Candidate(allocations));
    }
}
