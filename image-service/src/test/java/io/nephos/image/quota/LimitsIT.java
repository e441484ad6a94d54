package io.nephos.image.quota;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.identity.v1.FindLimitsRequest;
import io.nephos.contracts.identity.v1.FindLimitsResponse;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.image.Api;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Identity, played by the test, says how much there may be. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class LimitsIT {
    private final String project = Api.project();
    private final String sibling = Api.project();
    private final Map<String, FindLimitsResponse> known = new ConcurrentHashMap<>();
    private Server identity;

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
        String none = Api.project();
        limit(none, Map.of("image_count_total", 0L));
        Api.await(() -> Api.create(none, Map.of("name", "x")).statusCode() == 413);
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
        pause();
        full("image_count_total");
        // Identity never said anything of this one: the configuration says nothing either.
        Api.image(sibling, Map.of());
        serve();
        limit(project, Map.of("image_count_total", -1L));
        Api.await(() -> Api.create(project, Map.of("name", "at last")).statusCode() == 201);
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
        Api.member(project)
                .contentType("application/json")
                .body("{\"method\": {\"name\": \"glance-direct\"}}")
                .post("/v2/images/" + second + "/import")
                .then()
                .statusCode(413);
        Api.member(project)
                .get("/v2/info/usage")
                .then()
                .body("usage.image_size_total.usage", equalTo(2))
                .body("usage.image_count_uploading.usage", equalTo(1))
                .body("usage.image_count_uploading.limit", equalTo(1));
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

    private void full(String why) {
        Api.create(project, Map.of("name", "one too many"))
                .then()
                .statusCode(413)
                .body("message", containsString(why));
    }

    private static io.restassured.response.Response upload(String project, String id, String where, int bytes) {
        return Api.member(project)
                .contentType("application/octet-stream")
                .header("x-openstack-image-size", bytes)
                .body(new byte[bytes])
                .put("/v2/images/" + id + "/" + where);
    }

    private io.restassured.response.Response upload(String id, String where, int bytes) {
        return upload(project, id, where, bytes);
    }

    private void limit(String project, Map<String, Long> amounts) {
        known.put(project, FindLimitsResponse.newBuilder().putAllLimits(amounts).build());
    }

    private static void pause() {
        try {
            Thread.sleep(1100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
