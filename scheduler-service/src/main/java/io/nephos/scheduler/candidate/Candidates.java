package io.nephos.scheduler.candidate;

import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.provider.Provider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which combinations of providers could give what is asked; pure. Each candidate lies in one tree and in providers that
 * share with it. The search goes depth first and ends with the limit.
 */
final class Candidates {
    private final Forest forest;
    private final CandidateQuery query;
    private final Set<Candidate> found = new LinkedHashSet<>();

    private Candidates(Forest forest, CandidateQuery query) {
        this.forest = forest;
        this.query = query;
    }

    /**
     * A way to give what is asked.
     *
     * @param allocations amounts by provider and resource class
     * @param mappings for each group's suffix, who gives it
     */
    record Candidate(
            SortedMap<String, SortedMap<String, Long>> allocations, SortedMap<String, SortedSet<String>> mappings) {}

    /** One group's part: for each resource class the provider that gives it; without resources, the provider that it is. */
    private record Part(RequestGroup group, List<Provider> providers) {}

    static List<Candidate> find(Forest forest, CandidateQuery query) {
        Candidates search = new Candidates(forest, query);
        for (String root : forest.roots()) {
            if (search.full()) {
                break;
            }
            search.inTree(root);
        }
        return List.copyOf(search.found);
    }

    private boolean full() {
        return found.size() >= query.limit();
    }

    private void inTree(String root) {
        boolean rootWill = forest.find(root)
                .map(provider -> query.root().allows(provider.traits()))
                .orElse(false);
        if (!rootWill) {
            return;
        }
        List<Provider> reach = forest.reach(root);
        List<List<Part>> options = new ArrayList<>();
        for (RequestGroup group : query.groups()) {
            List<Part> parts = group.fromOneProvider() ? single(group, reach) : several(group, reach);
            if (parts.isEmpty()) {
                return;
            }
            options.add(parts);
        }
        combine(options, new ArrayList<>());
    }

    private List<Part> single(RequestGroup group, List<Provider> reach) {
        return reach.stream()
                .filter(provider -> welcome(group, provider))
                .filter(provider -> group.traits().has(provider.traits()))
                .filter(provider -> group.resources().entrySet().stream()
                        .allMatch(need -> provider.fits(need.getKey(), need.getValue())))
                .map(provider -> new Part(
                        group,
                        group.resources().isEmpty()
                                ? List.of(provider)
                                : group.resources().keySet().stream()
                                        .map(name -> provider)
                                        .toList()))
                .toList();
    }

    private List<Part> several(RequestGroup group, List<Provider> reach) {
        List<Part> parts = new ArrayList<>();
        List<List<Provider>> choices = group.resources().entrySet().stream()
                .map(need -> reach.stream()
                        .filter(provider -> welcome(group, provider))
                        .filter(provider -> provider.fits(need.getKey(), need.getValue()))
                        .toList())
                .toList();
        choose(group, choices, new ArrayList<>(), parts);
        return parts;
    }

    private void choose(RequestGroup group, List<List<Provider>> choices, List<Provider> chosen, List<Part> parts) {
        if (parts.size() >= query.limit()) {
            return;
        }
        if (chosen.size() == choices.size()) {
            Set<String> together = new HashSet<>();
            chosen.forEach(provider -> together.addAll(provider.traits()));
            if (group.traits().has(together)) {
                parts.add(new Part(group, List.copyOf(chosen)));
            }
            return;
        }
        for (Provider provider : choices.get(chosen.size())) {
            chosen.add(provider);
            choose(group, choices, chosen, parts);
            chosen.removeLast();
        }
    }

    /** What must hold of every provider of a group. */
    private boolean welcome(RequestGroup group, Provider provider) {
        return group.traits().lacks(provider.traits())
                && group.aggregates()
                        .allows(group.fromOneProvider() ? provider.aggregates() : forest.aggregates(provider))
                && (group.inTree().isEmpty()
                        || forest.find(group.inTree().get())
                                .filter(member -> member.rootId().equals(provider.rootId()))
                                .isPresent());
    }

    private void combine(List<List<Part>> options, List<Part> chosen) {
        if (full()) {
            return;
        }
        if (chosen.size() == options.size()) {
            accept(chosen);
            return;
        }
        for (Part part : options.get(chosen.size())) {
            if (query.isolate() && taken(part, chosen)) {
                continue;
            }
            chosen.add(part);
            combine(options, chosen);
            chosen.removeLast();
        }
    }

    private static boolean taken(Part part, List<Part> chosen) {
        return separate(part)
                && chosen.stream()
                        .anyMatch(other -> separate(other)
                                && other.providers()
                                        .getFirst()
                                        .equals(part.providers().getFirst()));
    }

    private static boolean separate(Part part) {
        return part.group().fromOneProvider();
    }

    private void accept(List<Part> parts) {
        SortedMap<String, SortedMap<String, Long>> allocations = new TreeMap<>();
        SortedMap<String, SortedSet<String>> mappings = new TreeMap<>();
        Map<String, Provider> involved = new HashMap<>();
        for (Part part : parts) {
            int index = 0;
            for (Map.Entry<String, Long> need : part.group().resources().entrySet()) {
                Provider provider = part.providers().get(index++);
                involved.put(provider.id(), provider);
                allocations
                        .computeIfAbsent(provider.id(), id -> new TreeMap<>())
                        .merge(need.getKey(), need.getValue(), Long::sum);
            }
            SortedSet<String> givers = mappings.computeIfAbsent(part.group().suffix(), suffix -> new TreeSet<>());
            part.providers().forEach(provider -> givers.add(provider.id()));
        }
        boolean good = involved.values().stream().allMatch(provider -> holds(provider, allocations))
                && query.sameSubtrees().stream().allMatch(suffixes -> inOneSubtree(suffixes, mappings))
                && (query.nested() || flat(involved));
        if (good) {
            found.add(new Candidate(allocations, mappings));
        }
    }

    /** Groups that fit one by one may not fit together. */
    private static boolean holds(Provider provider, SortedMap<String, SortedMap<String, Long>> allocations) {
        return allocations.getOrDefault(provider.id(), new TreeMap<>()).entrySet().stream()
                .allMatch(entry -> {
                    Inventory inventory = provider.inventories().get(entry.getKey());
                    long used = provider.used().getOrDefault(entry.getKey(), 0L);
                    return inventory != null
                            && entry.getValue() <= inventory.maxUnit()
                            && used + entry.getValue() <= inventory.capacity();
                });
    }

    private boolean inOneSubtree(Set<String> suffixes, SortedMap<String, SortedSet<String>> mappings) {
        Set<String> members = new TreeSet<>();
        suffixes.forEach(suffix -> members.addAll(mappings.getOrDefault(suffix, new TreeSet<>())));
        return members.stream().anyMatch(top -> members.stream().allMatch(member -> forest.above(top, member)));
    }

    private static boolean flat(Map<String, Provider> involved) {
        Set<String> roots = new HashSet<>();
        return involved.values().stream().allMatch(provider -> roots.add(provider.rootId()));
    }
}
