package io.nephos.scheduler.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Filters;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.core.Topology;
import io.nephos.scheduler.core.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A cloud by its seed: hosts report, fail and come back, servers come, move and go, several schedulers that know of each
 * other only through the books place them. What must always hold is checked all along. The large one:
 * {@code -Dsimulation.hosts=10000 -Dsimulation.servers=100000}.
 */
class CloudSimulationTest {
    private static final int HOSTS = Integer.getInteger("simulation.hosts", 400);
    private static final int SERVERS = Integer.getInteger("simulation.servers", 4000);
    private static final long SEED = Long.getLong("simulation.seed", 1);
    private static final List<String> TRAITS = List.of("CUSTOM_SSD", "HW_CPU_X86_AVX2", "CUSTOM_FAST_NET");
    private static final ServerGroup.Policy[] POLICIES = ServerGroup.Policy.values();

    private final Random random = new Random(SEED);
    private final Books books = new Books();
    private final HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));
    private final List<String> running = new ArrayList<>();
    private int refused;

    @Test
    void whateverHappensTheBooksAreRightAndEveryReplicaKnowsThem() {
        for (int i = 0; i < HOSTS; i++) {
            books.write(host(i));
        }
        List<Replica> replicas = List.of(replica(Weights.SPREAD), replica(Weights.SPREAD), replica(Weights.SPREAD));
        int placed = 0;
        for (int step = 0; placed < SERVERS; step++) {
            Replica replica = replicas.get(random.nextInt(replicas.size()));
            switch (random.nextInt(20)) {
                case 0, 1 -> leave();
                case 2 -> move(replica);
                case 3 -> fail();
                case 4 -> report();
                default -> placed += arrive(replica, step) ? 1 : 0;
            }
            if (step % 5000 == 0) {
                assertBooksAreRight();
                assertFollowedEqualsRebuilt(replica);
            }
        }
        assertBooksAreRight();
        replicas.forEach(this::assertFollowedEqualsRebuilt);
        long lost = replicas.stream().mapToLong(Replica::lost).sum();
        System.out.printf(
                "%d hosts, %d servers placed by 3 replicas (%d plans lost a race), %d refused, %d run at the end%n",
                HOSTS, placed, lost, refused, running.size());
        assertTrue(lost > 0, "replicas did race");
    }

    @Test
    void severalReplicasPlaceAsManyAsOneAndFillTheSameCloud() {
        for (Map<String, String> topology :
                List.<Map<String, String>>of(Map.of(), Map.of("hw:cpu_policy", "dedicated"))) {
            Map<Integer, Long> placed = new HashMap<>();
            for (int count : List.of(1, 3)) {
                Books same = new Books();
                for (int i = 0; i < 50; i++) {
                    same.write(plain("h" + i));
                }
                List<Replica> replicas = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    replicas.add(new Replica(same, scheduler, Weights.SPREAD));
                }
                long there = 0;
                for (int i = 0; i < 50 * 8 + 20; i++) {
                    Request one = Request.of(
                                    new UUID(SEED, i).toString(),
                                    Map.of(topology.isEmpty() ? "VCPU" : "PCPU", 1L, "MEMORY_MB", 512L))
                            .with(Request.Hints.NONE, new Request.Spec("p", "f", topology, "", Map.of()));
                    there += replicas.get(i % count).place(one, false).isPresent() ? 1 : 0;
                }
                placed.put(count, there);
                same.hosts()
                        .values()
                        .forEach(host -> assertEquals(
                                topology.isEmpty() ? 0 : 8,
                                host.cells().values().stream()
                                        .mapToInt(cell -> cell.pinned().size())
                                        .sum()));
            }
            assertEquals(50L * 8, placed.get(1));
            assertEquals(placed.get(1), placed.get(3));
        }
    }

    private Replica replica(Weights weights) {
        return new Replica(books, scheduler, weights);
    }

    private boolean arrive(Replica replica, int step) {
        Request request = request(step);
        Optional<Host> host = replica.place(request, false);
        if (host.isEmpty()) {
            refused++;
            assertNothingWouldDo(request);
            return false;
        }
        assertAllowed(request, host.get());
        running.add(request.consumerId());
        return true;
    }

    private void leave() {
        if (!running.isEmpty()) {
            books.release(pick());
        }
    }

    private void move(Replica replica) {
        if (running.isEmpty()) {
            return;
        }
        String consumer = pick();
        running.add(consumer);
        Books.Placed placed = books.consumers().get(consumer);
        if (placed == null) {
            return;
        }
        Request away =
                placed.request().onHosts(Set.of(books.host(placed.host()).name()), Optional.empty(), Optional.empty());
        Optional<Host> to = replica.place(away, true);
        if (to.isPresent()) {
            assertAllowed(away, to.get());
            if (random.nextBoolean()) {
                assertBooksAreRight(books.host(placed.host())); // both places are held meanwhile
            }
            books.confirm(consumer);
        }
    }

    /** A host is not heard any more, or is heard again. */
    private void fail() {
        Host host = anyHost();
        books.write(with(host, !host.up() || random.nextInt(10) > 0, host.inventories()));
    }

    /** A host reports more memory than before: what is held stays within it. */
    private void report() {
        Host host = anyHost();
        Map<String, Inventory> more = new HashMap<>(host.inventories());
        more.computeIfPresent(
                "MEMORY_MB",
                (name, old) ->
                        new Inventory(old.total() + 64, old.reserved(), 1, old.total() + 64, 1, old.allocationRatio()));
        books.write(with(host, host.up(), Map.copyOf(more)));
    }

    private static Host with(Host host, boolean up, Map<String, Inventory> inventories) {
        return new Host(
                host.id(),
                host.name(),
                host.generation() + 1,
                host.facts(),
                up,
                host.enabled(),
                inventories,
                host.used(),
                host.servers(),
                0,
                host.traits(),
                List.of(),
                host.cells());
    }

    private String pick() {
        int index = random.nextInt(running.size());
        String consumer = running.get(index);
        running.set(index, running.getLast());
        running.removeLast();
        return consumer;
    }

    private Host anyHost() {
        return books.host("id-" + random.nextInt(HOSTS));
    }

    private Host host(int number) {
        long cpus = 16L << random.nextInt(3);
        Set<String> traits = new HashSet<>();
        TRAITS.stream().filter(trait -> random.nextInt(3) == 0).forEach(traits::add);
        return new Host(
                "id-" + number,
                "host-" + number,
                0,
                number % 2 == 0 ? Facts.in("az-" + number % 3) : celled("az-" + number % 3, (int) cpus),
                true,
                random.nextInt(50) > 0,
                Map.of(
                        "VCPU", new Inventory(cpus, 0, 1, cpus, 1, 4),
                        "MEMORY_MB", new Inventory(cpus * 4096, 512, 1, cpus * 4096, 1, 1),
                        "DISK_GB", new Inventory(1000, 10, 1, 1000, 1, 1),
                        "PCPU", new Inventory(cpus / 2, 0, 1, cpus / 2, 1, 1)),
                Map.of(),
                0,
                0,
                Set.copyOf(traits),
                List.of());
    }

    /** Two cells, in each of which a quarter of the CPUs are for one guest CPU each. */
    private static Facts celled(String zone, int cpus) {
        List<Facts.Cell> cells = new ArrayList<>();
        for (int cell = 0; cell < 2; cell++) {
            int first = cell * cpus / 2;
            cells.add(new Facts.Cell(
                    cell,
                    cpus / 4,
                    IntStream.range(first, first + cpus / 4).boxed().toList(),
                    cpus * 2000L));
        }
        return new Facts("", zone, "", "", "", 0, Map.of(), cells, 0);
    }

    private static Host plain(String name) {
        return new Host(
                "id-" + name,
                name,
                0,
                celled("nova", 16),
                true,
                true,
                Map.of(
                        "VCPU", new Inventory(8, 0, 1, 8, 1, 1),
                        "PCPU", new Inventory(8, 0, 1, 8, 1, 1),
                        "MEMORY_MB", new Inventory(8192, 0, 1, 8192, 1, 1)),
                Map.of(),
                0,
                0,
                Set.of(),
                List.of());
    }

    private Request request(int step) {
        long size = 1L << random.nextInt(5);
        Map<String, String> topology = topology();
        return Request.of(
                        new UUID(SEED, step).toString(),
                        Map.of(
                                topology.containsKey("hw:cpu_policy") ? "PCPU" : "VCPU",
                                size,
                                "MEMORY_MB",
                                size * 2048,
                                "DISK_GB",
                                size * 10))
                .with(Request.Hints.NONE, new Request.Spec("p", "f", topology, "", Map.of()))
                .withTraits(
                        random.nextInt(5) == 0 ? Set.of(TRAITS.get(random.nextInt(TRAITS.size()))) : Set.of(),
                        random.nextInt(20) == 0 ? Set.of(TRAITS.get(random.nextInt(TRAITS.size()))) : Set.of())
                .inZone(random.nextInt(6) == 0 ? Optional.of("az-" + random.nextInt(3)) : Optional.empty())
                .inGroup(
                        random.nextInt(5) == 0
                                ? Optional.of(group(random.nextInt(Math.max(1, SERVERS / 40))))
                                : Optional.empty());
    }

    private Map<String, String> topology() {
        return switch (random.nextInt(12)) {
            case 0 -> Map.of("hw:numa_nodes", "" + (1 + random.nextInt(2)));
            case 1 -> Map.of("hw:cpu_policy", "dedicated");
            case 2 -> Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "2");
            default -> Map.of();
        };
    }

    private static ServerGroup group(int number) {
        return new ServerGroup("g" + number, POLICIES[number % POLICIES.length], Map.of(), 1 + number % 2);
    }

    /** What the request asked for, checked without the scheduler's own filters. */
    private void assertAllowed(Request request, Host planned) {
        Host host = books.host(planned.id());
        String at = "seed " + SEED + ": " + request + " on " + host;
        assertTrue(host.enabled() && host.traits().containsAll(request.requiredTraits()), at);
        assertTrue(request.forbiddenTraits().stream().noneMatch(host.traits()::contains), at);
        assertTrue(
                request.availabilityZone().map(host.availabilityZone()::equals).orElse(true), at);
        request.serverGroup().ifPresent(group -> {
            Map<String, Integer> others = books.members(group.id(), request.consumerId());
            int there = others.getOrDefault(host.name(), 0);
            switch (group.policy()) {
                case AFFINITY -> assertTrue(others.isEmpty() || there > 0, at);
                case ANTI_AFFINITY -> assertTrue(there < group.maxPerHost(), at);
                case SOFT_AFFINITY, SOFT_ANTI_AFFINITY -> {}
            }
        });
    }

    /** "No valid host" is true: looking at all of them finds none. */
    private void assertNothingWouldDo(Request request) {
        for (Host host : books.hosts().values()) {
            Map<String, Integer> others = request.serverGroup()
                    .map(group -> books.members(group.id(), request.consumerId()))
                    .orElse(Map.of());
            int there = others.getOrDefault(host.name(), 0);
            boolean group = request.serverGroup()
                    .map(of -> switch (of.policy()) {
                        case AFFINITY -> others.isEmpty() || there > 0;
                        case ANTI_AFFINITY -> there < of.maxPerHost();
                        case SOFT_AFFINITY, SOFT_ANTI_AFFINITY -> true;
                    })
                    .orElse(true);
            boolean would = host.up()
                    && host.enabled()
                    && host.traits().containsAll(request.requiredTraits())
                    && request.forbiddenTraits().stream().noneMatch(host.traits()::contains)
                    && request.availabilityZone()
                            .map(host.availabilityZone()::equals)
                            .orElse(true)
                    && group
                    && CellReferee.wouldDo(host, request)
                    && request.resources().entrySet().stream()
                            .allMatch(need -> host.free(need.getKey()) >= need.getValue()
                                    && host.fits(need.getKey(), need.getValue()));
            assertTrue(!would, "seed " + SEED + ": " + request + " was refused but fits " + host);
        }
    }

    private void assertBooksAreRight() {
        Map<String, Map<String, Long>> held = new HashMap<>();
        Map<String, List<CellShare>> shares = new HashMap<>();
        books.consumers().values().forEach(placed -> {
            for (Books.Held place : placed.places()) {
                shares.computeIfAbsent(place.host(), id -> new ArrayList<>()).addAll(place.cells());
                placed.request()
                        .resources()
                        .forEach((name, amount) -> held.computeIfAbsent(place.host(), id -> new HashMap<>())
                                .merge(name, amount, Long::sum));
            }
            assertEquals(
                    Topology.of(placed.request())
                            .map(topology -> topology.nodes().size())
                            .orElse(0),
                    placed.at().cells().size());
        });
        for (Host host : books.hosts().values()) {
            assertEquals(held.getOrDefault(host.id(), Map.of()), host.used(), "seed " + SEED + ": " + host);
            assertBooksAreRight(host);
            CellReferee.assertRight("seed " + SEED, host, shares.getOrDefault(host.id(), List.of()));
        }
    }

    private static void assertBooksAreRight(Host host) {
        host.used()
                .forEach((name, used) -> assertTrue(used <= host.capacity(name), "seed " + SEED + ": over at " + host));
    }

    private void assertFollowedEqualsRebuilt(Replica replica) {
        replica.follow();
        assertEquals(
                HostTable.of(Weights.SPREAD, books.hosts().values()).hosts(),
                replica.table().hosts(),
                "seed " + SEED);
    }
}
