package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.NumaCell;
import io.nephos.kit.data.Database;
import io.nephos.scheduler.allocation.AllocationStore;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.host.AggregateStore;
import io.nephos.scheduler.host.HostReader;
import io.nephos.scheduler.host.HostStore;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderPicture;
import io.nephos.scheduler.provider.ProviderStore;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a replica has followed is what it would read anew. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class HostSnapshotIT {
    private static final int HOSTS = 12;
    private static final Ask.Claimant CLAIMANT = new Ask.Claimant("compute", "p", "u", "INSTANCE", "{}");

    @Inject
    Database database;

    @Inject
    HostReader reader;

    @Inject
    ProviderPicture picture;

    @Inject
    ProviderStore providers;

    @Inject
    AllocationStore allocations;

    @Inject
    HostStore hosts;

    @Inject
    AggregateStore aggregates;

    @Inject
    Claims claims;

    @Inject
    Moves moves;

    @AfterEach
    void takeHostsAway() throws Exception {
        onVirtualThread(
                () -> database.execute("delete from resource_provider where name like 'followed-%-child'") >= 0);
        onVirtualThread(() -> database.execute("delete from allocation_cell where provider_id in"
                        + " (select id from host where name like 'followed-%')")
                >= 0);
        onVirtualThread(() -> database.execute("delete from allocation where provider_id in"
                                + " (select id from host where name like 'followed-%')")
                        + database.execute("delete from resource_provider where name like 'followed-%'")
                > 0);
    }

    @Test
    void whateverIsWrittenTheFollowedSnapshotEqualsOneThatIsReadAnew() throws Exception {
        onVirtualThread(() -> {
            Random random = new Random(1);
            List<Request> placed = new ArrayList<>();
            Map<String, String> moving = new HashMap<>();
            for (int i = 0; i < HOSTS; i++) {
                report(i, 8);
            }
            HostSnapshot followed = new HostSnapshot(database, reader, Weights.SPREAD);
            followed.follow();
            for (int step = 0; step < 160; step++) {
                int number = random.nextInt(HOSTS);
                switch (random.nextInt(16)) {
                    case 0 -> report(number, 8 + random.nextInt(8));
                    case 1 -> {
                        if (claims.host(name(number)).isPresent()) {
                            hosts.setEnabled(name(number), random.nextBoolean(), "maintenance");
                        }
                    }
                    case 2 ->
                        aggregates.put(
                                new UUID(9, number % 3).toString(),
                                "a" + step,
                                Map.of("ram_weight_multiplier", "" + step),
                                List.of(name(number), name(random.nextInt(HOSTS))));
                    case 3 -> hosts.countBuild(name(number), random.nextBoolean());
                    case 4 -> {
                        if (!placed.isEmpty()) {
                            String gone = placed.removeLast().consumerId(); // also in the middle of a move
                            moving.remove(gone);
                            claims.release(gone);
                        }
                    }
                    case 5 ->
                        database.execute(
                                "delete from resource_provider where id = $1 and not exists"
                                        + " (select 1 from allocation where provider_id = id) and not exists"
                                        + " (select 1 from resource_provider c where c.parent_id = $1)",
                                id(number));
                    case 6 -> child(number);
                    case 8 -> {
                        if (!placed.isEmpty()
                                && !moving.containsKey(placed.getLast().consumerId())) {
                            String gone =
                                    placed.removeLast().consumerId(); // as Placement's DELETE: no generation tells
                            database.write(tx -> {
                                providers.touch(tx, allocations.clear(tx, gone));
                                return tx.execute("delete from ConsumerRow where id = :id", Map.of("id", gone));
                            });
                        }
                    }
                    case 7 ->
                        database.execute("delete from resource_provider where name = $1", name(number) + "-child");
                    case 9 -> {
                        if (claims.host(name(number)).isPresent()) {
                            hosts.setForcedDown(name(number), random.nextBoolean());
                        }
                    }
                    case 10, 11 -> {
                        if (!placed.isEmpty()) {
                            move(placed.get(random.nextInt(placed.size())), moving);
                        }
                    }
                    case 12 -> {
                        if (!moving.isEmpty()) {
                            String consumer = moving.keySet().iterator().next();
                            end(consumer, moving.remove(consumer), random.nextBoolean());
                        }
                    }
                    default -> claim(random.nextBoolean()).ifPresent(placed::add);
                }
                if (random.nextInt(4) == 0) {
                    assertFollowed(followed);
                }
            }
            assertFollowed(followed);
            placed.forEach(request -> claims.release(request.consumerId()));
            assertFollowed(followed);
            return true;
        });
    }

    @Test
    void aChangeThatIsCommittedLateIsNotMissed() throws Exception {
        onVirtualThread(() -> {
            report(0, 8);
            report(1, 8);
            HostSnapshot followed = new HostSnapshot(database, reader, Weights.SPREAD);
            followed.follow();
            CountDownLatch written = new CountDownLatch(1);
            CountDownLatch commit = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> late = threads.submit(() -> database.run(tx -> {
                    tx.executeNative("update host set io_ops = io_ops + 1 where id = :id", Map.of("id", id(0)));
                    written.countDown();
                    await(commit);
                }));
                await(written);
                hosts.countBuild(name(1), false);
                assertFollowed(followed); // the later transaction, which ended before
                commit.countDown();
                late.get();
            }
            assertFollowed(followed);
            assertTrue(followed.table()
                    .named(name(0))
                    .filter(host -> host.facts().ioOps() == 1)
                    .isPresent());
            return true;
        });
    }

    private void assertFollowed(HostSnapshot followed) {
        followed.follow();
        HostSnapshot anew = new HostSnapshot(database, reader, Weights.SPREAD);
        anew.follow();
        assertEquals(anew.table().hosts(), followed.table().hosts());
        List<Provider> read = providers.all();
        assertEquals(read, picture.<List<Provider>>look(forest -> List.copyOf(forest.all())));
    }

    /** A provider below the host, as the API makes it; when it is there already it is put under another. */
    private void child(int number) {
        database.execute(
                "insert into resource_provider (id, name, parent_id, root_id) select $1, $2, id, root_id"
                        + " from resource_provider where id = $3 on conflict (id) do update set"
                        + " parent_id = excluded.parent_id, root_id = excluded.root_id, generation = 1",
                new UUID(8, number % 3).toString(),
                name(number % 3) + "-child",
                id(number));
    }

    /** With dedicated CPUs in a NUMA cell, or without; empty when there is no room. */
    private Optional<Request> claim(boolean dedicated) {
        String consumer = UUID.randomUUID().toString();
        Request request = dedicated
                ? Request.of(consumer, Map.of("PCPU", 1L, "MEMORY_MB", 512L))
                        .with(
                                Request.Hints.NONE,
                                new Request.Spec("p", "f", Map.of("hw:cpu_policy", "dedicated"), "", Map.of()))
                : Request.of(consumer, Map.of("VCPU", 1L, "MEMORY_MB", 512L));
        Claims.Outcome outcome = claims.claim(List.of(new Ask(request, CLAIMANT, Optional.empty())), 1);
        return outcome.placed().isEmpty() ? Optional.empty() : Optional.of(request);
    }

    /** Both places are held until {@link #end}. */
    private void move(Request request, Map<String, String> moving) {
        String migration = UUID.randomUUID().toString();
        String now = database.rows(
                        "select h.name from allocation a join host h on h.id = a.provider_id where a.consumer_id = $1",
                        request.consumerId())
                .getFirst()
                .getString("name");
        if (!moving.containsKey(request.consumerId())
                && !moves.begin(request.onHosts(Set.of(now), Optional.empty(), Optional.empty()), CLAIMANT, migration)
                        .placed()
                        .isEmpty()) {
            moving.put(request.consumerId(), migration);
        }
    }

    private void end(String consumer, String migration, boolean confirmed) {
        assertTrue(confirmed ? moves.confirm(consumer, migration) : moves.revert(consumer, migration));
    }

    private void report(int number, long cpus) {
        hosts.report(Host.newBuilder()
                .setId(id(number))
                .setName(name(number))
                .setAgentAddress("127.0.0.1:1")
                .putInventories(
                        "VCPU",
                        Inventory.newBuilder()
                                .setTotal(cpus)
                                .setAllocationRatio(2)
                                .build())
                .putInventories("PCPU", whole(2))
                .putInventories("MEMORY_MB", whole(8192))
                .addNumaCells(NumaCell.newBuilder()
                        .setNumber(0)
                        .setCpus(4)
                        .setPinnableCpus(2)
                        .addAllPinnableCpuIds(List.of(2, 3))
                        .setMemoryMib(4096))
                .addTraits("HW_CPU_X86_SSE2")
                .build());
    }

    private static Inventory whole(long total) {
        return Inventory.newBuilder().setTotal(total).setAllocationRatio(1).build();
    }

    private static String id(int number) {
        return new UUID(7, number).toString();
    }

    private static String name(int number) {
        return "followed-" + number;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void onVirtualThread(Callable<Boolean> work) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(work).get();
        }
    }
}
