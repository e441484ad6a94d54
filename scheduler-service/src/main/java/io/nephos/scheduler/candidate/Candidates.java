package io.nephos.scheduler.candidate;

import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.AggregateRule;
import io.nephos.scheduler.placement.Query;
import io.nephos.scheduler.provider.Forest;
import io.nephos.scheduler.provider.Provider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which combinations of providers could give what is asked; pure. Each candidate lies in one tree and in providers that
 * share with it. The search goes depth first, tree by tree, over the trees that the forest's indexes leave, and ends with the
 * limit: it costs by what is found, not by the product of the groups. What does not fit together is left as soon as it is met.
 * Where groups can be laid out in very many ways of which none will do, the search ends too, so that nobody else waits long.
 */
final class Candidates {
    /** About a second's work. */
    private static final int PATIENCE = 2_000_000;

    /** Providers named in all candidates together: some 30 MB of answer. */
    private static final int LONGEST = 200_000;

    private final Forest forest;
    private final CandidateQuery query;
    private final Set<Candidate> found = new LinkedHashSet<>();
    private int named;
    private int steps;

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

    /** A 400 fault when none was found and not everything could be tried. */
    static List<Candidate> find(Forest forest, CandidateQuery query) {
        Candidates search = new Candidates(forest, query);
        for (String root : search.roots()) {
            if (search.full()) {
                break;
            }
            search.inTree(root);
        }
        if (search.found.isEmpty() && search.steps > PATIENCE) {
            throw Query.bad(
                    "The " + query.groups().size() + " groups can be laid out in more ways than can be tried, and"
                            + " none of those that were tried will do; ask for fewer groups, or say more of each.");
        }
        return List.copyOf(search.found);
    }

    private Collection<String> roots() {
        for (RequestGroup group : query.groups()) {
            Optional<String> root = group.inTree()
                    .map(id -> forest.find(id).map(Provider::rootId).orElse(""));
            if (root.isPresent() && forest.keepsToItself(root.get())) {
                return root.get().isEmpty() ? List.of() : List.of(root.get());
            }
        }
        List<Set<String>> traits = new ArrayList<>();
        query.groups().forEach(group -> traits.addAll(group.traits().anyOf()));
        return forest.roots(query.resourceClasses(), traits);
    }

    private boolean full() {
        return found.size() >= query.limit() || named > LONGEST || steps > PATIENCE;
    }

    /**
     * One provider to be chosen.
     *
     * @param last of its group
     * @param needs what it gives: all of a group with a suffix, one resource class otherwise, or nothing
     */
    private record Choice(
            RequestGroup group, boolean last, Collection<Map.Entry<String, Long>> needs, List<Provider> options) {}

    private void inTree(String root) {
        Optional<Provider> top = forest.find(root);
        if (top.isEmpty() || !query.root().allows(top.get().traits())) {
            return;
        }
        List<Provider> reach = forest.reach(root);
        List<Choice> choices = new ArrayList<>();
        for (RequestGroup group : query.groups()) {
            Collection<Map.Entry<String, Long>> all = group.resources().entrySet();
            if (group.fromOneProvider()) {
                choices.add(new Choice(group, true, all, options(group, all, reach)));
            } else {
                int left = all.size();
                for (Map.Entry<String, Long> need : all) {
                    List<Map.Entry<String, Long>> one = List.of(need);
                    choices.add(new Choice(group, --left == 0, one, options(group, one, reach)));
                }
            }
            if (!choices.isEmpty() && choices.getLast().options().isEmpty()) {
                return;
            }
        }
        if (choices.stream().noneMatch(choice -> choice.options().isEmpty())
                && (!query.isolate() || oneForEach(choices))) {
            new InTree(choices).choose(0);
        }
    }

    /** Each group with a suffix can have a provider that no other has. */
    private static boolean oneForEach(List<Choice> choices) {
        List<Choice> alone = choices.stream()
                .filter(choice -> choice.group().fromOneProvider())
                .toList();
        Map<String, Choice> taken = new HashMap<>();
        return alone.stream().allMatch(choice -> seat(choice, taken, new HashSet<>()));
    }

    /** Whoever has one that the choice wants may have to take another. */
    private static boolean seat(Choice choice, Map<String, Choice> taken, Set<String> tried) {
        for (Provider provider : choice.options()) {
            if (tried.add(provider.id())) {
                Choice other = taken.get(provider.id());
                if (other == null || seat(other, taken, tried)) {
                    taken.put(provider.id(), choice);
                    return true;
                }
            }
        }
        return false;
    }

    private List<Provider> options(
            RequestGroup group, Collection<Map.Entry<String, Long>> needs, List<Provider> reach) {
        List<Provider> options = new ArrayList<>();
        for (Provider provider : reach) {
            boolean roomy = true;
            for (Map.Entry<String, Long> need : needs) {
                roomy &= provider.fits(need.getKey(), need.getValue());
            }
            if (roomy
                    && (!group.fromOneProvider() || group.traits().has(provider.traits()))
                    && welcome(group, provider)) {
                options.add(provider);
            }
        }
        return options;
    }

    /** What must hold of every provider of a group. */
    private boolean welcome(RequestGroup group, Provider provider) {
        return group.traits().lacks(provider.traits())
                && (group.aggregates() == AggregateRule.ANY
                        || group.aggregates()
                                .allows(group.fromOneProvider() ? provider.aggregates() : forest.aggregates(provider)))
                && (group.inTree().isEmpty()
                        || forest.find(group.inTree().get())
                                .filter(member -> member.rootId().equals(provider.rootId()))
                                .isPresent());
    }

    /** The walk through one tree. */
    private final class InTree {
        private final List<Choice> choices;
        private final List<Provider> chosen = new ArrayList<>();
        private final Map<String, Map<String, Long>> taken = new HashMap<>();
        private final List<List<Set<String>>> subtreesChosen = new ArrayList<>();

        InTree(List<Choice> choices) {
            this.choices = choices;
            choices.forEach(choice -> subtreesChosen.add(new ArrayList<>()));
            for (Set<String> suffixes : query.sameSubtrees()) {
                int last = 0;
                for (int i = 0; i < choices.size(); i++) {
                    last = suffixes.contains(choices.get(i).group().suffix()) ? i : last;
                }
                subtreesChosen.get(last).add(suffixes);
            }
        }

        void choose(int number) {
            if (number == choices.size()) {
                accept();
                return;
            }
            Choice choice = choices.get(number);
            for (Provider provider : choice.options()) {
                if (full()) {
                    return;
                }
                if (query.isolate() && choice.group().fromOneProvider() && gaveToAnother(provider)) {
                    continue;
                }
                chosen.add(provider);
                steps++;
                if (take(choice, provider)
                        && (!choice.last() || hasTraits(choice.group()))
                        && subtreesChosen.get(number).stream().allMatch(this::inOneSubtree)) {
                    choose(number + 1);
                }
                give(choice, provider);
                chosen.removeLast();
            }
        }

        /** False when what it gives already leaves too little: groups that fit one by one may not fit together. */
        private boolean take(Choice choice, Provider provider) {
            boolean holds = true;
            for (Map.Entry<String, Long> need : choice.needs()) {
                long sum = taken.computeIfAbsent(provider.id(), id -> new HashMap<>())
                        .merge(need.getKey(), need.getValue(), Long::sum);
                Inventory inventory = provider.inventories().get(need.getKey());
                holds &= inventory != null
                        && sum <= inventory.maxUnit()
                        && provider.used().getOrDefault(need.getKey(), 0L) + sum <= inventory.capacity();
            }
            return holds;
        }

        private void give(Choice choice, Provider provider) {
            for (Map.Entry<String, Long> need : choice.needs()) {
                taken.getOrDefault(provider.id(), new HashMap<>()).merge(need.getKey(), -need.getValue(), Long::sum);
            }
        }

        private boolean gaveToAnother(Provider provider) {
            for (int i = 0; i < chosen.size(); i++) {
                if (choices.get(i).group().fromOneProvider()
                        && chosen.get(i).id().equals(provider.id())) {
                    return true;
                }
            }
            return false;
        }

        /** Those of the group without suffix have the required traits together; of the others each has them all. */
        private boolean hasTraits(RequestGroup group) {
            if (group.fromOneProvider() || group.traits().anyOf().isEmpty()) {
                return true;
            }
            Set<String> together = new HashSet<>();
            for (int i = 0; i < chosen.size(); i++) {
                if (choices.get(i).group() == group) {
                    together.addAll(chosen.get(i).traits());
                }
            }
            return group.traits().has(together);
        }

        private void accept() {
            SortedMap<String, SortedMap<String, Long>> allocations = new TreeMap<>();
            SortedMap<String, SortedSet<String>> mappings = new TreeMap<>();
            Map<String, Provider> givers = new HashMap<>();
            for (int i = 0; i < chosen.size(); i++) {
                Provider provider = chosen.get(i);
                for (Map.Entry<String, Long> need : choices.get(i).needs()) {
                    givers.put(provider.id(), provider);
                    allocations
                            .computeIfAbsent(provider.id(), id -> new TreeMap<>())
                            .merge(need.getKey(), need.getValue(), Long::sum);
                }
                mappings.computeIfAbsent(choices.get(i).group().suffix(), suffix -> new TreeSet<>())
                        .add(provider.id());
            }
            if ((query.nested() || flat(givers.values())) && found.add(new Candidate(allocations, mappings))) {
                named += allocations.size();
                mappings.values().forEach(all -> named += all.size());
            }
        }

        /** One of the providers of these groups is above the others. */
        private boolean inOneSubtree(Set<String> suffixes) {
            Set<String> members = new LinkedHashSet<>();
            for (int i = 0; i < chosen.size(); i++) {
                if (suffixes.contains(choices.get(i).group().suffix())) {
                    members.add(chosen.get(i).id());
                }
            }
            String top = members.isEmpty() ? "" : highest(members.iterator().next(), members);
            return members.stream()
                    .allMatch(member -> highest(member, Set.of(top)).equals(top));
        }
    }

    /** The last of these that one meets on the way up from there; "" when there is none. */
    private String highest(String from, Set<String> wanted) {
        String highest = "";
        for (Optional<Provider> at = forest.find(from);
                at.isPresent();
                at = at.get().parentId().flatMap(forest::find)) {
            steps++;
            highest = wanted.contains(at.get().id()) ? at.get().id() : highest;
        }
        return highest;
    }

    private static boolean flat(Collection<Provider> givers) {
        Set<String> roots = new HashSet<>();
        return givers.stream().allMatch(provider -> roots.add(provider.rootId()));
    }
}
