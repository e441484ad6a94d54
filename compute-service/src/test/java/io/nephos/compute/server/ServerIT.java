package io.nephos.compute.server;

import static io.nephos.compute.Api.IMAGE;
import static io.nephos.compute.Api.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.compute.Api;
import io.nephos.compute.cloud.FakeCloud;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.compute.v1.InstanceReportsGrpc;
import io.nephos.contracts.compute.v1.ReportInstancesRequest;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.nephos.testkit.RawHttp;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "compute"))
@SuppressWarnings("NullAway.Init") // the cloud is made before all tests
class ServerIT {
    private static FakeCloud cloud;
    private final String project = UUID.randomUUID().toString().replace("-", "");

    @BeforeAll
    static void start() {
        cloud = new FakeCloud();
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @BeforeEach
    void aFlavor() {
        cloud.heal();
        Api.flavor("tiny");
    }

    @Test
    void whatNoRouteGetsToSeeIsAnsweredInTheDialectToo() {
        String answer = RawHttp.answer("POST /v2.1/servers HTTP/1.1", "Content-Length: some");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("{\"badRequest\":{"), answer);
        assertTrue(answer.contains("content-length header must be an integer"), answer);
    }

    @Test
    void aServerIsBuiltShowsItsAddressesAndIsGoneAfterItsDeletion() {
        String id = create("");
        await(id, "ACTIVE");
        show(id).then()
                .body("server.addresses.private[0].addr", equalTo("10.0.0.5"))
                .body("server.security_groups[0].name", equalTo("default"))
                .body("server.'OS-EXT-STS:power_state'", equalTo(1));
        assertEquals(3, cloud.heldFor(id).size(), "an allocation, a port and an instance");
        delete(id);
        awaitGone(id);
        assertEquals(List.of(), cloud.heldFor(id));
        as(member(), "2.21")
                .get("/v2.1/servers/" + id + "/os-instance-actions")
                .then()
                .statusCode(200)
                .body("instanceActions.action", equalTo(List.of("delete", "create")));
    }

    @Test
    void aServerThatCannotBePlacedEndsInErrorAndSaysWhichResourceLacksHowMuch() {
        cloud.noHost = "No valid host was found: 2 of 2 hosts lack MEMORY_MB (needs 128, the most free is 64).";
        String id = create("");
        await(id, "ERROR");
        show(id).then().body("server.fault.message", equalTo(cloud.noHost));
        assertEquals(List.of(), cloud.heldFor(id));
        delete(id);
        show(id).then().statusCode(404);
    }

    @Test
    void aHostThatRefusesIsLeftForTheNext() {
        cloud.broken.add("h1");
        String id = create("");
        await(id, "ACTIVE");
        assertEquals("h2", cloud.allocations.get(id));
        delete(id);
        awaitGone(id);
        assertEquals(List.of(), cloud.heldFor(id));
    }

    @Test
    void whenNoHostIsLeftEverythingIsGivenBackAndTheLastReasonIsShown() {
        cloud.broken.addAll(List.of("h1", "h2"));
        String id = create("");
        await(id, "ERROR");
        show(id).then().body("server.fault.message", containsString("the hypervisor refused"));
        assertEquals(List.of(), cloud.heldFor(id));
    }

    @Test
    void aCallThatTookEffectAndWasNotAnsweredIsTakenUpAgain() {
        cloud.mute.add("h1");
        String id = create("");
        await(id, "ACTIVE");
        assertEquals("h1", cloud.allocations.get(id), "on the same host");
        delete(id);
        awaitGone(id);
    }

    @Test
    void activeWaitsForThePortToComeUp() {
        cloud.portsComeUp = false;
        String id = create("");
        Await.until(() -> cloud.instances.containsKey("h1/" + id));
        show(id).then().body("server.status", equalTo("BUILD"));
        cloud.portsComeUp = true;
        await(id, "ACTIVE");
        delete(id);
        awaitGone(id);
    }

    @Test
    void deletingWhileItIsBuiltLeavesNothing() {
        cloud.portsComeUp = false;
        String id = create("");
        Await.until(() -> cloud.ports.containsValue(id));
        delete(id);
        awaitGone(id);
        assertEquals(List.of(), cloud.heldFor(id));
    }

    @Test
    void aServerOnAHostThatIsAwayIsDeletedWhenTheHostIsBack() {
        String id = create("");
        await(id, "ACTIVE");
        cloud.away.add("h1");
        delete(id);
        show(id).then().body("server.'OS-EXT-STS:task_state'", equalTo("deleting"));
        cloud.away.clear();
        awaitGone(id);
        assertEquals(List.of(), cloud.heldFor(id));
    }

    @Test
    void stoppingAndStartingGoThroughTheHost() {
        String id = create("");
        await(id, "ACTIVE");
        act(id, "{\"os-start\": null}").then().statusCode(409).body("conflictingRequest.code", equalTo(409));
        act(id, "{\"os-stop\": null}").then().statusCode(202);
        await(id, "SHUTOFF");
        act(id, "{\"os-start\": null}").then().statusCode(202);
        await(id, "ACTIVE");
        act(id, "{\"reboot\": {\"type\": \"HARD\"}}").then().statusCode(202);
        await(id, "ACTIVE");
        delete(id);
        awaitGone(id);
    }

    @Test
    void aGuestThatSwitchesItselfOffIsShownShutOff() {
        String id = create("");
        await(id, "ACTIVE");
        assertEquals(List.of(), report("h1", "h1", id, PowerState.POWER_STATE_SHUTOFF));
        await(id, "SHUTOFF");
        delete(id);
        awaitGone(id);
    }

    @Test
    void anAgentSpeaksForItsOwnHostOnlyAndIsToldOfOrphans() {
        String stray = UUID.randomUUID().toString();
        assertEquals(List.of(stray), report("h1", "h1", stray, PowerState.POWER_STATE_RUNNING));
        String id = create("");
        await(id, "ACTIVE");
        assertEquals(
                List.of(id), report("h2", "h2", id, PowerState.POWER_STATE_RUNNING), "its row names the other host");
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class, () -> report("h2", "h1", id, PowerState.POWER_STATE_RUNNING));
        assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
        delete(id);
        awaitGone(id);
    }

    @Test
    void aVolumeIsAttachedAndDetachedAndOneThatCannotBeHadLeavesTheServerAlone() {
        String id = create("");
        await(id, "ACTIVE");
        String volume = UUID.randomUUID().toString();
        attach(id, volume).then().statusCode(200).body("volumeAttachment.device", equalTo("/dev/vdb"));
        Await.until(() -> cloud.attachments.containsValue(id));
        as(member())
                .delete("/v2.1/servers/" + id + "/os-volume_attachments/" + volume)
                .then()
                .statusCode(202);
        Await.until(() -> !cloud.attachments.containsValue(id));
        String bad = "bad" + UUID.randomUUID().toString().substring(3); // hexadecimal too
        attach(id, bad).then().statusCode(200);
        Await.until(() -> as(member())
                .get("/v2.1/servers/" + id + "/os-volume_attachments")
                .jsonPath()
                .getList("volumeAttachments")
                .isEmpty());
        show(id).then().body("server.status", equalTo("ACTIVE"));
        delete(id);
        awaitGone(id);
    }

    @Test
    void quotaIsCountedFromTheServersThatExist() {
        as(TestTokens.admin())
                .body("{\"quota_set\": {\"instances\": 1}}")
                .put("/v2.1/os-quota-sets/" + project)
                .then()
                .statusCode(200);
        String id = create("");
        post("").then().statusCode(403).body("forbidden.message", containsString("Quota exceeded for instances"));
        await(id, "ACTIVE");
        delete(id);
        awaitGone(id);
        post("").then().statusCode(202);
    }

    @Test
    void anotherProjectSeesNothingOfIt() {
        String id = create("");
        String stranger = TestTokens.member("elsewhere");
        as(stranger).get("/v2.1/servers/" + id).then().statusCode(404).body("itemNotFound.code", equalTo(404));
        as(stranger).delete("/v2.1/servers/" + id).then().statusCode(404);
        as(stranger).get("/v2.1/servers").then().body("servers", hasSize(0));
        as(stranger).get("/v2.1/servers?all_tenants=1").then().statusCode(403);
        as(TestTokens.admin()).get("/v2.1/servers?all_tenants=1").then().body("servers.id", hasItem(id));
        as(TestTokens.reader(project)).get("/v2.1/servers/" + id).then().statusCode(200);
        as(TestTokens.reader(project)).delete("/v2.1/servers/" + id).then().statusCode(403);
        delete(id);
        awaitGone(id);
    }

    @Test
    void aListIsPagedByMarkerInTheOrderAsked() {
        List<String> ids = List.of(create(""), create(""), create(""));
        List<String> first = as(member())
                .get("/v2.1/servers?limit=2&sort_key=created_at&sort_dir=asc")
                .jsonPath()
                .getList("servers.id");
        assertEquals(ids.subList(0, 2), first);
        List<String> second = as(member())
                .get("/v2.1/servers?limit=2&sort_key=created_at&sort_dir=asc&marker=" + first.getLast())
                .jsonPath()
                .getList("servers.id");
        assertEquals(ids.subList(2, 3), second);
        ids.forEach(this::delete);
        ids.forEach(this::awaitGone);
    }

    @Test
    void whatABodyNamesAndIsNotThereIsABadRequest() {
        post(", \"networks\": [{\"uuid\": \"" + UUID.randomUUID() + "\"}]")
                .then()
                .statusCode(400);
        post(", \"key_name\": \"none\"").then().statusCode(400).body("badRequest.message", containsString("key_name"));
        post(", \"min_count\": \"x\"").then().statusCode(400).body("badRequest.message", containsString("min_count"));
    }

    private String member() {
        return TestTokens.member(project);
    }

    private Response post(String more) {
        return as(member())
                .body("{\"server\": {\"name\": \"web\", \"flavorRef\": \"tiny\", \"imageRef\": \"" + IMAGE + "\"" + more
                        + "}}")
                .post("/v2.1/servers");
    }

    private String create(String more) {
        Response response = post(more);
        response.then().statusCode(202);
        return response.jsonPath().getString("server.id");
    }

    private Response show(String id) {
        return as(member()).get("/v2.1/servers/" + id);
    }

    private Response act(String id, String body) {
        return as(member()).body(body).post("/v2.1/servers/" + id + "/action");
    }

    private Response attach(String id, String volume) {
        return as(member())
                .body(Map.of("volumeAttachment", Map.of("volumeId", volume)))
                .post("/v2.1/servers/" + id + "/os-volume_attachments");
    }

    private void delete(String id) {
        as(member()).delete("/v2.1/servers/" + id).then().statusCode(204);
    }

    private void await(String id, String status) {
        Await.until(() -> {
            Response shown = show(id);
            return status.equals(shown.jsonPath().getString("server.status"))
                    && shown.jsonPath().getString("server.'OS-EXT-STS:task_state'") == null;
        });
    }

    private void awaitGone(String id) {
        Await.until(() -> show(id).statusCode() == 404);
    }

    private static List<String> report(String certificate, String host, String id, PowerState power) {
        ManagedChannel channel = Peer.channelAs("host-" + certificate);
        try {
            return InstanceReportsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .reportInstances(ReportInstancesRequest.newBuilder()
                            .setHost(host)
                            .addInstances(InstanceState.newBuilder()
                                    .setId(id)
                                    .setGeneration(1)
                                    .setPowerState(power))
                            .build())
                    .getOrphanIdsList();
        } finally {
            channel.shutdownNow();
        }
    }
}
