package io.nephos.kit;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.token.AccessRule;
import io.nephos.kit.token.Token;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class KitIT {
    @Inject
    Database db;

    @Test
    void aRequestWithoutATokenIsUnauthorizedAndAPublicRouteIsNot() {
        given().get("/widgets/x")
                .then()
                .statusCode(401)
                .body("error.code", equalTo(401))
                .header("X-OpenStack-Request-ID", startsWith("req-"));
        given().get("/widgets/open").then().statusCode(200);
    }

    @Test
    void aForgedOrExpiredTokenIsUnauthorized() {
        String good = TestTokens.admin();
        String truncated = good.substring(0, good.length() - 4);
        Token old = TestTokens.token(
                "u", Optional.of("p"), List.of("admin"), Instant.now().minus(Duration.ofHours(2)));
        String none = "eyJhbGciOiJub25lIn0." + good.split("\\.")[1] + ".";
        for (String bad : List.of(truncated, TestTokens.sign(old), none, "x", "a.b.c")) {
            given().header("X-Auth-Token", bad).get("/widgets/x").then().statusCode(401);
        }
    }

    @Test
    void aTokenWithAccessRulesIsGoodForWhatTheyAllowAndNoMore() {
        String id = create("ruled-" + UUID.randomUUID().toString().substring(0, 8));
        String token = TestTokens.restricted(
                "p", new AccessRule("widget", "GET", "/widgets/*"), new AccessRule("compute", "POST", "/widgets"));
        given().header("X-Auth-Token", token).get("/widgets/" + id).then().statusCode(200);
        given().header("X-Auth-Token", token).head("/widgets/" + id).then().statusCode(401);
        given().header("X-Auth-Token", token)
                .contentType(ContentType.JSON)
                .body("{\"widget\": {\"name\": \"other\"}}")
                .post("/widgets")
                .then()
                .statusCode(401)
                .body("error.code", equalTo(401));
        assertEquals(401, createFor(token, TestTokens.member("p")));
        assertEquals(200, createFor(token, TestTokens.of("compute", "services", "service")));
    }

    private static int createFor(String token, String serviceToken) {
        return given().header("X-Auth-Token", token)
                .header("X-Service-Token", serviceToken)
                .contentType(ContentType.JSON)
                .body("{\"widget\": {\"name\": \"by-"
                        + UUID.randomUUID().toString().substring(0, 8) + "\"}}")
                .post("/widgets")
                .statusCode();
    }

    @Test
    void badInputNamesTheField() {
        given().header("X-Auth-Token", TestTokens.member("p"))
                .contentType(ContentType.JSON)
                .body("{\"widget\": {\"name\": 7}}")
                .post("/widgets")
                .then()
                .statusCode(400)
                .body("error.message", containsString("widget.name"));
        given().header("X-Auth-Token", TestTokens.member("p"))
                .contentType(ContentType.JSON)
                .body("{\"widget\": ")
                .post("/widgets")
                .then()
                .statusCode(400)
                .body("error.code", equalTo(400));
    }

    @Test
    void policyRefusesAReader() {
        given().header("X-Auth-Token", TestTokens.reader("p"))
                .contentType(ContentType.JSON)
                .body("{\"widget\": {\"name\": \"w\"}}")
                .post("/widgets")
                .then()
                .statusCode(403);
    }

    @Test
    void unknownPathsAndBugsSpeakTheDialect() {
        given().header("X-Auth-Token", TestTokens.admin())
                .get("/nowhere")
                .then()
                .statusCode(404)
                .body("error.code", equalTo(404));
        given().header("X-Auth-Token", TestTokens.admin())
                .get("/widgets/broken")
                .then()
                .statusCode(500)
                .body("error.message", not(containsString("secret")));
    }

    @Test
    void whatIsCreatedIsReconciledAndHeardOfOnKafka() {
        String id = create("w-" + UUID.randomUUID().toString().substring(0, 8));
        Await.until(() -> "made".equals(state(id)));
        Await.until(() -> WidgetService.WidgetListener.HEARD.contains(id));
        Await.until(
                () -> db.rows("select 1 from reconcile_task where id = $1", id).isEmpty());
    }

    @Test
    void aReconcilerThatFailsIsTriedAgain() {
        String id = create("flaky-" + UUID.randomUUID().toString().substring(0, 8));
        Await.until(() -> "made".equals(state(id)));
        assertTrue(WidgetService.WidgetReconciler.FAILED.contains(id));
    }

    @Test
    void aThrowRollsBackRowEventAndWakeUp() {
        given().header("X-Auth-Token", TestTokens.member("p"))
                .contentType(ContentType.JSON)
                .body("{\"widget\": {\"name\": \"unlucky\"}}")
                .post("/widgets")
                .then()
                .statusCode(409);
        assertTrue(onVirtualThread(() -> db.rows("select 1 from widget where name = 'unlucky'"))
                .isEmpty());
    }

    @Test
    void aSecondRowOfTheSameNameIsAUniqueViolation() {
        String name = "u-" + UUID.randomUUID().toString().substring(0, 8);
        create(name);
        assertThrows(
                UniqueViolation.class,
                () -> onVirtualThread(() -> db.write(tx -> {
                    tx.insert(widget(name));
                    return true;
                })));
    }

    @Test
    void theSlowerOfTwoWritersOfOneRowIsToldSo() {
        WidgetRow row = widget("v-" + UUID.randomUUID().toString().substring(0, 8));
        onVirtualThread(() -> db.write(tx -> {
            tx.insert(row);
            return true;
        }));
        WidgetRow first = onVirtualThread(
                () -> db.read(tx -> tx.find(WidgetRow.class, row.id).orElseThrow()));
        WidgetRow second = onVirtualThread(
                () -> db.read(tx -> tx.find(WidgetRow.class, row.id).orElseThrow()));
        first.state = "first";
        second.state = "second";
        onVirtualThread(() -> db.write(tx -> {
            tx.update(first);
            return true;
        }));
        FaultException refused = assertThrows(
                FaultException.class,
                () -> onVirtualThread(() -> db.write(tx -> {
                    tx.update(second);
                    return true;
                })));
        assertEquals(409, refused.fault().usualStatus());
        assertEquals(
                "first",
                onVirtualThread(() ->
                        db.read(tx -> tx.list(WidgetRow.class, "from WidgetRow where id = :id", Map.of("id", row.id))
                                .getFirst()
                                .state)));
    }

    @Test
    void aServiceIsKnownByItsCertificate() {
        ManagedChannel channel = Peer.channelAs("compute");
        assertTrue(SchedulerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(5, TimeUnit.SECONDS)
                .release(ReleaseRequest.getDefaultInstance())
                .getReleased());
        channel.shutdownNow();
    }

    @Test
    void aCallerWithoutACertificateIsRefused() {
        ManagedChannel channel = Peer.channelWithoutCertificate();
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> SchedulerGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(5, TimeUnit.SECONDS)
                        .release(ReleaseRequest.getDefaultInstance()));
        assertEquals(Status.Code.UNAVAILABLE, refused.getStatus().getCode());
        channel.shutdownNow();
    }

    @Test
    void anAgentSpeaksOnlyForItsOwnHostAndOnlyWhereAgentsMay() {
        ManagedChannel channel = Peer.channelAs("host-h1");
        var reports = HostReportsGrpc.newBlockingStub(channel);
        reports.withDeadlineAfter(5, TimeUnit.SECONDS)
                .heartbeat(HeartbeatRequest.newBuilder().setName("h1").build());
        for (Runnable refused : List.<Runnable>of(
                () -> reports.withDeadlineAfter(5, TimeUnit.SECONDS)
                        .heartbeat(HeartbeatRequest.newBuilder().setName("h2").build()),
                () -> SchedulerGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(5, TimeUnit.SECONDS)
                        .release(ReleaseRequest.getDefaultInstance()))) {
            StatusRuntimeException status = assertThrows(StatusRuntimeException.class, refused::run);
            assertEquals(Status.Code.PERMISSION_DENIED, status.getStatus().getCode());
        }
        channel.shutdownNow();
    }

    @Test
    void healthAndMetricsAreThere() {
        Await.until(() -> given().get("/q/health/ready").statusCode() == 200);
        given().get("/q/metrics").then().statusCode(200).body(containsString("nephos_outbox_waiting"));
    }

    private static WidgetRow widget(String name) {
        WidgetRow row = new WidgetRow();
        row.id = UUID.randomUUID().toString();
        row.name = name;
        row.projectId = "p";
        row.state = "made";
        return row;
    }

    private static String create(String name) {
        return given().header("X-Auth-Token", TestTokens.member("p"))
                .contentType(ContentType.JSON)
                .body(Map.of("widget", Map.of("name", name)))
                .post("/widgets")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static String state(String id) {
        return given().header("X-Auth-Token", TestTokens.member("p"))
                .get("/widgets/" + id)
                .then()
                .statusCode(200)
                .extract()
                .path("state");
    }

    private static <T> T onVirtualThread(Callable<T> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.submit(work).get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
