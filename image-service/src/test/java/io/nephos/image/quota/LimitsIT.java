package io.nephos.image.quota;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.LimitEvent;
import io.nephos.contracts.identity.v1.FindLimitsRequest;
import io.nephos.contracts.identity.v1.FindLimitsResponse;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.image.Api;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Identity, played by the test, says how much there may be. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class LimitsIT {
    private static final int AT_ONCE = 10;
    private final String project = Api.project();
    private final String sibling = Api.project();
    private final Map<String, FindLimitsResponse> known = new ConcurrentHashMap<>();
    private Server identity;

    @Inject
    Database database;

    private void serve() {
        identity = Peer.serve("identity", new IdentityGrpc.IdentityImplBase() {
            @Override
            public void findLimits(FindLimitsRequest asked, StreamObserver<FindLimitsResponse> answer) {
                if (!asked.getServiceType().equals("image")
                        || !asked.getRegionId().equals("RegionOne")) {
                    throw new AssertionError(asked);
                }
                answer.onNext(known.getOrDefault(asked.getProjectId(), FindLimitsResponse.getDefaultInstance()));
                answer.onCompleted();
            }
        });
    }

    // Others were refused before: the service hears of it at one of its next calls.
    @BeforeEach
    void awaitIdentity() {
        serve();
        Await.until(() -> {
            String none = Api.project();
            limit(none, Map.of("image_count_total", 0L));
            return Api.create(none, Map.of("name", "x")).statusCode() == 413;
        });
    }

    @AfterEach
    void end() {
        identity.shutdownNow();
    }

    @Test
    void aProjectHasAsManyImagesAsIdentitySaysAlsoWhileIdentityIsAway() {
        limit(project, Map.of("image_count_total", 2L));
        String first = Api.image(project, Map.of());
        Api.image(project, Map.of());
        full("image_count_total is over limit of 2 due to current usage 2 and delta 1");
        Api.member(project)
                .get("/v2/info/usage")
                .then()
                .body("usage.image_count_total.limit", equalTo(2))
                .body("usage.image_count_total.usage", equalTo(2))
                .body("usage.image_size_total.limit", equalTo(-1));
        identity.shutdownNow();
        Api.member(project).delete("/v2/images/" + first).then().statusCode(204);
        Api.image(project, Map.of());
        full("image_count_total");
        tell();
        full("image_count_total");
        // Identity never said anything of this one: the configuration says nothing either.
        Api.image(sibling, Map.of());
        serve();
        limit(project, Map.of("image_count_total", -1L));
        Await.until(() -> {
            tell();
            return Api.create(project, Map.of("name", "at last")).statusCode() == 201;
        });
    }

    @Test
    void bytesAreTakenAsLongAsThereIsRoomForThem() {
        limit(project, Map.of("image_size_total", 2L, "image_stage_total", 1L, "image_count_uploading", 1L));
        String id = Api.image(project, Map.of());
        upload(id, "file", 3 << 20).then().statusCode(413).body("title", equalTo("Request Entity Too Large"));
        upload(id, "stage", 2 << 20).then().statusCode(413).body("message", containsString("image_stage_total"));
        Api.upload(project, id, new byte[2 << 20]).then().statusCode(204);
        String second = Api.image(project, Map.of());
        Api.upload(project, second, new byte[1])
                .then()
                .statusCode(413)
                .body("message", containsString("image_size_total is over limit of 2 due to current usage 2"));
        upload(second, "stage", 100).then().statusCode(204);
        String third = Api.image(project, Map.of());
        upload(third, "stage", 1)
                .then()
                .statusCode(413)
                .body("message", containsString("image_count_uploading is over limit of 1"));
        imports(second).statusCode(413);
        Api.member(project)
                .get("/v2/info/usage")
                .then()
                .body("usage.image_size_total.usage", equalTo(2))
                .body("usage.image_count_uploading.usage", equalTo(1))
                .body("usage.image_count_uploading.limit", equalTo(1));
    }

    @Test
    void whatIsStagedIsImportedOnlyIfThereIsRoomForAllOfIt() {
        limit(project, Map.of("image_size_total", 5L));
        Api.upload(project, Api.image(project, Map.of()), new byte[3 << 20])
                .then()
                .statusCode(204);
        String id = Api.image(project, Map.of());
        upload(id, "stage", 3 << 20).then().statusCode(204);
        imports(id).statusCode(413).body("message", containsString("due to current usage 3 and delta 3"));
        limit(project, Map.of("image_size_total", 6L));
        Await.until(() -> {
            tell();
            return imports(id).extract().statusCode() == 202;
        });
        Await.until(
                () -> Api.member(project).get("/v2/images/" + id).path("status").equals("active"));
    }

    @Test
    void theProjectsOfADomainShareWhatTheDomainMayHave() {
        known.put(
                project,
                FindLimitsResponse.newBuilder()
                        .putLimits("image_count_total", 2)
                        .putDomainLimits("image_count_total", 2)
                        .addDomainProjects(project)
                        .addDomainProjects(sibling)
                        .build());
        Api.image(sibling, Map.of());
        Api.image(project, Map.of());
        full("The domain of project " + project);
    }

    @Test
    void ofManyAtOnceAsManySucceedAsThereIsRoomFor() throws Exception {
        limit(project, Map.of("image_count_total", 3L));
        assertEquals(3, succeed(201, () -> Api.create(project, Map.of("name", "x"))));
        known.put(
                sibling,
                FindLimitsResponse.newBuilder()
                        .putDomainLimits("image_count_total", 5)
                        .addDomainProjects(project)
                        .addDomainProjects(sibling)
                        .build());
        assertEquals(2, succeed(201, () -> Api.create(sibling, Map.of("name", "x"))));
        String fresh = Api.project();
        limit(fresh, Map.of("image_size_total", 3L));
        Queue<String> ids = images(fresh);
        assertEquals(3, succeed(204, () -> Api.upload(fresh, ids.remove(), new byte[1 << 20])));
        usage(fresh, "image_size_total", 3);
        String slow = Api.project();
        limit(slow, Map.of("image_count_uploading", 3L, "image_stage_total", 2L));
        Queue<String> staged = images(slow);
        assertEquals(2, succeed(204, () -> upload(slow, staged.remove(), "stage", 1 << 20)));
        usage(slow, "image_stage_total", 2);
        usage(slow, "image_count_uploading", 2);
        String busy = Api.project();
        limit(busy, Map.of("image_count_uploading", 3L));
        Queue<String> more = images(busy);
        assertEquals(3, succeed(204, () -> upload(busy, more.remove(), "stage", 100)));
        usage(busy, "image_count_uploading", 3);
    }

    private static Queue<String> images(String project) {
        return Stream.generate(() -> Api.image(project, Map.of()))
                .limit(AT_ONCE)
                .collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    }

    private ValidatableResponse imports(String id) {
        return Api.member(project)
                .contentType("application/json")
                .body("{\"method\": {\"name\": \"glance-direct\"}}")
                .post("/v2/images/" + id + "/import")
                .then();
    }

    private static void usage(String project, String limit, int amount) {
        Api.member(project).get("/v2/info/usage").then().body("usage." + limit + ".usage", equalTo(amount));
    }

    /** How many of many at once; the others are told that there is no room. */
    private static long succeed(int status, Callable<Response> call) throws Exception {
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (Future<Response> each : threads.invokeAll(Collections.nCopies(AT_ONCE, call))) {
                answers.add(each.get().statusCode());
            }
        }
        assertTrue(answers.stream().allMatch(answer -> answer == status || answer == 413), answers::toString);
        return answers.stream().filter(answer -> answer == status).count();
    }

    private void full(String why) {
        Api.create(project, Map.of("name", "one too many"))
                .then()
                .statusCode(413)
                .body("message", containsString(why));
    }

    private static Response upload(String project, String id, String where, int bytes) {
        return Api.member(project)
                .contentType("application/octet-stream")
                .header("x-openstack-image-size", bytes)
                .body(new byte[bytes])
                .put("/v2/images/" + id + "/" + where);
    }

    private Response upload(String id, String where, int bytes) {
        return upload(project, id, where, bytes);
    }

    private void limit(String project, Map<String, Long> amounts) {
        known.put(project, FindLimitsResponse.newBuilder().putAllLimits(amounts).build());
    }

    /** As identity does when a limit is another. */
    private void tell() {
        database.run(tx -> tx.publish(
                "nephos.identity.limit",
                project,
                LimitEvent.newBuilder()
                        .setId(project)
                        .setChange(Change.CHANGE_UPDATED)
                        .build()));
    }
}
