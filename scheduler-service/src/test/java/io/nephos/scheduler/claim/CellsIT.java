package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.nephos.contracts.scheduler.v1.CellShare;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.EndMoveRequest;
import io.nephos.contracts.scheduler.v1.FlavorSpec;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.MoveRequest;
import io.nephos.contracts.scheduler.v1.NumaCell;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pinned CPUs and NUMA cells in the books: a host of two cells with two CPUs to pin in each. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
@SuppressWarnings("NullAway.Init") // the channels are opened before all tests
class CellsIT {
    private static final String ZONE = "celled";
    private static final Map<String, String> TWO_NODES = Map.of("hw:cpu_policy", "dedicated", "hw:numa_nodes", "2");
    private static final Map<String, String> ONE_NODE = Map.of("hw:cpu_policy", "dedicated");
    private static ManagedChannel compute;
    private static ManagedChannel agent;
    private final List<String> made = new ArrayList<>();

    @BeforeAll
    static void open() {
        compute = Peer.channelAs("compute");
        agent = Peer.channelAs("host-h2");
    }

    @AfterAll
    static void close() {
        List.of(compute, agent).forEach(ManagedChannel::shutdownNow);
    }

    @BeforeEach
    void oneHost() {
        Host.Builder host = Host.newBuilder()
                .setId("22222222-2222-4222-8222-222222222222")
                .setName("h2")
                .setAgentAddress("127.0.0.1:1")
                .setAvailabilityZone(ZONE)
                .putInventories("PCPU", inventory(4))
                .putInventories("MEMORY_MB", inventory(4096));
        for (int cell = 0; cell < 2; cell++) {
            host.addNumaCells(NumaCell.newBuilder()
                    .setNumber(cell)
                    .setCpus(2)
                    .setPinnableCpus(2)
                    .addAllPinnableCpuIds(List.of(cell * 4 + 2, cell * 4 + 3))
                    .setMemoryMib(2048));
        }
        HostReportsGrpc.newBlockingStub(agent)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .reportHost(ReportHostRequest.newBuilder().setHost(host).build());
    }

    @AfterEach
    void giveBack() {
        made.forEach(CellsIT::release);
    }

    @Test
    void pinnedCpusAreGivenOnceAndComeBackWithTheRelease() {
        ClaimRequest first = request(1, 256, ONE_NODE);
        List<CellShare> held = cells(scheduler().claim(first));
        assertEquals(1, held.size());
        assertEquals(held, cells(scheduler().claim(first)), "asked again it is where it was");
        Set<Integer> pinned = new HashSet<>(held.getFirst().getPinnedCpusList());
        for (int i = 0; i < 3; i++) {
            for (CellShare share : cells(scheduler().claim(request(1, 256, ONE_NODE)))) {
                share.getPinnedCpusList().forEach(cpu -> assertTrue(pinned.add(cpu), "CPU " + cpu + " is given twice"));
            }
        }
        assertEquals(Set.of(2, 3, 6, 7), pinned);
        assertFalse(scheduler().claim(request(1, 256, ONE_NODE)).hasPlacement());
        release(first.getConsumerId());
        assertEquals(
                held.getFirst().getPinnedCpusList(),
                cells(scheduler().claim(request(1, 256, ONE_NODE))).getFirst().getPinnedCpusList());
    }

    @Test
    void roomInTheWholeHostIsNotRoomInACell() {
        assertEquals(
                List.of(1024L, 1024L),
                cells(scheduler().claim(request(2, 2048, TWO_NODES))).stream()
                        .map(CellShare::getMemoryMib)
                        .toList());
        ClaimResponse none = scheduler().claim(request(1, 1500, ONE_NODE));
        assertFalse(none.hasPlacement());
        assertEquals("NUMATopologyFilter", none.getExplanation().getLosses(0).getFilter());
    }

    @Test
    void aBatchSharesTheCellsOut() {
        List<String> consumers = IntStream.range(0, 6)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        made.addAll(consumers);
        var answer = scheduler()
                .claimMany(ClaimManyRequest.newBuilder()
                        .setClaim(request(1, 256, ONE_NODE))
                        .addAllConsumerIds(consumers)
                        .setMinCount(2)
                        .build());
        assertEquals(4, answer.getPlacedCount());
        assertEquals(
                4,
                answer.getPlacedList().stream()
                        .flatMap(placed -> placed.getPlacement().getCellsList().stream())
                        .flatMap(share -> share.getPinnedCpusList().stream())
                        .distinct()
                        .count());
    }

    @Test
    void aMoveHoldsBothPlacesUntilItEnds() {
        ClaimRequest small = request(1, 256, ONE_NODE);
        List<CellShare> before = cells(scheduler().claim(small));
        String migration = UUID.randomUUID().toString();
        ClaimRequest large = small.toBuilder().putResources("PCPU", 2).build();
        List<CellShare> after = cells(scheduler()
                .move(MoveRequest.newBuilder()
                        .setClaim(large)
                        .setMigrationId(migration)
                        .build()));
        assertEquals(2, after.getFirst().getPinnedCpusCount());
        assertTrue(scheduler().claim(request(1, 256, ONE_NODE)).hasPlacement());
        assertFalse(scheduler().claim(request(1, 256, ONE_NODE)).hasPlacement(), "both places are held");
        EndMoveRequest end = EndMoveRequest.newBuilder()
                .setConsumerId(small.getConsumerId())
                .setMigrationId(migration)
                .build();
        assertTrue(scheduler().revertMove(end).getEnded());
        assertEquals(before, cells(scheduler().claim(small)), "it is where it was");
        assertTrue(scheduler().claim(request(2, 256, ONE_NODE)).hasPlacement());
        assertFalse(scheduler().claim(request(1, 256, ONE_NODE)).hasPlacement());
    }

    @Test
    void aMoveThatAsksForNothingAsksForWhatWasAskedForBefore() {
        ClaimRequest pinned = request(1, 256, ONE_NODE);
        List<CellShare> before = cells(scheduler().claim(pinned));
        MoveRequest bare = MoveRequest.newBuilder()
                .setClaim(ClaimRequest.newBuilder()
                        .setConsumerId(pinned.getConsumerId())
                        .setProjectId("p")
                        .setUserId("u"))
                .setMigrationId(UUID.randomUUID().toString())
                .build();
        List<CellShare> after = cells(scheduler().move(bare));
        assertEquals(1, after.getFirst().getPinnedCpusCount());
        assertFalse(
                after.getFirst().getPinnedCpusList().equals(before.getFirst().getPinnedCpusList()));
    }

    private static List<CellShare> cells(ClaimResponse response) {
        assertTrue(response.hasPlacement(), response.toString());
        return response.getPlacement().getCellsList();
    }

    private ClaimRequest request(long cpus, long memory, Map<String, String> extraSpecs) {
        String consumer = UUID.randomUUID().toString();
        made.add(consumer);
        return ClaimRequest.newBuilder()
                .setConsumerId(consumer)
                .setProjectId("p")
                .setUserId("u")
                .setAvailabilityZone(ZONE)
                .putResources("PCPU", cpus)
                .putResources("MEMORY_MB", memory)
                .setFlavor(FlavorSpec.newBuilder().putAllExtraSpecs(extraSpecs))
                .build();
    }

    private static void release(String consumer) {
        scheduler().release(ReleaseRequest.newBuilder().setConsumerId(consumer).build());
    }

    private static Inventory inventory(long total) {
        return Inventory.newBuilder().setTotal(total).setAllocationRatio(1).build();
    }

    private static SchedulerGrpc.SchedulerBlockingStub scheduler() {
        return SchedulerGrpc.newBlockingStub(compute).withDeadlineAfter(20, TimeUnit.SECONDS);
    }
}
