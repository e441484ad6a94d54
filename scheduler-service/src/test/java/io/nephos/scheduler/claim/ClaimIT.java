package io.nephos.scheduler.claim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.contracts.compute.v1.FindServersResponse;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.HostEvent;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.scheduler.allocation.AllocationStore;
import io.nephos.scheduler.host.HostReader;
import io.nephos.scheduler.host.HostStore;
import io.nephos.scheduler.provider.ProviderStore;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
@SuppressWarnings("NullAway.Init") // the channels are opened before all tests
class ClaimIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String H1 = "11111111-1111-4111-8111-111111111111";
    private static final String H2 = "22222222-2222-4222-8222-222222222222";

    @Inject
    Database database;

    @Inject
    Ledger ledger;

    @Inject
    HostReader reader;

    @Inject
    SchedulerConfig config;

    @Inject
    MeterRegistry metrics;

    @Inject
    ClaimRequests requests;

    @Inject
    ProviderStore providers;

    @Inject
    AllocationStore allocations;

    @Inject
    HostStore hosts;

    @Inject
    ClaimSweeper sweeper;

    @Inject
    Broker broker;

    private static ManagedChannel compute;
    private static ManagedChannel agent1;
    private static ManagedChannel agent2;

    @BeforeEach
    void twoEmptyHosts() {
        Await.until(PATIENCE, () -> {
            onVirtualThread(() -> database.execute("delete from allocation"));
            // As everybody does who changes what is held of a provider.
            onVirtualThread(() -> database.execute("update resource_provider set generation = generation + 1"));
            return onVirtualThread(() -> database.execute("delete from consumer")) >= 0;
        });
        report(agent1, H1, "h1", 4);
        report(agent2, H2, "h2", 4);
    }

    @BeforeAll
    static void open() {
        compute = Peer.channelAs("compute");
        agent1 = Peer.channelAs("host-h1");
        agent2 = Peer.channelAs("host-h2");
    }

    @AfterAll
    static void close() {
        List.of(compute, agent1, agent2).forEach(ManagedChannel::shutdownNow);
    }

    @Test
    void aClaimTakesAnAllocationAndTheSameClaimAgainGetsTheSameHost() {
        String consumer = UUID.randomUUID().toString();
        ClaimResponse first = claim(claim(consumer, 2).build());
        assertTrue(first.hasPlacement(), first.toString());
        assertEquals(first, claim(claim(consumer, 2).build()));
        assertEquals(2, used(first.getPlacement().getHost()));
    }

    @Test
    void aClaimThatExcludesItsHostMovesAndGivesTheOldOneBack() {
        String consumer = UUID.randomUUID().toString();
        String first = claim(claim(consumer, 2).build()).getPlacement().getHost();
        String second = claim(claim(consumer, 2).addExcludedHosts(first).build())
                .getPlacement()
                .getHost();
        assertNotEquals(first, second);
        assertEquals(0, used(first));
        assertEquals(2, used(second));
    }

    @Test
    void releasingGivesBackAndReleasingNothingSucceeds() {
        String consumer = UUID.randomUUID().toString();
        String host = claim(claim(consumer, 2).build()).getPlacement().getHost();
        assertTrue(release(consumer));
        assertEquals(0, used(host));
        assertFalse(release(consumer));
    }

    @Test
    void whatFitsNowhereIsExplained() {
        ClaimResponse answer = claim(claim(UUID.randomUUID().toString(), 1)
                .putResources("MEMORY_MB", 999999)
                .build());
        assertTrue(answer.hasExplanation());
        assertEquals(
                "No valid host was found: 2 of 2 hosts lack MEMORY_MB (needs 999999, the most free on one host is 2048).",
                answer.getExplanation().getSummary());
        assertEquals(2, answer.getExplanation().getHostsConsidered());
        assertEquals(2, answer.getExplanation().getNearestCount());
    }

    @Test
    void replicasThatRaceNeverDoubleBookAndUseAllThereIs() throws Exception {
        List<Claims> replicas = List.of(replica(), replica(), replica());
        List<Future<Claims.Outcome>> racing = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                Claims replica = replicas.get(i % replicas.size());
                ClaimRequest request = claim(UUID.randomUUID().toString(), 1).build();
                racing.add(threads.submit(() -> claim(replica, request)));
            }
            int placed = 0;
            for (Future<Claims.Outcome> one : racing) {
                placed += one.get().placed().size();
            }
            assertEquals(8, placed);
        }
        assertEquals(4, used("h1"));
        assertEquals(4, used("h2"));
    }

    @Test
    void membersOfAnAntiAffinityGroupThatAreClaimedAtOnceStayApart() throws Exception {
        for (int round = 0; round < 5; round++) {
            String group = UUID.randomUUID().toString();
            List<Future<Claims.Outcome>> racing = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 3; i++) {
                    Claims replica = replica();
                    ClaimRequest request = claim(UUID.randomUUID().toString(), 1)
                            .setServerGroup(ServerGroupHint.newBuilder()
                                    .setGroupId(group)
                                    .setPolicy("anti-affinity"))
                            .build();
                    racing.add(threads.submit(() -> claim(replica, request)));
                }
                List<String> names = new ArrayList<>();
                for (Future<Claims.Outcome> one : racing) {
                    one.get()
                            .placed()
                            .forEach(ask -> names.add(ask.placed().orElseThrow().name()));
                }
                assertEquals(List.of("h1", "h2"), names.stream().sorted().toList());
            }
            twoEmptyHosts();
        }
    }

    @Test
    void aSilentHostIsMarkedDownOnceGetsNothingNewAndComesBackWithAHeartbeat() {
        pause(20);
        assertTrue(onVirtualThread(() -> hosts.silent(Duration.ofMillis(10))).contains(H1));
        assertTrue(onVirtualThread(() -> hosts.markDown(H1, Duration.ofMillis(10))));
        assertFalse(onVirtualThread(() -> hosts.markDown(H1, Duration.ofMillis(10))));
        assertFalse(status("h1").getUp());
        ClaimResponse refused =
                claim(claim(UUID.randomUUID().toString(), 1).setForcedHost("h1").build());
        assertTrue(refused.getExplanation().getSummary().contains("1 of 2 hosts are down or disabled"));
        assertFalse(heartbeat(agent1, H1, "h1"));
        assertTrue(status("h1").getUp());
    }

    @Test
    void thatAHostIsDownIsToldWithTheServersThatItTakesAlong() {
        List<HostEvent> heard = new CopyOnWriteArrayList<>();
        EventFeed<HostEvent> feed =
                new EventFeed<>(broker, "nephos.scheduler.host", HostEvent.getDefaultInstance(), heard::add);
        feed.start();
        try {
            String server = UUID.randomUUID().toString();
            claim(claim(server, 1).setForcedHost("h1").build());
            claim(claim(UUID.randomUUID().toString(), 1).setForcedHost("h2").build());
            pause(20);
            assertTrue(onVirtualThread(() -> hosts.markDown(H1, Duration.ofMillis(10))));
            Await.until(
                    PATIENCE,
                    () -> heard.stream()
                            .anyMatch(event ->
                                    !event.getUp() && event.getConsumerIdsList().equals(List.of(server))));
            assertFalse(heartbeat(agent1, H1, "h1"));
            Await.until(PATIENCE, () -> {
                HostEvent last = heard.getLast();
                return last.getName().equals("h1") && last.getUp() && last.getConsumerIdsCount() == 0;
            });
        } finally {
            feed.stop();
        }
    }

    @Test
    void aHostThatIsNotKnownIsAskedToReport() {
        assertTrue(heartbeat(agent1, UUID.randomUUID().toString(), "h1"));
    }

    @Test
    void anAgentMayNotReportForAnotherHost() {
        StatusRuntimeException refused =
                assertThrows(StatusRuntimeException.class, () -> report(agent1, H2, "h2", 4000));
        assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
        assertEquals(4, status("h2").getHost().getInventoriesOrThrow("VCPU").getTotal());
    }

    @Test
    void theSameReportAgainChangesNoGeneration() {
        long before = generation(H1);
        report(agent1, H1, "h1", 4);
        assertEquals(before, generation(H1));
        report(agent1, H1, "h1", 5);
        assertEquals(before + 1, generation(H1));
    }

    @Test
    void whatADeletedServerHeldIsGivenBack() {
        String consumer = UUID.randomUUID().toString();
        String host = claim(claim(consumer, 2).build()).getPlacement().getHost();
        onVirtualThread(() -> database.write(tx -> {
            tx.publish(
                    "nephos.compute.server",
                    consumer,
                    ServerEvent.newBuilder()
                            .setId(consumer)
                            .setChange(Change.CHANGE_DELETED)
                            .build());
            return true;
        }));
        Await.until(PATIENCE, () -> used(host) == 0);
    }

    @Test
    void theSweeperGivesBackWhatNoServerHoldsAndNothingElse() {
        String gone = UUID.randomUUID().toString();
        String there = UUID.randomUUID().toString();
        String young = UUID.randomUUID().toString();
        List.of(gone, there, young)
                .forEach(id -> assertTrue(claim(claim(id, 1).build()).hasPlacement()));
        onVirtualThread(() -> database.execute(
                "update consumer set created_at = now() - interval '2 minutes' where id <> $1", young));
        Server server = Peer.serve("compute", new ComputeGrpc.ComputeImplBase() {
            @Override
            public void findServers(FindServersRequest request, StreamObserver<FindServersResponse> answer) {
                answer.onNext(
                        FindServersResponse.newBuilder().addExistingIds(there).build());
                answer.onCompleted();
            }
        });
        try {
            onVirtualThread(() -> {
                sweeper.sweep();
                return true;
            });
        } finally {
            server.shutdownNow();
        }
        assertFalse(release(gone));
        assertTrue(release(there));
        assertTrue(release(young));
    }

    @Test
    void aVolumeIsPlacedWhereThereIsRoomForItAndIsBlocksOwn() {
        ManagedChannel block = Peer.channelAs("block");
        try {
            report(agent2, H2, "h2", Map.of("DISK_GB", inventory(100)));
            String volume = UUID.randomUUID().toString();
            ClaimRequest wanted = ClaimRequest.newBuilder()
                    .setConsumerId(volume)
                    .setConsumerType("VOLUME")
                    .setProjectId("p")
                    .setUserId("u")
                    .putResources("DISK_GB", 60)
                    .build();
            assertEquals("h2", claim(block, wanted).getPlacement().getHost());
            assertEquals("h2", claim(block, wanted).getPlacement().getHost());
            assertEquals(60, status("h2").getUsedOrDefault("DISK_GB", 0));
            String another = UUID.randomUUID().toString();
            assertFalse(claim(block, wanted.toBuilder().setConsumerId(another).build())
                    .hasPlacement());
            onVirtualThread(() -> database.execute("update consumer set created_at = now() - interval '1 hour'"));
            // compute knows of no volume, and is not asked for one.
            onVirtualThread(() -> {
                sweeper.sweep();
                return true;
            });
            assertEquals(60, status("h2").getUsedOrDefault("DISK_GB", 0));
            assertTrue(release(volume));
            assertTrue(claim(block, wanted.toBuilder().setConsumerId(another).build())
                    .hasPlacement());
            assertTrue(release(another));
        } finally {
            block.shutdownNow();
        }
    }

    private Claims replica() {
        return new Claims(database, allocations, ledger, reader, config, metrics);
    }

    private Claims.Outcome claim(Claims replica, ClaimRequest request) {
        Ask.Claimant claimant = new Ask.Claimant("compute", "p", "u", "INSTANCE", "{}");
        return replica.claim(
                List.of(new Ask(requests.read(request, request.getConsumerId()), claimant, Optional.empty())), 1);
    }

    private static ClaimRequest.Builder claim(String consumer, long vcpus) {
        return ClaimRequest.newBuilder()
                .setConsumerId(consumer)
                .setProjectId("p")
                .setUserId("u")
                .putResources("VCPU", vcpus)
                .putResources("MEMORY_MB", 64);
    }

    private ClaimResponse claim(ClaimRequest request) {
        return claim(compute, request);
    }

    private static ClaimResponse claim(ManagedChannel service, ClaimRequest request) {
        return SchedulerGrpc.newBlockingStub(service)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .claim(request);
    }

    private boolean release(String consumer) {
        return SchedulerGrpc.newBlockingStub(compute)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .release(ReleaseRequest.newBuilder().setConsumerId(consumer).build())
                .getReleased();
    }

    private HostStatus status(String host) {
        return SchedulerGrpc.newBlockingStub(compute)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .listHosts(ListHostsRequest.newBuilder().addNames(host).build())
                .getHosts(0);
    }

    private long used(String host) {
        return status(host).getUsedOrDefault("VCPU", 0);
    }

    private long generation(String id) {
        return onVirtualThread(() -> providers.require(id).generation());
    }

    private static void report(ManagedChannel agent, String id, String name, long vcpus) {
        report(agent, id, name, Map.of("VCPU", inventory(vcpus), "MEMORY_MB", inventory(2048)));
    }

    private static void report(ManagedChannel agent, String id, String name, Map<String, Inventory> inventories) {
        HostReportsGrpc.newBlockingStub(agent)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .reportHost(ReportHostRequest.newBuilder()
                        .setHost(Host.newBuilder()
                                .setId(id)
                                .setName(name)
                                .setAgentAddress("127.0.0.1:1")
                                .setHypervisorType("fake")
                                .putAllInventories(inventories)
                                .addTraits("HW_CPU_X86_SSE2"))
                        .build());
    }

    private static Inventory inventory(long total) {
        return Inventory.newBuilder().setTotal(total).setAllocationRatio(1).build();
    }

    private static boolean heartbeat(ManagedChannel agent, String id, String name) {
        return HostReportsGrpc.newBlockingStub(agent)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .heartbeat(HeartbeatRequest.newBuilder()
                        .setHostId(id)
                        .setName(name)
                        .build())
                .getReportAgain();
    }

    private static <T> T onVirtualThread(Callable<T> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.submit(work).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
