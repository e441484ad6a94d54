package io.nephos.compute.aggregate;

import static io.nephos.compute.Api.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.nephos.compute.cloud.FakeCloud;
import io.nephos.contracts.scheduler.v1.PutAggregateRequest;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "compute"))
@SuppressWarnings("NullAway.Init") // the cloud is made before all tests
class AggregateIT {
    private static FakeCloud cloud;

    @BeforeAll
    static void start() {
        cloud = new FakeCloud();
    }

    @AfterAll
    static void stop() {
        cloud.close();
    }

    @Test
    void anAggregateWithAZoneIsTheZoneOfItsHostsAsSoonAsItIsAnswered() {
        String zone = "az-" + UUID.randomUUID();
        int id = create(zone);
        Response added = act(id, "{\"add_host\": {\"host\": \"h1\"}}");
        added.then()
                .statusCode(200)
                .body("aggregate.hosts", equalTo(List.of("h1")))
                .body("aggregate.availability_zone", equalTo(zone));
        PutAggregateRequest known = cloud.aggregates.get(added.jsonPath().getString("aggregate.uuid"));
        assertEquals(List.of("h1"), known.getHostsList());
        assertEquals(zone, known.getMetadataOrThrow("availability_zone"));
        admin().get("/v2.1/os-availability-zone").then().body("availabilityZoneInfo.zoneName", hasItem(zone));
        admin().get("/v2.1/os-services?host=h1").then().body("services[0].zone", equalTo(zone));

        int other = create("other-" + zone);
        act(other, "{\"add_host\": {\"host\": \"h1\"}}")
                .then()
                .statusCode(409)
                .body("conflictingRequest.message", containsString("already in availability zone(s) [" + zone + "]"));
        act(id, "{\"add_host\": {\"host\": \"h1\"}}").then().statusCode(409);
        act(id, "{\"add_host\": {\"host\": \"nowhere\"}}").then().statusCode(404);
        delete(id).then().statusCode(400);
        act(id, "{\"remove_host\": {\"host\": \"h1\"}}").then().statusCode(200);
        act(id, "{\"remove_host\": {\"host\": \"h1\"}}").then().statusCode(404);
        delete(id).then().statusCode(200);
        delete(other).then().statusCode(200);
        assertFalse(cloud.aggregates.containsKey(known.getId()), "the scheduler forgets it too");
        admin().get("/v2.1/os-aggregates/" + id).then().statusCode(404).body("itemNotFound.code", equalTo(404));
    }

    @Test
    void metadataIsSetChangedAndTakenAwayByNull() {
        int id = create("");
        act(id, "{\"set_metadata\": {\"metadata\": {\"ssd\": \"true\", \"gpu\": \"no\"}}}")
                .then()
                .statusCode(200);
        Response shown = act(id, "{\"set_metadata\": {\"metadata\": {\"gpu\": null}}}");
        shown.then()
                .body("aggregate.metadata", equalTo(Map.of("ssd", "true")))
                .body("aggregate.availability_zone", nullValue());
        assertEquals(
                Map.of("ssd", "true"),
                cloud.aggregates
                        .get(shown.jsonPath().getString("aggregate.uuid"))
                        .getMetadataMap());
        act(id, "{\"set_metadata\": {\"metadata\": {\"ssd\": 1}}}").then().statusCode(400);
        act(id, "{\"explode\": {}}").then().statusCode(400);
        delete(id).then().statusCode(200);
    }

    @Test
    void namesAreUniqueAndOnlyAdministratorsSeeAggregates() {
        String name = "agg-" + UUID.randomUUID();
        String body = "{\"aggregate\": {\"name\": \"" + name + "\"}}";
        int id = admin().body(body).post("/v2.1/os-aggregates").jsonPath().getInt("aggregate.id");
        admin().body(body).post("/v2.1/os-aggregates").then().statusCode(409);
        admin().body("{\"aggregate\": {\"name\": \"" + name + "-new\", \"availability_zone\": \"z\"}}")
                .put("/v2.1/os-aggregates/" + id)
                .then()
                .statusCode(200)
                .body("aggregate.name", equalTo(name + "-new"))
                .body("aggregate.metadata", equalTo(Map.of("availability_zone", "z")));
        admin().body("{\"aggregate\": {\"name\": \"x\", \"availability_zone\": \"a:b\"}}")
                .post("/v2.1/os-aggregates")
                .then()
                .statusCode(400);
        as(TestTokens.member("p")).get("/v2.1/os-aggregates").then().statusCode(403);
        delete(id).then().statusCode(200);
    }

    @Test
    void aServiceIsDisabledWithAReasonForcedDownAndBack() {
        String service = "/v2.1/os-services/" + FakeCloud.id("h2");
        admin().body("{\"status\": \"disabled\", \"disabled_reason\": \"repair\", \"forced_down\": true}")
                .put(service)
                .then()
                .statusCode(200)
                .body("service.status", equalTo("disabled"))
                .body("service.disabled_reason", equalTo("repair"))
                .body("service.state", equalTo("down"))
                .body("service.forced_down", equalTo(true));
        String uptime = "/v2.1/os-hypervisors/" + FakeCloud.id("h2") + "/uptime";
        admin().get(uptime)
                .then()
                .statusCode(400)
                .body("badRequest.message", equalTo("Compute service of h2 is unavailable at this time."));
        admin().body("{\"status\": \"enabled\", \"disabled_reason\": \"x\"}")
                .put(service)
                .then()
                .statusCode(400);
        admin().body("{}").put(service).then().statusCode(400);
        admin().body("{\"status\": \"enabled\", \"forced_down\": false}")
                .put(service)
                .then()
                .statusCode(200)
                .body("service.state", equalTo("up"))
                .body("service.disabled_reason", nullValue());
        admin().get(uptime)
                .then()
                .statusCode(200)
                .body("hypervisor.hypervisor_hostname", equalTo("h2"))
                .body("hypervisor.uptime", equalTo(" 12:00:00 up 1 day, h2\n"));
        as(TestTokens.admin(), "2.11")
                .body("{\"host\": \"h2\", \"binary\": \"nova-compute\", \"disabled_reason\": \"old way\"}")
                .put("/v2.1/os-services/disable-log-reason")
                .then()
                .statusCode(200)
                .body("service.status", equalTo("disabled"));
        assertEquals("old way", cloud.disabled.get("h2"));
        as(TestTokens.admin(), "2.11")
                .body("{\"host\": \"h2\", \"binary\": \"nova-compute\"}")
                .put("/v2.1/os-services/enable")
                .then()
                .statusCode(200);
        as(TestTokens.admin(), "2.11")
                .body("{\"host\": \"nowhere\", \"binary\": \"nova-compute\"}")
                .put("/v2.1/os-services/enable")
                .then()
                .statusCode(404);
        as(TestTokens.member("p"), "2.79")
                .body("{\"status\": \"disabled\"}")
                .put(service)
                .then()
                .statusCode(403);
    }

    private static RequestSpecification admin() {
        return as(TestTokens.admin(), "2.79");
    }

    private static int create(String zone) {
        String zoned = zone.isEmpty() ? "" : ", \"availability_zone\": \"" + zone + "\"";
        Response made = admin().body("{\"aggregate\": {\"name\": \"agg-" + UUID.randomUUID() + "\"" + zoned + "}}")
                .post("/v2.1/os-aggregates");
        made.then().statusCode(200);
        return made.jsonPath().getInt("aggregate.id");
    }

    private static Response act(int id, String body) {
        return admin().body(body).post("/v2.1/os-aggregates/" + id + "/action");
    }

    private static Response delete(int id) {
        return admin().delete("/v2.1/os-aggregates/" + id);
    }
}
