package io.nephos.identity.limit;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.LimitEvent;
import io.nephos.contracts.identity.v1.FindLimitsRequest;
import io.nephos.contracts.identity.v1.IdentityGrpc;
import io.nephos.identity.IdentityClient;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class LimitIT {
    @Inject
    Broker broker;

    private String admin;
    private String service;
    private String resource;

    @BeforeEach
    void aService() {
        IdentityClient.awaitReady();
        admin = admin();
        service = as(admin).get("/v3/services?type=compute").path("services[0].id");
        resource = unique("cores");
    }

    @Test
    void aLimitStandsInForARegisteredLimitThatIsThenHeld() {
        String project = project(admin, unique("project"));
        limit("project_id", project, 5).statusCode(403).body("error.message", containsString("registered limit"));
        String registered = registered(10).statusCode(201).extract().path("registered_limits[0].id");
        registered(11).statusCode(409);
        String limit = limit("project_id", project, 5).statusCode(201).extract().path("limits[0].id");
        limit("project_id", project, 6).statusCode(409);
        as(admin).delete("/v3/registered_limits/" + registered).then().statusCode(403);
        as(admin)
                .body("{\"registered_limit\": {\"default_limit\": 1}}")
                .patch("/v3/registered_limits/" + registered)
                .then()
                .statusCode(403);
        as(admin)
                .body("{\"limit\": {\"resource_limit\": 0, \"description\": \"none left\"}}")
                .patch("/v3/limits/" + limit)
                .then()
                .statusCode(200)
                .body("limit.resource_limit", equalTo(0))
                .body("limit.description", equalTo("none left"));
        as(admin).delete("/v3/limits/" + limit).then().statusCode(204);
        as(admin)
                .body("{\"registered_limit\": {\"default_limit\": -1}}")
                .patch("/v3/registered_limits/" + registered)
                .then()
                .statusCode(200);
        as(admin).delete("/v3/registered_limits/" + registered).then().statusCode(204);
    }

    @Test
    void aMemberSeesTheLimitsOfHisProjectAndADomainHasItsOwn() {
        String name = unique("user");
        String project = project(admin, unique("project"));
        grant(admin, user(admin, name), project, "reader");
        String reader = signIn("default", name, "pw", onProject(project)).header("X-Subject-Token");
        registered(10).statusCode(201);
        String own = limit("project_id", project, 5).statusCode(201).extract().path("limits[0].id");
        String ofDomain = limit("project_id", "default", 50)
                .statusCode(201)
                .body("limits[0].project_id", nullValue())
                .body("limits[0].domain_id", equalTo("default"))
                .extract()
                .path("limits[0].id");
        as(reader).get("/v3/limits").then().body("limits.id", contains(own));
        as(reader).get("/v3/limits/" + own).then().statusCode(200);
        as(reader).get("/v3/limits/" + ofDomain).then().statusCode(403);
        as(reader).get("/v3/limits/model").then().body("model.name", equalTo("flat"));
        String system = signIn("default", "admin", IdentityClient.ADMIN_PASSWORD, "{\"system\": {\"all\": true}}")
                .header("X-Subject-Token");
        as(system).get("/v3/limits?resource_name=" + resource).then().body("limits", hasSize(2));
    }

    @Test
    void servicesAskWhatAProjectMayHave() {
        String project = project(admin, unique("project"));
        String other = project(admin, unique("project"));
        assertFalse(limits(project).containsKey(resource));
        registered(10).statusCode(201);
        limit("project_id", project, 5).statusCode(201);
        assertEquals(5, limits(project).get(resource));
        assertEquals(10, limits(other).get(resource));
        assertEquals(10, limits("nobody").get(resource));
    }

    @Test
    void whoRemembersLimitsIsToldThatTheyChange() {
        List<String> heard = new CopyOnWriteArrayList<>();
        EventFeed<LimitEvent> feed = new EventFeed<>(
                broker,
                "nephos.identity.limit",
                LimitEvent.getDefaultInstance(),
                event -> heard.add(event.getId() + event.getChange()));
        feed.start();
        try {
            String project = project(admin, unique("project"));
            String registered = registered(10).statusCode(201).extract().path("registered_limits[0].id");
            String limit =
                    limit("project_id", project, 5).statusCode(201).extract().path("limits[0].id");
            as(admin)
                    .body("{\"limit\": {\"resource_limit\": 6}}")
                    .patch("/v3/limits/" + limit)
                    .then()
                    .statusCode(200);
            as(admin).delete("/v3/limits/" + limit).then().statusCode(204);
            List<String> all = List.of(
                    registered + Change.CHANGE_CREATED,
                    limit + Change.CHANGE_CREATED,
                    limit + Change.CHANGE_UPDATED,
                    limit + Change.CHANGE_DELETED);
            Await.comesTrue(Duration.ofSeconds(30), () -> heard.containsAll(all));
            assertTrue(heard.containsAll(all), heard::toString);
        } finally {
            feed.stop();
        }
    }

    private static Map<String, Long> limits(String project) {
        ManagedChannel channel = Peer.channelAs("image");
        try {
            return IdentityGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .findLimits(FindLimitsRequest.newBuilder()
                            .setServiceType("compute")
                            .setRegionId("RegionOne")
                            .setProjectId(project)
                            .build())
                    .getLimitsMap();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aNumberThatIsNoneOrTooLargeIsRefusedByItsName() {
        for (String amount : new String[] {"\"10\"", "-2", "2147483648", "1.5", "true"}) {
            registered(amount)
                    .statusCode(400)
                    .body("error.message", containsString("registered_limits.0.default_limit"));
        }
        as(admin)
                .body("{\"registered_limits\": []}")
                .post("/v3/registered_limits")
                .then()
                .statusCode(400);
        limit("domain_id", "none", 1).statusCode(400).body("error.message", containsString("domain_id"));
    }

    private ValidatableResponse registered(Object amount) {
        return as(admin)
                .body(
                        "{\"registered_limits\": [{\"service_id\": \"%s\", \"resource_name\": \"%s\", \"default_limit\": %s}]}"
                                .formatted(service, resource, amount))
                .post("/v3/registered_limits")
                .then();
    }

    private ValidatableResponse limit(String owner, String id, int amount) {
        return as(admin)
                .body(
                        "{\"limits\": [{\"%s\": \"%s\", \"service_id\": \"%s\", \"resource_name\": \"%s\", \"resource_limit\": %d}]}"
                                .formatted(owner, id, service, resource, amount))
                .post("/v3/limits")
                .then();
    }
}
