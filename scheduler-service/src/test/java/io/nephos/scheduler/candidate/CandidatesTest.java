package io.nephos.scheduler.candidate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.candidate.Candidates.Candidate;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.placement.AggregateRule;
import io.nephos.scheduler.placement.TraitRule;
import io.nephos.scheduler.provider.Forest;
import io.nephos.scheduler.provider.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A compute node "cn" with two NUMA nodes, a network card below each, and a storage pool that shares with it. */
class CandidatesTest {
    private final Provider node = provider("cn", null, "cn", Map.of("MEMORY_MB", 1024L), Set.of("CN"), Set.of("agg"));
    private final Provider numa1 = provider("numa1", "cn", "cn", Map.of("VCPU", 4L), Set.of("FAST"), Set.of());
    private final Provider numa2 = provider("numa2", "cn", "cn", Map.of("VCPU", 4L), Set.of(), Set.of());
    private final Provider nic1 = provider("nic1", "numa1", "cn", Map.of("VF", 2L), Set.of("PHYS1"), Set.of());
    private final Provider nic2 = provider("nic2", "numa2", "cn", Map.of("VF", 2L), Set.of("PHYS2"), Set.of());
    private final Provider pool =
            provider("pool", null, "pool", Map.of("DISK_GB", 100L), Set.of(Provider.SHARING), Set.of("agg"));
    private final Forest forest = Forest.of(List.of(node, numa1, numa2, nic1, nic2, pool));

    @Test
    void theGroupWithoutSuffixComesFromATreeAndWhoSharesWithIt() {
        List<Candidate> found = find(query(group("", Map.of("VCPU", 2L, "MEMORY_MB", 64L, "DISK_GB", 10L))));
        assertEquals(Set.of(Set.of("cn", "numa1", "pool"), Set.of("cn", "numa2", "pool")), givers(found));
        assertEquals(
                Map.of("", Set.of("cn", "numa1", "pool")),
                Map.copyOf(found.getFirst().mappings()));
    }

    @Test
    void before129SeveralProvidersOfOneTreeAreNoCandidate() {
        CandidateQuery flat = new CandidateQuery(
                List.of(group("", Map.of("VCPU", 2L, "MEMORY_MB", 64L))), false, List.of(), TraitRule.ANY, false, 10);
        assertEquals(List.of(), find(flat));
    }

    @Test
    void aGroupWithASuffixComesFromOneProvider() {
        assertEquals(List.of(), find(query(group("1", Map.of("VCPU", 2L, "VF", 1L)))));
        assertEquals(Set.of(Set.of("nic1"), Set.of("nic2")), givers(find(query(group("1", Map.of("VF", 1L))))));
    }

    @Test
    void isolatedGroupsComeFromDifferentProvidersAndOthersNeedNot() {
        List<RequestGroup> groups = List.of(group("1", Map.of("VF", 1L)), group("2", Map.of("VF", 1L)));
        assertEquals(
                4,
                find(new CandidateQuery(groups, false, List.of(), TraitRule.ANY, true, 100))
                        .size());
        List<Candidate> apart = find(new CandidateQuery(groups, true, List.of(), TraitRule.ANY, true, 100));
        assertEquals(2, apart.size());
        assertEquals(Set.of(Set.of("nic1", "nic2")), givers(apart));
    }

    @Test
    void groupsThatFitOneByOneMustFitTogether() {
        List<RequestGroup> groups = List.of(group("1", Map.of("VF", 2L)), group("2", Map.of("VF", 1L)));
        assertEquals(
                Set.of(Set.of("nic1", "nic2")),
                givers(find(new CandidateQuery(groups, false, List.of(), TraitRule.ANY, true, 100))));
    }

    @Test
    void sameSubtreeKeepsACardWithItsNumaNode() {
        List<RequestGroup> groups = List.of(group("_CPU", Map.of("VCPU", 1L)), group("_NIC", Map.of("VF", 1L)));
        assertEquals(
                Set.of(Set.of("numa1", "nic1"), Set.of("numa2", "nic2")),
                givers(find(
                        new CandidateQuery(groups, false, List.of(Set.of("_CPU", "_NIC")), TraitRule.ANY, true, 100))));
    }

    @Test
    void aGroupWithoutResourcesIsOnlyMapped() {
        RequestGroup numa =
                new RequestGroup("_NUMA", new TreeMap<>(), rule(Set.of("FAST")), AggregateRule.ANY, Optional.empty());
        List<Candidate> found = find(new CandidateQuery(
                List.of(group("_NIC", Map.of("VF", 1L)), numa),
                false,
                List.of(Set.of("_NIC", "_NUMA")),
                TraitRule.ANY,
                true,
                100));
        assertEquals(Set.of(Set.of("nic1")), givers(found));
        assertEquals(Set.of("numa1"), found.getFirst().mappings().get("_NUMA"));
    }

    @Test
    void requiredTraitsAreHadTogetherAndForbiddenOnesByNobody() {
        Map<String, Long> resources = Map.of("VCPU", 1L, "MEMORY_MB", 64L);
        assertEquals(
                Set.of(Set.of("cn", "numa1")),
                givers(find(query(traits(group("", resources), rule(Set.of("CN"), Set.of("FAST", "PHYS9")))))));
        assertEquals(
                Set.of(Set.of("cn", "numa2")),
                givers(find(query(traits(group("", resources), new TraitRule(List.of(), Set.of("FAST")))))));
    }

    @Test
    void theRootMustBeWhatItIsAskedToBe() {
        List<RequestGroup> groups = List.of(group("", Map.of("VCPU", 1L)));
        assertEquals(
                2,
                find(new CandidateQuery(groups, false, List.of(), rule(Set.of("CN")), true, 100))
                        .size());
        TraitRule not = new TraitRule(List.of(), Set.of("CN"));
        assertEquals(List.of(), find(new CandidateQuery(groups, false, List.of(), not, true, 100)));
    }

    @Test
    void aggregatesOfTheRootCountForItsTree() {
        RequestGroup plain = group("", Map.of("VCPU", 1L));
        assertEquals(
                2,
                find(query(aggregates(plain, new AggregateRule(List.of(Set.of("agg")), Set.of()))))
                        .size());
        assertEquals(List.of(), find(query(aggregates(plain, new AggregateRule(List.of(), Set.of("agg"))))));
    }

    @Test
    void inTreeLeavesOutWhoOnlyShares() {
        RequestGroup disk = new RequestGroup(
                "", new TreeMap<>(Map.of("DISK_GB", 1L)), TraitRule.ANY, AggregateRule.ANY, Optional.of("cn"));
        assertEquals(List.of(), find(query(disk)));
    }

    @Test
    void theSearchEndsWithTheLimit() {
        List<RequestGroup> groups = List.of(group("1", Map.of("VF", 1L)), group("2", Map.of("VF", 1L)));
        assertEquals(
                3,
                find(new CandidateQuery(groups, false, List.of(), TraitRule.ANY, true, 3))
                        .size());
    }

    /** Cards with so many functions each, below one node. */
    private static Forest cards(int cards, int functions) {
        List<Provider> providers = new ArrayList<>(List.of(provider("top", null, "top", Map.of(), Set.of(), Set.of())));
        for (int i = 0; i < cards; i++) {
            providers.add(provider("c" + i, "top", "top", Map.of("VF", (long) functions), Set.of(), Set.of()));
        }
        return Forest.of(providers);
    }

    private static List<RequestGroup> functions(int groups, long each) {
        List<RequestGroup> all = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            all.add(group("_" + i, Map.of("VF", each)));
        }
        return all;
    }

    @Test
    void moreIsolatedGroupsThanProvidersAreRefusedAtOnce() {
        CandidateQuery apart = new CandidateQuery(functions(40, 1), true, List.of(), TraitRule.ANY, true, 10);
        assertEquals(List.of(), assertTimeout(Duration.ofSeconds(2), () -> Candidates.find(cards(39, 8), apart)));
        assertEquals(10, Candidates.find(cards(40, 8), apart).size());
    }

    @Test
    void aSearchWithTooManyWaysEndsAndSaysSo() {
        CandidateQuery packed = new CandidateQuery(functions(21, 1), false, List.of(), TraitRule.ANY, true, 10);
        assertEquals(10, Candidates.find(cards(21, 1), packed).size());
        FaultException refused = assertTimeout(
                Duration.ofSeconds(10),
                () -> assertThrows(FaultException.class, () -> Candidates.find(cards(20, 1), packed)));
        assertTrue(refused.getMessage().contains("21 groups"), refused.getMessage());
    }

    @Test
    void groupsThatCannotBeInOneSubtreeAreLeftAsSoonAsTheyAreMet() {
        List<RequestGroup> groups = functions(30, 1);
        CandidateQuery query =
                new CandidateQuery(groups, false, List.of(Set.of("_0", "_1", "_2")), TraitRule.ANY, true, 10);
        assertEquals(
                10,
                assertTimeout(Duration.ofSeconds(5), () -> Candidates.find(cards(30, 99), query))
                        .size());
    }

    @Test
    void anAnswerThatNobodyCanReadEnds() {
        CandidateQuery all =
                new CandidateQuery(functions(40, 1), false, List.of(), TraitRule.ANY, true, Integer.MAX_VALUE);
        List<Candidate> found = assertTimeout(Duration.ofSeconds(10), () -> Candidates.find(cards(40, 99), all));
        assertTrue(found.size() > 1000 && found.size() < 10_000, "" + found.size());
    }

    @Test
    void inRandomWorldsEveryCandidateHoldsAndOneIsFoundExactlyWhenThereIsOne() {
        int some = 0;
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            List<Provider> providers = world(random);
            Map<String, Long> wanted = Map.of("VCPU", 1L + random.nextInt(4), "DISK_GB", 1L + random.nextInt(4));
            List<Candidate> found = Candidates.find(Forest.of(providers), query(group("", wanted)));
            assertEquals(pairs(providers, wanted), givenPairs(found), "seed " + seed);
            some += found.isEmpty() ? 0 : 1;
        }
        assertTrue(some > 500 && some < 2900, "both outcomes are tried: " + some);
    }

    /** Who could give VCPU and who DISK_GB, said once more without the search. */
    private static Set<List<String>> pairs(List<Provider> providers, Map<String, Long> wanted) {
        Set<List<String>> pairs = new HashSet<>();
        for (Provider cpu : providers) {
            for (Provider disk : providers) {
                boolean room = cpu.fits("VCPU", wanted.getOrDefault("VCPU", 0L))
                        && disk.fits("DISK_GB", wanted.getOrDefault("DISK_GB", 0L));
                boolean together = providers.stream()
                        .anyMatch(member ->
                                inReach(cpu, member.rootId(), providers) && inReach(disk, member.rootId(), providers));
                if (room && together) {
                    pairs.add(List.of(cpu.id(), disk.id()));
                }
            }
        }
        return pairs;
    }

    private static boolean inReach(Provider provider, String root, List<Provider> all) {
        return provider.rootId().equals(root)
                || provider.sharing()
                        && all.stream()
                                .filter(member -> member.rootId().equals(root))
                                .anyMatch(member -> member.inAnyOf(provider.aggregates()));
    }

    private static Set<List<String>> givenPairs(List<Candidate> found) {
        Set<List<String>> pairs = new HashSet<>();
        for (Candidate candidate : found) {
            pairs.add(List.of(giver(candidate, "VCPU"), giver(candidate, "DISK_GB")));
        }
        return pairs;
    }

    private static String giver(Candidate candidate, String resourceClass) {
        return candidate.allocations().entrySet().stream()
                .filter(entry -> entry.getValue().containsKey(resourceClass))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static List<Provider> world(Random random) {
        List<Provider> providers = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            String id = "p" + i;
            boolean child = i > 0 && random.nextBoolean();
            Provider above = child ? providers.get(random.nextInt(i)) : null;
            Map<String, Long> inventory = new TreeMap<>();
            if (random.nextBoolean()) {
                inventory.put("VCPU", (long) 1 + random.nextInt(4));
            }
            if (random.nextBoolean()) {
                inventory.put("DISK_GB", (long) 1 + random.nextInt(4));
            }
            providers.add(provider(
                    id,
                    above == null ? null : above.id(),
                    above == null ? id : above.rootId(),
                    inventory,
                    random.nextInt(3) == 0 ? Set.of(Provider.SHARING) : Set.of(),
                    random.nextBoolean() ? Set.of("agg" + random.nextInt(2)) : Set.of()));
        }
        return providers;
    }

    private List<Candidate> find(CandidateQuery query) {
        return Candidates.find(forest, query);
    }

    private static Set<Set<String>> givers(List<Candidate> found) {
        Set<Set<String>> givers = new HashSet<>();
        found.forEach(candidate -> givers.add(Set.copyOf(candidate.allocations().keySet())));
        return givers;
    }

    private static CandidateQuery query(RequestGroup group) {
        return new CandidateQuery(List.of(group), false, List.of(), TraitRule.ANY, true, 1000);
    }

    private static RequestGroup group(String suffix, Map<String, Long> resources) {
        return new RequestGroup(suffix, new TreeMap<>(resources), TraitRule.ANY, AggregateRule.ANY, Optional.empty());
    }

    private static RequestGroup traits(RequestGroup group, TraitRule rule) {
        return new RequestGroup(group.suffix(), group.resources(), rule, group.aggregates(), group.inTree());
    }

    private static RequestGroup aggregates(RequestGroup group, AggregateRule rule) {
        return new RequestGroup(group.suffix(), group.resources(), group.traits(), rule, group.inTree());
    }

    @SafeVarargs
    private static TraitRule rule(Set<String>... anyOf) {
        return new TraitRule(List.of(anyOf), Set.of());
    }

    private static Provider provider(
            String id,
            @Nullable String parent,
            String root,
            Map<String, Long> totals,
            Set<String> traits,
            Set<String> aggregates) {
        Map<String, Inventory> inventories = new TreeMap<>();
        totals.forEach((name, total) -> inventories.put(name, new Inventory(total, 0, 1, total, 1, 1)));
        return new Provider(
                id, id, 0, Optional.ofNullable(parent), root, Instant.EPOCH, inventories, Map.of(), traits, aggregates);
    }
}
