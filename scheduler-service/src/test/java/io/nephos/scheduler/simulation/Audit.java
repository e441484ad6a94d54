package io.nephos.scheduler.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.core.CellReferee;
import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Rules;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.simulation.Books.Placed;
import io.nephos.scheduler.simulation.Books.Planned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must always hold, said without the scheduler; every failure names the seed. */
final class Audit {
    private final Books books;
    private final HostScheduler scheduler;
    private final String seed;
    private long placements;
    private long refusals;
    private long whole;
    private long followed;

    Audit(Books books, HostScheduler scheduler, long seed) {
        this.books = books;
        this.scheduler = scheduler;
        this.seed = "seed " + seed;
    }

    /** Each was allowed where it went, on what the ones before it left, and the host holds no more than it has. */
    void placed(List<Planned> all) {
        for (Planned one : all) {
            placements++;
            Host host = one.plan().host();
            assertTrue(Rules.allow(host, one.request()), () -> seed + ": " + one.request() + " went to " + host);
            CellReferee.assertServed(seed, one.request(), one.plan().cells());
            within(books.host(host.id()));
        }
    }

    /** "No valid host" is true: looking at all of them finds none, and none is missing in the explanation. */
    void refused(HostTable table, Request request) {
        refusals++;
        for (String id : books.hosts().keySet()) {
            Host host = table.find(id).orElseThrow(() -> new AssertionError(seed + ": " + id + " is not known"));
            assertFalse(Rules.allow(host, request), () -> seed + ": " + request + " was refused but may go to " + host);
        }
        Decision.Explanation why = scheduler.explain(table, request);
        int left = why.considered();
        int lacking = 0;
        for (Decision.Loss loss : why.losses()) {
            boolean resource = request.resources().containsKey(loss.filter());
            left -= resource ? 0 : loss.lost();
            lacking += resource ? loss.lost() : 0;
        }
        assertEquals(books.hosts().size(), why.considered(), seed);
        assertTrue(left >= 0 && lacking >= left, () -> seed + ": " + why);
        assertEquals(Math.min(5, books.hosts().size()), why.nearest().size(), seed);
    }

    void books() {
        whole++;
        Map<String, Map<String, Long>> held = new HashMap<>();
        Map<String, Integer> servers = new HashMap<>();
        Map<String, List<CellShare>> shares = new HashMap<>();
        Map<String, List<Placed>> groups = new HashMap<>();
        for (Placed placed : books.consumers().values()) {
            for (Placed place : placed.places()) {
                servers.merge(place.host(), 1, Integer::sum);
                shares.computeIfAbsent(place.host(), id -> new ArrayList<>()).addAll(place.cells());
                Map<String, Long> there = held.computeIfAbsent(place.host(), id -> new HashMap<>());
                place.request().resources().forEach((name, amount) -> there.merge(name, amount, Long::sum));
            }
            placed.request()
                    .serverGroup()
                    .ifPresent(group -> groups.computeIfAbsent(group.id(), id -> new ArrayList<>())
                            .add(placed));
        }
        for (Host host : books.hosts().values()) {
            assertEquals(held.getOrDefault(host.id(), Map.of()), host.used(), () -> seed + ": " + host);
            assertEquals(servers.getOrDefault(host.id(), 0), host.servers(), () -> seed + ": " + host);
            within(host);
            CellReferee.assertRight(seed, host, shares.getOrDefault(host.id(), List.of()));
        }
        groups.values().forEach(this::apart);
    }

    private void within(Host host) {
        host.used().forEach((name, used) -> {
            Inventory inventory = host.inventories().get(name);
            assertTrue(
                    used <= Math.floor((inventory.total() - inventory.reserved()) * inventory.allocationRatio()),
                    () -> seed + ": more than there is of " + host);
        });
    }

    /** Who moves is one server in two places. */
    private void apart(List<Placed> members) {
        ServerGroup group = members.getFirst().request().serverGroup().orElseThrow();
        if (group.policy() == ServerGroup.Policy.ANTI_AFFINITY) {
            Map<String, Integer> there = new HashMap<>();
            for (Placed member : members) {
                Set<String> places = new HashSet<>();
                member.places().forEach(place -> places.add(place.host()));
                places.forEach(place -> there.merge(place, 1, Integer::sum));
            }
            there.values().forEach(count -> assertTrue(count <= group.maxPerHost(), () -> seed + ": " + members));
        }
    }

    /** What a replica knows, once it has read on, is what one that starts now would read. */
    void followed(Replica replica) {
        followed++;
        replica.follow();
        assertEquals(
                HostTable.of(Weights.SPREAD, books.hosts().values()).hosts(),
                replica.table().hosts(),
                seed);
    }

    /** Once all have gone nothing is left on any host. */
    void empty() {
        for (Host host : books.hosts().values()) {
            assertTrue(
                    host.used().isEmpty() && host.cells().isEmpty() && host.servers() == 0, () -> seed + ": " + host);
        }
    }

    @Override
    public String toString() {
        return "%,d placements allowed, %,d refusals true by brute force, %d audits of all books, %d snapshots equal a rebuild"
                .formatted(placements, refusals, whole, followed);
    }
}
