package io.nephos.scheduler.candidate;

import io.nephos.scheduler.provider.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All providers with their trees, and who shares with which tree. */
final class Forest {
    private final Map<String, Provider> byId = new TreeMap<>();
    private final Map<String, List<Provider>> trees = new TreeMap<>();
    private final List<Provider> sharing;

    Forest(List<Provider> providers) {
        for (Provider provider : providers) {
            byId.put(provider.id(), provider);
            trees.computeIfAbsent(provider.rootId(), root -> new ArrayList<>()).add(provider);
        }
        sharing = providers.stream().filter(Provider::sharing).toList();
    }

    Collection<String> roots() {
        return trees.keySet();
    }

    List<Provider> tree(String root) {
        return trees.getOrDefault(root, List.of());
    }

    Optional<Provider> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Who can give to a server in that tree: its own providers, and those that share with an aggregate that one is in. */
    List<Provider> reach(String root) {
        List<Provider> own = tree(root);
        Set<String> aggregates = new HashSet<>();
        own.forEach(provider -> aggregates.addAll(provider.aggregates()));
        List<Provider> reach = new ArrayList<>(own);
        sharing.stream()
                .filter(provider -> !provider.rootId().equals(root))
                .filter(provider -> provider.inAnyOf(aggregates))
                .forEach(reach::add);
        return reach;
    }

    /** Its own aggregates and those of its root, which count for all of a tree. */
    Set<String> aggregates(Provider provider) {
        Set<String> aggregates = new HashSet<>(provider.aggregates());
        find(provider.rootId()).ifPresent(root -> aggregates.addAll(root.aggregates()));
        return aggregates;
    }

    /** The one is the other, or above it. */
    boolean above(String ancestor, String id) {
        Optional<String> at = Optional.of(id);
        while (at.isPresent()) {
            if (at.get().equals(ancestor)) {
                return true;
            }
            at = find(at.get()).flatMap(Provider::parentId);
        }
        return false;
    }
}
