package io.nephos.scheduler.candidate;

import io.nephos.scheduler.candidate.Candidates.Candidate;
import io.nephos.scheduler.provider.Provider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What candidates are, said once more without indexes, limits or shortcuts: for every tree, every way to give each resource of
 * each group to some provider, of which those are kept that obey every rule.
 */
final class ByTheBook {
    private final Map<String, Provider> all;
    private final CandidateQuery query;

    private ByTheBook(List<Provider> providers, CandidateQuery query) {
        this.all = providers.stream().collect(Collectors.toMap(Provider::id, provider -> provider));
        this.query = query;
    }

    private record Given(RequestGroup group, String resourceClass, long amount, Provider giver) {}

    static Set<Candidate> of(List<Provider> providers, CandidateQuery query) {
        ByTheBook book = new ByTheBook(providers, query);
        Set<Candidate> found = new HashSet<>();
        Set<String> roots = providers.stream().map(Provider::rootId).collect(Collectors.toSet());
        for (String root : roots) {
            if (query.root().allows(book.get(root).traits())) {
                book.ways(book.reach(root)).stream()
                        .filter(book::obeys)
                        .map(ByTheBook::candidate)
                        .forEach(found::add);
            }
        }
        return found;
    }

    private Provider get(String id) {
        return Optional.ofNullable(all.get(id)).orElseThrow();
    }

    private List<Provider> reach(String root) {
        Set<String> aggregates = all.values().stream()
                .filter(provider -> provider.rootId().equals(root))
                .flatMap(provider -> provider.aggregates().stream())
                .collect(Collectors.toSet());
        return all.values().stream()
                .filter(provider -> provider.rootId().equals(root)
                        || provider.traits().contains(Provider.SHARING) && provider.inAnyOf(aggregates))
                .toList();
    }

    /** Every resource of every group given by everyone, sensible or not; a group without resources is itself somebody. */
    private List<List<Given>> ways(List<Provider> reach) {
        List<List<Given>> ways = List.of(List.of());
        for (RequestGroup group : query.groups()) {
            Map<String, Long> needs = group.resources().isEmpty() ? Map.of("", 0L) : group.resources();
            for (Map.Entry<String, Long> need : needs.entrySet()) {
                List<List<Given>> longer = new ArrayList<>();
                for (List<Given> way : ways) {
                    for (Provider giver : reach) {
                        List<Given> more = new ArrayList<>(way);
                        more.add(new Given(group, need.getKey(), need.getValue(), giver));
                        longer.add(more);
                    }
                }
                ways = longer;
            }
        }
        return ways;
    }

    private boolean obeys(List<Given> way) {
        return query.groups().stream().allMatch(group -> obeys(group, way))
                && fits(way)
                && (!query.isolate() || isolated(way))
                && query.sameSubtrees().stream().allMatch(suffixes -> inSubtree(suffixes, way))
                && (query.nested() || flat(way));
    }

    private boolean obeys(RequestGroup group, List<Given> way) {
        Set<Provider> givers = way.stream()
                .filter(given -> given.group() == group)
                .map(Given::giver)
                .collect(Collectors.toSet());
        Set<String> together = new HashSet<>();
        givers.forEach(giver -> together.addAll(giver.traits()));
        boolean one = group.suffix().isEmpty() || givers.size() == 1;
        return one
                && group.traits().has(together)
                && givers.stream().allMatch(giver -> group.traits().lacks(giver.traits()))
                && givers.stream().allMatch(giver -> group.aggregates().allows(aggregates(group, giver)))
                && givers.stream()
                        .allMatch(giver -> group.inTree().isEmpty()
                                || Optional.ofNullable(all.get(group.inTree().get()))
                                        .filter(member -> member.rootId().equals(giver.rootId()))
                                        .isPresent());
    }

    private Set<String> aggregates(RequestGroup group, Provider giver) {
        Set<String> aggregates = new HashSet<>(giver.aggregates());
        if (group.suffix().isEmpty()) {
            aggregates.addAll(get(giver.rootId()).aggregates());
        }
        return aggregates;
    }

    private static boolean fits(List<Given> way) {
        Map<List<String>, Long> sums = new HashMap<>();
        for (Given given : way) {
            if (given.amount() > 0) {
                sums.merge(List.of(given.giver().id(), given.resourceClass()), given.amount(), Long::sum);
            }
        }
        for (Given given : way) {
            long sum = sums.getOrDefault(List.of(given.giver().id(), given.resourceClass()), 0L);
            if (given.amount() > 0
                    && (!given.giver().fits(given.resourceClass(), given.amount())
                            || sum
                                    > given.giver()
                                            .inventories()
                                            .get(given.resourceClass())
                                            .maxUnit()
                            || sum + given.giver().used().getOrDefault(given.resourceClass(), 0L)
                                    > given.giver()
                                            .inventories()
                                            .get(given.resourceClass())
                                            .capacity())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isolated(List<Given> way) {
        Map<String, Set<String>> groupsOf = new HashMap<>();
        way.stream()
                .filter(given -> !given.group().suffix().isEmpty())
                .forEach(given -> groupsOf.computeIfAbsent(given.giver().id(), id -> new HashSet<>())
                        .add(given.group().suffix()));
        return groupsOf.values().stream().allMatch(groups -> groups.size() == 1);
    }

    private boolean inSubtree(Set<String> suffixes, List<Given> way) {
        Set<String> members = way.stream()
                .filter(given -> suffixes.contains(given.group().suffix()))
                .map(given -> given.giver().id())
                .collect(Collectors.toSet());
        return members.stream()
                .anyMatch(top ->
                        members.stream().allMatch(member -> ancestors(member).contains(top)));
    }

    private Set<String> ancestors(String id) {
        Set<String> ancestors = new HashSet<>();
        for (Optional<String> at = Optional.of(id);
                at.isPresent();
                at = get(at.get()).parentId()) {
            ancestors.add(at.get());
        }
        return ancestors;
    }

    private static boolean flat(List<Given> way) {
        Set<Provider> givers = way.stream()
                .filter(given -> given.amount() > 0)
                .map(Given::giver)
                .collect(Collectors.toSet());
        return givers.stream().map(Provider::rootId).distinct().count() == givers.size();
    }

    private static Candidate candidate(List<Given> way) {
        SortedMap<String, SortedMap<String, Long>> allocations = new TreeMap<>();
        SortedMap<String, SortedSet<String>> mappings = new TreeMap<>();
        for (Given given : way) {
            if (given.amount() > 0) {
                allocations
                        .computeIfAbsent(given.giver().id(), id -> new TreeMap<>())
                        .merge(given.resourceClass(), given.amount(), Long::sum);
            }
            mappings.computeIfAbsent(given.group().suffix(), suffix -> new TreeSet<>())
                    .add(given.giver().id());
        }
        return new Candidate(allocations, mappings);
    }
}
