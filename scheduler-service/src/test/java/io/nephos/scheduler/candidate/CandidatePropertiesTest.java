package io.nephos.scheduler.candidate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.candidate.Candidates.Candidate;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.AggregateRule;
import io.nephos.scheduler.placement.TraitRule;
import io.nephos.scheduler.provider.Forest;
import io.nephos.scheduler.provider.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Small worlds and questions by chance, each by its seed. */
class CandidatePropertiesTest {
    private static final List<String> CLASSES = List.of("VCPU", "DISK_GB", "VF");
    private static final List<String> TRAITS = List.of("A", "B");
    private static final List<String> AGGREGATES = List.of("x", "y");

    @Test
    void theSearchFindsExactlyWhatTheRulesAllow() {
        int some = 0;
        int several = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            List<Provider> world = world(random);
            CandidateQuery query = query(random, 1000, world);
            List<Candidate> found = Candidates.find(Forest.of(world), query);
            Set<Candidate> expected = ByTheBook.of(world, query);
            assertEquals(expected, Set.copyOf(found), "seed " + seed + ": " + query);
            assertEquals(expected.size(), found.size(), "none twice, seed " + seed);
            some += found.isEmpty() ? 0 : 1;
            several += found.size() > 1 ? 1 : 0;
            int limit = 1 + random.nextInt(3);
            List<Candidate> first = Candidates.find(Forest.of(world), limited(query, limit));
            assertEquals(Math.min(limit, expected.size()), first.size(), "seed " + seed);
            assertTrue(expected.containsAll(first), "seed " + seed);
        }
        assertTrue(some > 2000 && some < 18_000 && several > 1000, "all outcomes are tried: " + some + ", " + several);
    }

    @Test
    void aForestThatWasChangedStepByStepAnswersAsOneThatIsMadeAnew() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Forest forest = new Forest();
            Map<String, Provider> world = new TreeMap<>();
            for (int step = 0; step < 60; step++) {
                // A world is replaced by another one, provider by provider: trees grow, move and go.
                List<Provider> next = world(random);
                Set<String> kept = new HashSet<>();
                next.forEach(provider -> kept.add(provider.id()));
                Set.copyOf(world.keySet()).stream()
                        .filter(id -> !kept.contains(id))
                        .forEach(id -> {
                            forest.remove(id);
                            world.remove(id);
                        });
                next.forEach(provider -> {
                    forest.put(provider);
                    world.put(provider.id(), provider);
                });
                List<Provider> all = List.copyOf(world.values());
                assertEquals(all, List.copyOf(forest.all()), "seed " + seed);
                CandidateQuery query = query(random, 1000, all);
                assertEquals(
                        Set.copyOf(Candidates.find(Forest.of(all), query)),
                        Set.copyOf(Candidates.find(forest, query)),
                        "seed " + seed + " step " + step);
                for (String name : CLASSES) {
                    assertEquals(
                            all.stream()
                                    .anyMatch(provider -> provider.inventories().containsKey(name)),
                            forest.hasClass(name));
                }
            }
        }
    }

    private static CandidateQuery limited(CandidateQuery query, int limit) {
        return new CandidateQuery(
                query.groups(), query.isolate(), query.sameSubtrees(), query.root(), query.nested(), limit);
    }

    private static List<Provider> world(Random random) {
        List<Provider> providers = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            Optional<Provider> above =
                    i > 0 && random.nextInt(3) > 0 ? Optional.of(providers.get(random.nextInt(i))) : Optional.empty();
            Map<String, Inventory> inventories = new HashMap<>();
            Map<String, Long> used = new HashMap<>();
            for (String name : CLASSES) {
                if (random.nextBoolean()) {
                    long total = 1 + random.nextInt(5);
                    inventories.put(name, new Inventory(total, 0, 1, 1 + random.nextInt((int) total), 1, 1));
                    used.put(name, (long) random.nextInt((int) total));
                }
            }
            Set<String> traits = some(TRAITS, random, 2);
            if (random.nextInt(4) == 0) {
                traits.add(Provider.SHARING);
            }
            String id = "p" + i;
            providers.add(new Provider(
                    id,
                    id,
                    random.nextInt(3),
                    above.map(Provider::id),
                    above.map(Provider::rootId).orElse(id),
                    Instant.EPOCH,
                    Map.copyOf(inventories),
                    Map.copyOf(used),
                    Set.copyOf(traits),
                    Set.copyOf(some(AGGREGATES, random, 3))));
        }
        return providers;
    }

    private static CandidateQuery query(Random random, int limit, List<Provider> world) {
        List<RequestGroup> groups = new ArrayList<>();
        List<String> suffixes = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            groups.add(group("", random, world));
        }
        while (groups.isEmpty() || groups.size() < 3 && random.nextBoolean()) {
            String suffix = "_" + groups.size();
            suffixes.add(suffix);
            groups.add(group(suffix, random, world));
        }
        List<Set<String>> subtrees =
                suffixes.size() > 1 && random.nextBoolean() ? List.of(Set.copyOf(suffixes)) : List.of();
        if (!subtrees.isEmpty() && random.nextBoolean() && groups.size() > suffixes.size()) {
            RequestGroup last = groups.removeLast();
            groups.add(
                    new RequestGroup(last.suffix(), new TreeMap<>(), last.traits(), last.aggregates(), last.inTree()));
        }
        return new CandidateQuery(
                groups, random.nextBoolean(), subtrees, rule(random, 8), random.nextInt(4) > 0, limit);
    }

    private static RequestGroup group(String suffix, Random random, List<Provider> world) {
        TreeMap<String, Long> resources = new TreeMap<>();
        while (resources.isEmpty()) {
            some(CLASSES, random, 3).forEach(name -> resources.put(name, 1L + random.nextInt(2)));
        }
        return new RequestGroup(
                suffix,
                resources,
                rule(random, 4),
                random.nextInt(4) == 0
                        ? new AggregateRule(
                                random.nextBoolean() ? List.of(Set.of(AGGREGATES.getFirst())) : List.of(),
                                random.nextInt(3) == 0 ? Set.of(AGGREGATES.getLast()) : Set.of())
                        : AggregateRule.ANY,
                random.nextInt(8) == 0
                        ? Optional.of(world.get(random.nextInt(world.size())).id())
                        : Optional.empty());
    }

    private static TraitRule rule(Random random, int oneIn) {
        if (random.nextInt(oneIn) > 0) {
            return TraitRule.ANY;
        }
        return random.nextBoolean()
                ? new TraitRule(List.of(random.nextBoolean() ? Set.of("A") : Set.of("A", "B")), Set.of())
                : new TraitRule(List.of(), Set.of("B"));
    }

    private static Set<String> some(List<String> all, Random random, int oneIn) {
        Set<String> chosen = new HashSet<>();
        all.stream().filter(one -> random.nextInt(oneIn) == 0).forEach(chosen::add);
        return chosen;
    }
}
