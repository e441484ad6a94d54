package io.nephos.compute.server;

import static io.nephos.compute.Api.IMAGE;
import static io.nephos.compute.Api.admin;
import static io.nephos.compute.Api.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.compute.Api;
import io.nephos.compute.cloud.FakeCloud;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users and administrators wish of the place of a server reaches the scheduler. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "compute"))
@SuppressWarnings("NullAway.Init") // the cloud is made before all tests
class PlacementIT {
    private static FakeCloud cloud;
    private final String project = UUID.randomUUID().toString().replace("-", "");
    private final String flavor = "f-" + UUID.randomUUID();

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
        Api.flavor(flavor);
    }

    @Test
    void hintsExtraSpecsAndGroupsAreInTheClaim() {
        String other = UUID.randomUUID().toString();
        admin().body("{\"extra_specs\": {\"trait:CUSTOM_FAST\": \"required\", \"resources:CUSTOM_GPU\": \"1\","
                        + " \"aggregate_instance_extra_specs:ssd\": \"true\"}}")
                .post("/v2.1/flavors/" + flavor + "/os-extra_specs")
                .then()
                .statusCode(200);
        String group = as(member(), "2.64")
                .body("{\"server_group\": {\"name\": \"g\", \"policy\": \"anti-affinity\","
                        + " \"rules\": {\"max_server_per_host\": 3}}}")
                .post("/v2.1/os-server-groups")
                .jsonPath()
                .getString("server_group.id");
        String hints = ", \"os:scheduler_hints\": {\"group\": \"" + group + "\", \"different_host\": [\"" + other
                + "\"], \"build_near_host_ip\": \"10.0.0.1\", \"cidr\": \"/16\"}";
        String first = create("", hints);
        await(first, "ACTIVE");
        ClaimRequest claim = cloud.claims.get(first);
        assertEquals(List.of(other), claim.getHints().getDifferentHostList());
        assertEquals("10.0.0.1", claim.getHints().getBuildNearHostIp());
        assertEquals("/16", claim.getHints().getCidr());
        assertEquals(List.of("CUSTOM_FAST"), claim.getRequiredTraitsList());
        assertEquals(Map.of("VCPU", 1L, "MEMORY_MB", 128L, "DISK_GB", 1L, "CUSTOM_GPU", 1L), claim.getResourcesMap());
        assertEquals("true", claim.getFlavor().getExtraSpecsOrThrow("aggregate_instance_extra_specs:ssd"));
        assertEquals(3, claim.getServerGroup().getMaxServerPerHost());
        String second = create("", hints);
        await(second, "ACTIVE");
        assertEquals(List.of("h1"), cloud.claims.get(second).getServerGroup().getMemberHostsList());
        assertTrue(cloud.builds.contains("h1 true"));
        List.of(first, second).forEach(this::delete);
    }

    @Test
    void onlyAdministratorsForceAHostAndItMustExist() {
        post(member(), "2.1", ", \"availability_zone\": \"nova:h2\"", "").then().statusCode(403);
        post(member(), "2.74", ", \"networks\": \"auto\", \"host\": \"h2\"", "")
                .then()
                .statusCode(403);
        String mine = TestTokens.admin();
        post(mine, "2.74", ", \"networks\": \"auto\", \"host\": \"h9\"", "")
                .then()
                .statusCode(400)
                .body("badRequest.message", equalTo("Compute host h9 could not be found."));
        post(mine, "2.1", ", \"availability_zone\": \"nowhere\"", "").then().statusCode(400);
        String id = post(mine, "2.1", ", \"availability_zone\": \"nova:h2:h2\"", "")
                .jsonPath()
                .getString("server.id");
        Await.until(() -> cloud.claims.containsKey(id));
        assertEquals("h2", cloud.claims.get(id).getForcedHost());
        assertEquals("h2", cloud.claims.get(id).getForcedNode());
        assertEquals("nova", cloud.claims.get(id).getAvailabilityZone());
        as(mine, "2.1").delete("/v2.1/servers/" + id).then().statusCode(204);
    }

    @Test
    void aBadHintIsNamed() {
        post(member(), "2.1", "", ", \"os:scheduler_hints\": {\"query\": \"no list\"}")
                .then()
                .statusCode(400)
                .body("badRequest.message", containsString("os:scheduler_hints.query"));
        post(member(), "2.1", "", ", \"os:scheduler_hints\": {\"group\": \"" + UUID.randomUUID() + "\"}")
                .then()
                .statusCode(400);
    }

    @Test
    void theServersOfARequestAreClaimedAtOnceAndThoseWithoutRoomSayWhy() {
        cloud.room = 2;
        create(", \"min_count\": 2, \"max_count\": 3", "");
        Await.until(() -> statuses().equals(Map.of("ACTIVE", 2L, "ERROR", 1L)));
        assertEquals(1, cloud.batches.size());
        ClaimManyRequest batch = cloud.batches.getFirst();
        assertEquals(3, batch.getConsumerIdsCount());
        assertEquals(2, batch.getMinCount());
        clear();

        cloud.room = 1;
        create(", \"min_count\": 2, \"max_count\": 3", "");
        Await.until(() -> statuses().equals(Map.of("ERROR", 3L)));
        assertEquals(
                Set.of(),
                Set.copyOf(cloud.allocations.keySet().stream()
                        .filter(ids()::contains)
                        .toList()));
        clear();
    }

    private Map<String, Long> statuses() {
        List<String> all =
                as(member(), "2.1").get("/v2.1/servers/detail").jsonPath().getList("servers.status");
        return all.stream()
                .collect(java.util.stream.Collectors.groupingBy(s -> s, java.util.stream.Collectors.counting()));
    }

    private List<String> ids() {
        return as(member(), "2.1").get("/v2.1/servers").jsonPath().getList("servers.id");
    }

    private void clear() {
        ids().forEach(this::delete);
        Await.until(() -> ids().isEmpty());
    }

    private String member() {
        return TestTokens.member(project);
    }

    private Response post(String token, String version, String more, String beside) {
        return as(token, version)
                .body("{\"server\": {\"name\": \"web\", \"flavorRef\": \"" + flavor + "\", \"imageRef\": \"" + IMAGE
                        + "\"" + more + "}" + beside + "}")
                .post("/v2.1/servers");
    }

    private String create(String more, String beside) {
        Response response = post(member(), "2.1", more, beside);
        response.then().statusCode(202);
        return response.jsonPath().getString("server.id");
    }

    private void await(String id, String status) {
        Await.until(() -> status.equals(
                as(member(), "2.1").get("/v2.1/servers/" + id).jsonPath().getString("server.status")));
    }

    private void delete(String id) {
        as(member(), "2.1").delete("/v2.1/servers/" + id).then().statusCode(204);
    }
}
