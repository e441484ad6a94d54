package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostSchedulerTest {
    private final HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));

    @Test
    void aRequestThatFitsNowhereSaysWhatIsLackingAndHowNearItCame() {
        Decision.Explanation why = explain(List.of(Worlds.host("a", 8, 21504, 0)), request(1, 999999));
        assertEquals(
                "No valid host was found: 1 of 1 hosts lack MEMORY_MB (needs 999999, the most free on one host is 21504).",
                why.summary());
        assertEquals(
                List.of(new Decision.NearMiss("a", Map.of("MEMORY_MB", 999999L - 21504), List.of())), why.nearest());
    }

    @Test
    void anEmptyCloudSaysThatNoHostHasReported() {
        assertEquals(
                "No valid host was found: no host has reported to the scheduler yet.",
                explain(List.of(), request(1, 1)).summary());
    }

    @Test
    void eachFilterTellsHowManyHostsItLostAndTheNearestHostsComeFirst() {
        Host down = Worlds.with(Worlds.host("a", 8, 100, 0), false, Facts.in("nova"), List.of());
        Host elsewhere = Worlds.with(Worlds.host("b", 8, 100, 0), true, Facts.in("other"), List.of());
        Host small = Worlds.host("c", 1, 100, 0);
        Decision.Explanation why =
                explain(List.of(down, elsewhere, small), request(2, 10).inZone(Optional.of("nova")));
        assertEquals(
                List.of("ComputeFilter=1", "AvailabilityZoneFilter=1", "VCPU=1"),
                why.losses().stream()
                        .map(loss -> loss.filter() + "=" + loss.lost())
                        .toList());
        assertTrue(why.summary().contains("1 of 3 hosts are down or disabled"), why.summary());
        assertEquals(
                List.of("c", "a", "b"),
                why.nearest().stream().map(Decision.NearMiss::host).toList());
        assertEquals(List.of("ComputeFilter"), why.nearest().get(1).failed());
    }

    @Test
    void theHostWithMoreFreeIsPreferred() {
        assertEquals(
                "b", place(List.of(Worlds.host("a", 8, 4096, 2048), Worlds.host("b", 8, 4096, 0)), request(1, 512)));
    }

    @Test
    void packingIsAMatterOfTheWeights() {
        assertEquals(
                "a",
                place(
                        Weights.PACK,
                        List.of(Worlds.host("a", 8, 4096, 2048), Worlds.host("b", 8, 4096, 0)),
                        request(1, 512)));
    }

    @Test
    void anAggregateMaySayHowItsHostsAreWeighed() {
        Aggregate packed = new Aggregate("x", "x", Map.of("ram_weight_multiplier", "-100"));
        Host first = Worlds.with(Worlds.host("a", 8, 4096, 0), true, Facts.in("nova"), List.of(packed));
        assertEquals("b", place(List.of(first, Worlds.host("b", 8, 4096, 2048)), request(1, 512)));
    }

    @Test
    void aHostWhereBuildsFailIsTheLastToBeTried() {
        Host failing = Worlds.failing(Worlds.host("a", 8, 4096, 0), 1);
        assertEquals("b", place(List.of(failing, Worlds.host("b", 8, 4096, 2048)), request(1, 512)));
        assertEquals("a", place(List.of(failing), request(1, 512)));
    }

    @Test
    void hostsWithDevicesAreKeptForThoseWhoAskForThem() {
        Host plain = Worlds.host("a", 8, 4096, 3000);
        Host rich = Worlds.host(
                "b",
                Map.of(
                        "VCPU", new Inventory(8, 0, 1, 8, 1, 1),
                        "MEMORY_MB", new Inventory(4096, 0, 1, 4096, 1, 1),
                        "CUSTOM_PCI_GPU", new Inventory(2, 0, 1, 2, 1, 1)),
                Map.of());
        assertEquals("a", place(List.of(plain, rich), request(1, 512)));
        assertEquals("b", place(List.of(plain, rich), Request.of("c", Map.of("VCPU", 1L, "CUSTOM_PCI_GPU", 1L))));
    }

    @Test
    void softAntiAffinityAvoidsMembersButDoesNotInsist() {
        List<Host> both = List.of(Worlds.host("a", 8, 4096, 0), Worlds.host("b", 8, 4096, 0));
        assertEquals("b", place(both, grouped(ServerGroup.Policy.SOFT_ANTI_AFFINITY, Map.of("a", 1))));
        assertEquals("a", place(both.subList(0, 1), grouped(ServerGroup.Policy.SOFT_ANTI_AFFINITY, Map.of("a", 1))));
    }

    @Test
    void softAffinityLikesMembersButDoesNotInsist() {
        List<Host> both = List.of(Worlds.host("a", 8, 4096, 0), Worlds.host("b", 8, 4096, 0));
        assertEquals("b", place(both, grouped(ServerGroup.Policy.SOFT_AFFINITY, Map.of("b", 2))));
        assertEquals("a", place(both.subList(0, 1), grouped(ServerGroup.Policy.SOFT_AFFINITY, Map.of("b", 2))));
    }

    @Test
    void noServerIsLargerThanItsHostWhateverTheOvercommit() {
        Host host = Worlds.host("a", Map.of("VCPU", new Inventory(2, 0, 1, 2, 1, 16)), Map.of("VCPU", 10L));
        assertEquals("a", place(List.of(host), Request.of("c", Map.of("VCPU", 2L))));
        assertTrue(explain(List.of(host), Request.of("c", Map.of("VCPU", 3L)))
                .summary()
                .contains("the most free on one host is 2"));
    }

    @Test
    void equalHostsShareEqualRequests() {
        HostTable table = HostTable.of(
                Weights.SPREAD,
                java.util.stream.IntStream.range(0, 1000)
                        .mapToObj(i -> Worlds.host("h" + i, 8, 4096, 0))
                        .toList());
        Set<String> chosen = new java.util.HashSet<>();
        for (int i = 0; i < 200; i++) {
            Request request = Request.of(new java.util.UUID(i * 0x9E3779B97F4A7C15L, i).toString(), Map.of("VCPU", 1L));
            chosen.add(assertInstanceOf(Decision.Plan.class, scheduler.schedule(table, request))
                    .host()
                    .name());
        }
        assertTrue(chosen.size() > 100, "200 requests went to " + chosen.size() + " hosts");
    }

    private String place(List<Host> hosts, Request request) {
        return place(Weights.SPREAD, hosts, request);
    }

    private String place(Weights weights, List<Host> hosts, Request request) {
        return assertInstanceOf(Decision.Plan.class, scheduler.schedule(HostTable.of(weights, hosts), request))
                .host()
                .name();
    }

    private Decision.Explanation explain(List<Host> hosts, Request request) {
        return assertInstanceOf(
                Decision.Explanation.class, scheduler.schedule(HostTable.of(Weights.SPREAD, hosts), request));
    }

    private static Request request(long vcpus, long memory) {
        return Request.of("consumer", Map.of("VCPU", vcpus, "MEMORY_MB", memory));
    }

    private static Request grouped(ServerGroup.Policy policy, Map<String, Integer> members) {
        return Request.of("consumer", Map.of("VCPU", 1L))
                .inGroup(Optional.of(new ServerGroup("g", policy, members, 1)));
    }
}
