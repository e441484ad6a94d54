package io.nephos.scheduler.claim;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.DryRunRequest;
import io.nephos.contracts.scheduler.v1.DryRunResponse;
import io.nephos.contracts.scheduler.v1.EndMoveRequest;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.MoveRequest;
import io.nephos.contracts.scheduler.v1.PutAggregateRequest;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.RemoveAggregateRequest;
import io.nephos.contracts.scheduler.v1.ReportBuildRequest;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.SchedulerHints;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.contracts.scheduler.v1.SetHostEnabledRequest;
import io.nephos.contracts.scheduler.v1.SetHostForcedDownRequest;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches, moves, what an operator says of hosts, and questions that take nothing. Two hosts of four CPUs. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
@SuppressWarnings("NullAway.Init") // the channels are opened before all tests
class ClaimManyIT {
    private static final String H1 = "11111111-1111-4111-8111-111111111111";
    private static final String H2 = "22222222-2222-4222-8222-222222222222";
    private static ManagedChannel compute;
    private static ManagedChannel agent1;
    private static ManagedChannel agent2;
    private final List<String> made = new ArrayList<>();

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

    @Inject
    Database database;

    @BeforeEach
    void twoHosts() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> database.execute("delete from allocation")).get();
            threads.submit(() -> database.execute("delete from consumer")).get();
            // As everybody does who changes what is held of a provider.
            threads.submit(() -> database.execute("update resource_provider set generation = generation + 1"))
                    .get();
        }
        report(agent1, H1, "h1");
        report(agent2, H2, "h2");
    }

    @AfterEach
    void giveBack() {
        made.forEach(this::release);
        Stream.of("h1", "h2").forEach(host -> {
            enable(host, true);
            scheduler()
                    .reportBuild(ReportBuildRequest.newBuilder()
                            .setHost(host)
                            .setSucceeded(true)
                            .build());
        });
    }

    @Test
    void aBatchIsPlacedWholeOrNotAtAll() {
        ClaimManyResponse tooMany = claimMany(9, 9, request(1));
        assertEquals(0, tooMany.getPlacedCount());
        assertEquals(2, tooMany.getExplanation().getHostsConsidered());
        assertEquals(0, used("h1") + used("h2"));
        ClaimManyResponse all = claimMany(8, 8, request(1));
        assertEquals(8, all.getPlacedCount());
        assertFalse(all.hasExplanation());
        assertEquals(4, used("h1"));
        assertEquals(4, used("h2"));
    }

    @Test
    void aBatchMayBePlacedAsFarAsThereIsRoom() {
        ClaimManyResponse some = claimMany(9, 1, request(1));
        assertEquals(8, some.getPlacedCount());
        assertTrue(some.getExplanation().getSummary().contains("lack VCPU"), some.toString());
    }

    @Test
    void theSameBatchAgainGetsTheSameHosts() {
        List<String> consumers = consumers(6);
        ClaimManyResponse first = claimMany(consumers, 6, request(1));
        assertEquals(first, claimMany(consumers, 6, request(1)));
        List<String> more = new ArrayList<>(consumers);
        more.addAll(consumers(2));
        ClaimManyResponse grown = claimMany(more, 8, request(1));
        assertEquals(first.getPlacedList(), grown.getPlacedList().subList(0, 6));
        assertEquals(8, used("h1") + used("h2"));
        String one = consumers.getFirst();
        assertEquals(
                first.getPlaced(0).getPlacement(), claim(request(1, one)).getPlacement(), "in a cloud that is full");
    }

    @Test
    void oneConsumerThatIsClaimedManyTimesAtOnceHasOnePlace() throws Exception {
        for (int round = 0; round < 20; round++) {
            String consumer = consumers(1).getFirst();
            Set<String> hosts = ConcurrentHashMap.newKeySet();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 6; i++) {
                    threads.submit(() ->
                            hosts.add(claim(request(1, consumer)).getPlacement().getHost()));
                }
            }
            assertEquals(1, hosts.size(), hosts.toString());
            assertEquals(1, used("h1") + used("h2"));
            assertTrue(release(consumer));
        }
    }

    @Test
    void membersOfAGroupInOneBatchKnowOfEachOther() {
        ServerGroupHint group = ServerGroupHint.newBuilder()
                .setGroupId(UUID.randomUUID().toString())
                .setPolicy("anti-affinity")
                .setMaxServerPerHost(2)
                .build();
        ClaimManyResponse placed =
                claimMany(5, 1, request(1).toBuilder().setServerGroup(group).build());
        assertEquals(4, placed.getPlacedCount());
        assertEquals(2, used("h1"));
        assertTrue(placed.getExplanation().getSummary().contains("run 2 members of the server group already"));
        ServerGroupHint together = group.toBuilder()
                .setGroupId(UUID.randomUUID().toString())
                .setPolicy("affinity")
                .build();
        assertEquals(
                1,
                claimMany(2, 2, request(1).toBuilder().setServerGroup(together).build()).getPlacedList().stream()
                        .map(one -> one.getPlacement().getHost())
                        .distinct()
                        .count());
    }

    @Test
    void aMoveHoldsBothPlacesUntilItIsConfirmed() {
        String consumer = consumers(1).getFirst();
        String migration = consumers(1).getFirst();
        String from = claim(request(3, consumer)).getPlacement().getHost();
        MoveRequest away = MoveRequest.newBuilder()
                .setClaim(request(3, consumer).toBuilder().addExcludedHosts(from))
                .setMigrationId(migration)
                .build();
        String to = scheduler().move(away).getPlacement().getHost();
        assertFalse(from.equals(to));
        assertEquals(to, scheduler().move(away).getPlacement().getHost(), "the same move again");
        assertEquals(3, used(from));
        assertEquals(3, used(to));
        assertTrue(scheduler().confirmMove(end(consumer, migration)).getEnded());
        assertFalse(scheduler().confirmMove(end(consumer, migration)).getEnded());
        assertEquals(0, used(from));
        assertEquals(3, used(to));
    }

    @Test
    void aMoveThatIsRevertedLeavesWhatWas() {
        String consumer = consumers(1).getFirst();
        String migration = consumers(1).getFirst();
        String host = claim(request(1, consumer)).getPlacement().getHost();
        // A resize on the spot: both sizes are held.
        MoveRequest resize = MoveRequest.newBuilder()
                .setClaim(request(2, consumer).toBuilder().setForcedHost(host))
                .setMigrationId(migration)
                .build();
        assertEquals(host, scheduler().move(resize).getPlacement().getHost());
        assertEquals(3, used(host));
        assertTrue(scheduler().revertMove(end(consumer, migration)).getEnded());
        assertFalse(scheduler().revertMove(end(consumer, migration)).getEnded());
        assertEquals(1, used(host));
        assertTrue(release(consumer));
        assertEquals(0, used(host));
        assertEquals(
                Status.Code.FAILED_PRECONDITION,
                assertThrows(StatusRuntimeException.class, () -> scheduler().move(resize))
                        .getStatus()
                        .getCode());
    }

    @Test
    void aServerThatIsDeletedWhileItMovesGivesBothPlacesBack() {
        String consumer = consumers(1).getFirst();
        String from = claim(request(2, consumer)).getPlacement().getHost();
        scheduler()
                .move(MoveRequest.newBuilder()
                        .setClaim(request(2, consumer).toBuilder().addExcludedHosts(from))
                        .setMigrationId(consumers(1).getFirst())
                        .build());
        assertEquals(4, used("h1") + used("h2"));
        assertTrue(release(consumer));
        assertEquals(0, used("h1") + used("h2"));
    }

    @Test
    void nothingNewGoesToAHostThatIsDisabled() {
        HostStatus disabled = enable("h1", false);
        assertFalse(disabled.getEnabled());
        assertEquals("maintenance", disabled.getDisabledReason());
        assertEquals(4, claimMany(8, 1, request(1)).getPlacedCount());
        assertEquals(0, used("h1"));
        assertTrue(enable("h1", true).getEnabled());
        assertEquals(4, claimMany(4, 1, request(1)).getPlacedCount());
        assertEquals(4, used("h1"));
    }

    @Test
    void anAggregatesMetadataKeepsItsHosts() {
        String aggregate = UUID.randomUUID().toString();
        ClaimRequest inIt = request(1).toBuilder()
                .addAggregates(io.nephos.contracts.scheduler.v1.AggregateChoice.newBuilder()
                        .addIds(aggregate))
                .build();
        assertEquals(0, claimMany(1, 1, inIt).getPlacedCount());
        scheduler()
                .putAggregate(PutAggregateRequest.newBuilder()
                        .setId(aggregate)
                        .setName("fast")
                        .putMetadata("ram_weight_multiplier", "2")
                        .putMetadata("availability_zone", "north")
                        .addHosts("h2")
                        .build());
        assertEquals("north", status("h2").getHost().getAvailabilityZone());
        assertEquals(
                "h2",
                claim(request(1, consumers(1).getFirst()).toBuilder()
                                .setAvailabilityZone("north")
                                .build())
                        .getPlacement()
                        .getHost());
        assertEquals(
                "h2",
                claim(inIt.toBuilder().setConsumerId(consumers(1).getFirst()).build())
                        .getPlacement()
                        .getHost());
        assertTrue(scheduler()
                .removeAggregate(
                        RemoveAggregateRequest.newBuilder().setId(aggregate).build())
                .getRemoved());
        assertEquals(0, claimMany(1, 1, inIt).getPlacedCount());
        assertEquals("nova", status("h2").getHost().getAvailabilityZone());
    }

    @Test
    void aHostThatIsForcedDownIsDownAlthoughItsAgentIsHeard() {
        forceDown("h2", true);
        report(agent2, H2, "h2");
        assertFalse(status("h2").getUp());
        assertTrue(status("h2").getForcedDown());
        assertEquals(4, claimMany(5, 0, request(1)).getPlacedCount());
        assertEquals(0, used("h2"));
        assertTrue(forceDown("h2", false).getUp());
    }

    @Test
    void aHostWhereBuildsFailComesLast() {
        scheduler().reportBuild(ReportBuildRequest.newBuilder().setHost("h1").build());
        assertEquals(4, claimMany(4, 4, request(1)).getPlacedCount());
        assertEquals(4, used("h2"));
    }

    @Test
    void hintsNameOtherServers() {
        String first = consumers(1).getFirst();
        String host = claim(request(1, first)).getPlacement().getHost();
        for (int i = 0; i < 2; i++) {
            String same = consumers(1).getFirst();
            assertEquals(
                    host,
                    claim(request(1, same).toBuilder()
                                    .setHints(SchedulerHints.newBuilder().addSameHost(first))
                                    .build())
                            .getPlacement()
                            .getHost());
        }
        String other = consumers(1).getFirst();
        assertFalse(host.equals(claim(request(1, other).toBuilder()
                        .setHints(SchedulerHints.newBuilder().addDifferentHost(first))
                        .build())
                .getPlacement()
                .getHost()));
    }

    @Test
    void aDryRunTellsWhereAndWhyAndTakesNothing() {
        enable("h1", false);
        DryRunResponse run = scheduler()
                .dryRun(DryRunRequest.newBuilder()
                        .setClaim(request(1, UUID.randomUUID().toString()))
                        .build());
        assertEquals(
                List.of("h2"),
                run.getCandidatesList().stream()
                        .map(io.nephos.contracts.scheduler.v1.Candidate::getHost)
                        .toList());
        assertEquals("ComputeFilter", run.getExplanation().getLosses(0).getFilter());
        assertEquals(
                List.of("ComputeFilter"),
                List.copyOf(run.getExplanation().getNearest(0).getFailedFiltersList()));
        assertEquals(0, used("h2"));
    }

    @Test
    void administratorsAskForADryRunOverHttp() {
        enable("h1", false);
        String body = "{\"claim\": {\"resources\": {\"VCPU\": 1}, \"required_traits\": [\"%s\"]}}";
        dryRun(TestTokens.admin(), "{\"claim\": {\"resources\": {\"VCPU\": 4}}}")
                .statusCode(200)
                .body("candidates.host", contains("h2"))
                .body("explanation.nearest[0].failed_filters", contains("ComputeFilter"));
        dryRun(TestTokens.admin(), body.formatted("CUSTOM_NOWHERE"))
                .statusCode(200)
                .body("explanation.summary", containsString("lack a required trait (CUSTOM_NOWHERE)"));
        dryRun(TestTokens.admin(), "{\"claim\": {\"nonsense\": 1}}").statusCode(400);
        dryRun(TestTokens.member("p"), body).statusCode(403);
    }

    private static ValidatableResponse dryRun(String token, String body) {
        return given().header("X-Auth-Token", token)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/nephos/v1/dry-run")
                .then();
    }

    private ClaimManyResponse claimMany(int count, int least, ClaimRequest request) {
        return claimMany(consumers(count), least, request);
    }

    private ClaimManyResponse claimMany(List<String> consumers, int least, ClaimRequest request) {
        return scheduler()
                .claimMany(ClaimManyRequest.newBuilder()
                        .setClaim(request)
                        .addAllConsumerIds(consumers)
                        .setMinCount(least)
                        .build());
    }

    private List<String> consumers(int count) {
        List<String> consumers = IntStream.range(0, count)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        made.addAll(consumers);
        return consumers;
    }

    private static ClaimResponse claim(ClaimRequest request) {
        return scheduler().claim(request);
    }

    private static ClaimRequest request(long vcpus) {
        return request(vcpus, "");
    }

    private static ClaimRequest request(long vcpus, String consumer) {
        return ClaimRequest.newBuilder()
                .setConsumerId(consumer)
                .setProjectId("p")
                .setUserId("u")
                .putResources("VCPU", vcpus)
                .build();
    }

    private static EndMoveRequest end(String consumer, String migration) {
        return EndMoveRequest.newBuilder()
                .setConsumerId(consumer)
                .setMigrationId(migration)
                .build();
    }

    private static HostStatus forceDown(String host, boolean down) {
        return scheduler()
                .setHostForcedDown(SetHostForcedDownRequest.newBuilder()
                        .setHost(host)
                        .setForcedDown(down)
                        .build());
    }

    private static HostStatus status(String host) {
        return scheduler()
                .listHosts(ListHostsRequest.newBuilder().addNames(host).build())
                .getHosts(0);
    }

    private static HostStatus enable(String host, boolean enabled) {
        return scheduler()
                .setHostEnabled(SetHostEnabledRequest.newBuilder()
                        .setHost(host)
                        .setEnabled(enabled)
                        .setReason("maintenance")
                        .build());
    }

    private boolean release(String consumer) {
        return scheduler()
                .release(ReleaseRequest.newBuilder().setConsumerId(consumer).build())
                .getReleased();
    }

    private static long used(String host) {
        return status(host).getUsedOrDefault("VCPU", 0);
    }

    private static SchedulerGrpc.SchedulerBlockingStub scheduler() {
        return SchedulerGrpc.newBlockingStub(compute).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static void report(ManagedChannel agent, String id, String name) {
        HostReportsGrpc.newBlockingStub(agent)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .reportHost(ReportHostRequest.newBuilder()
                        .setHost(Host.newBuilder()
                                .setId(id)
                                .setName(name)
                                .setAgentAddress("127.0.0.1:1")
                                .putInventories(
                                        "VCPU",
                                        Inventory.newBuilder()
                                                .setTotal(4)
                                                .setAllocationRatio(1)
                                                .build()))
                        .build());
    }
}
