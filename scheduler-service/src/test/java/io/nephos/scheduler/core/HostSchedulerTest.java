package io.nephos.scheduler.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HostSchedulerTest {
    private final HostScheduler scheduler = new HostScheduler(Weights.SPREAD);

    @Test
    void aRequestThatFitsNowhereSaysWhatIsLackingAndHowNearItCame() {
        Decision.Explanation why = explain(List.of(host("a", 8, 21504, 0)), request(1, 999999));
        assertEquals(
                "No valid host was found: 1 of 1 hosts lack MEMORY_MB (needs 999999, the most free on one host is 21504).",
                why.summary());
        assertEquals(List.of(new Decision.NearMiss("a", Map.of("MEMORY_MB", 999999L - 21504))), why.nearest());
    }

    @Test
    void anEmptyCloudSaysThatNoHostHasReported() {
        assertEquals(
                "No valid host was found: no host has reported to the scheduler yet.",
                explain(List.of(), request(1, 1)).summary());
    }

    @Test
    void eachFilterTellsHowManyHostsItLost() {
        Host down = with(host("a", 8, 100, 0), false, "nova");
        Host elsewhere = with(host("b", 8, 100, 0), true, "other");
        Host small = host("c", 1, 100, 0);
        Decision.Explanation why = explain(List.of(down, elsewhere, small), inZone(request(2, 10), "nova"));
        assertEquals(
                List.of("ComputeFilter=1", "AvailabilityZoneFilter=1", "VCPU=1"),
                why.losses().stream()
                        .map(loss -> loss.filter() + "=" + loss.lost())
                        .toList());
        assertTrue(why.summary().contains("1 of 3 hosts are down or disabled"), why.summary());
        assertEquals(
                List.of("c"),
                why.nearest().stream().map(Decision.NearMiss::host).toList());
    }

    @Test
    void theHostWithMoreFreeIsPreferred() {
        assertEquals("b", place(List.of(host("a", 8, 4096, 2048), host("b", 8, 4096, 0)), request(1, 512)));
    }

    @Test
    void packingIsAMatterOfTheWeights() {
        Decision decision = new HostScheduler(new Weights(-1, -1, -1, 1, 1))
                .schedule(new Snapshot(List.of(host("a", 8, 4096, 2048), host("b", 8, 4096, 0))), request(1, 512));
        assertEquals("a", assertInstanceOf(Decision.Plan.class, decision).host().name());
    }

    @Test
    void softAntiAffinityAvoidsMembersButDoesNotInsist() {
        List<Host> both = List.of(host("a", 8, 4096, 0), host("b", 8, 4096, 0));
        assertEquals("b", place(both, grouped(ServerGroup.Policy.SOFT_ANTI_AFFINITY, Map.of("a", 1))));
        assertEquals("a", place(both.subList(0, 1), grouped(ServerGroup.Policy.SOFT_ANTI_AFFINITY, Map.of("a", 1))));
    }

    @Test
    void softAffinityLikesMembersButDoesNotInsist() {
        List<Host> both = List.of(host("a", 8, 4096, 0), host("b", 8, 4096, 0));
        assertEquals("b", place(both, grouped(ServerGroup.Policy.SOFT_AFFINITY, Map.of("b", 2))));
        assertEquals("a", place(both.subList(0, 1), grouped(ServerGroup.Policy.SOFT_AFFINITY, Map.of("b", 2))));
    }

    @Test
    void noServerIsLargerThanItsHostWhateverTheOvercommit() {
        Host host = new Host(
                "id-a",
                "a",
                0,
                "",
                "nova",
                true,
                true,
                Map.of("VCPU", new Inventory(2, 0, 1, 2, 1, 16)),
                Map.of("VCPU", 10L),
                Set.of());
        assertEquals("a", place(List.of(host), onlyCpus(2)));
        assertTrue(explain(List.of(host), onlyCpus(3)).summary().contains("the most free on one host is 2"));
    }

    private String place(List<Host> hosts, Request request) {
        return assertInstanceOf(Decision.Plan.class, scheduler.schedule(new Snapshot(hosts), request))
                .host()
                .name();
    }

    private Decision.Explanation explain(List<Host> hosts, Request request) {
        return assertInstanceOf(Decision.Explanation.class, scheduler.schedule(new Snapshot(hosts), request));
    }

    private static Host host(String name, long vcpus, long memory, long memoryUsed) {
        return new Host(
                "id-" + name,
                name,
                0,
                "",
                "nova",
                true,
                true,
                Map.of(
                        "VCPU", new Inventory(vcpus, 0, 1, vcpus, 1, 1),
                        "MEMORY_MB", new Inventory(memory, 0, 1, memory, 1, 1)),
                Map.of("MEMORY_MB", memoryUsed),
                Set.of());
    }

    private static Host with(Host host, boolean up, String zone) {
        return new Host(host.id(), host.name(), 0, "", zone, up, true, host.inventories(), host.used(), host.traits());
    }

    private static Request request(long vcpus, long memory) {
        return new Request(
                "consumer",
                new TreeMap<>(Map.of("VCPU", vcpus, "MEMORY_MB", memory)),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Request onlyCpus(long vcpus) {
        return new Request(
                "consumer",
                new TreeMap<>(Map.of("VCPU", vcpus)),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Request inZone(Request request, String zone) {
        return new Request(
                request.consumerId(),
                request.resources(),
                Set.of(),
                Set.of(),
                Optional.of(zone),
                Set.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static Request grouped(ServerGroup.Policy policy, Map<String, Integer> members) {
        return new Request(
                "consumer",
                new TreeMap<>(Map.of("VCPU", 1L)),
                Set.of(),
                Set.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.of(new ServerGroup("g", policy, members)));
    }
}
