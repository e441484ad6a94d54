package io.nephos.scheduler.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Filters;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A cloud by its seed: hosts report, fail, are drained and replaced, servers come one by one and in batches, move, are
 * resized, evacuated and go, several schedulers that know of each other only through the books place them. What must always
 * hold is checked all along. The large one, of 10,000 hosts and 100,000 servers: {@code ./nephos test --simulation}.
 */
class CloudSimulationTest {
    private static final int HOSTS = Integer.getInteger("simulation.hosts", 400);
    private static final int SERVERS = Integer.getInteger("simulation.servers", 3500);
    private static final int AUDIT = Math.max(500, HOSTS / 2);
    private static final long SEED = Long.getLong("simulation.seed", 1);

    @Test
    void whateverHappensTheBooksAreRightAndEveryReplicaKnowsThem() {
        long began = System.nanoTime();
        Cloud cloud = new Cloud(SEED, HOSTS, SERVERS);
        int steps = 0;
        for (; cloud.running() < SERVERS; steps++) {
            cloud.step();
            if (steps % AUDIT == 0) {
                cloud.audit().books();
                cloud.replicas().forEach(cloud.audit()::followed);
            }
        }
        cloud.audit().books();
        cloud.replicas().forEach(cloud.audit()::followed);
        int running = cloud.running();
        cloud.end();
        cloud.audit().empty();
        System.out.printf(
                "%,d hosts, %,d servers run at the end of %,d steps: %s; %,d plans lost a race%n%s%nseed %d, %.0f s%n",
                HOSTS,
                running,
                steps,
                cloud.happened(),
                cloud.lost(),
                cloud.audit(),
                SEED,
                (System.nanoTime() - began) / 1e9);
        assertTrue(cloud.lost() > 0, "replicas did race");
    }

    @Test
    void severalReplicasPlaceAsManyAsOneAndFillTheSameCloud() {
        for (Map<String, String> topology :
                List.<Map<String, String>>of(Map.of(), Map.of("hw:cpu_policy", "dedicated"))) {
            assertEquals(50L * 8, placed(1, topology));
            assertEquals(50L * 8, placed(3, topology));
        }
    }

    /** By so many replicas in turn, into hosts that have room for 400 in all. */
    private static long placed(int count, Map<String, String> topology) {
        Books books = new Books();
        for (int i = 0; i < 50; i++) {
            books.write(plain("h" + i));
        }
        HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));
        Audit audit = new Audit(books, scheduler, SEED);
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replicas.add(new Replica(books, scheduler, Weights.SPREAD, audit::refused));
        }
        long placed = 0;
        for (int i = 0; i < 50 * 8 + 20; i++) {
            Request one = Request.of(
                            new UUID(SEED, i).toString(),
                            Map.of(topology.isEmpty() ? "VCPU" : "PCPU", 1L, "MEMORY_MB", 512L))
                    .with(Request.Hints.NONE, new Request.Spec("p", "f", topology, "", Map.of()));
            placed += replicas.get(i % count).place(List.of(one), false).size();
        }
        audit.books();
        Map<String, Integer> pinned = new HashMap<>();
        books.hosts()
                .forEach((id, host) -> host.cells()
                        .values()
                        .forEach(cell -> pinned.merge(id, cell.pinned().size(), Integer::sum)));
        assertEquals(topology.isEmpty() ? Set.of() : Set.of(8), Set.copyOf(pinned.values()));
        return placed;
    }

    private static Host plain(String name) {
        List<Facts.Cell> cells = new ArrayList<>();
        for (int cell = 0; cell < 2; cell++) {
            int first = cell * 8;
            cells.add(new Facts.Cell(
                    cell, 4, IntStream.range(first, first + 4).boxed().toList(), 32_000));
        }
        return new Host(
                "id-" + name,
                name,
                0,
                new Facts("", "nova", "", "", "", 0, Map.of(), cells, 0),
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
}
