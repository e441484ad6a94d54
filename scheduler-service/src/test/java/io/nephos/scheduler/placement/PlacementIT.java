package io.nephos.scheduler.placement;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class PlacementIT {
    private final String id = UUID.randomUUID().toString();

    @Test
    void discoveryNeedsNoTokenAndEverythingElseAnAdministrator() {
        given().get("/").then().statusCode(200).body("versions[0].max_version", equalTo("1.24"));
        given().get("/resource_providers").then().statusCode(401);
        given().header("X-Auth-Token", TestTokens.member("p"))
                .get("/resource_providers")
                .then()
                .statusCode(403)
                .body("errors[0].title", equalTo("Forbidden"));
    }

    @Test
    void aVersionThatIsNotOfferedIsNotAcceptable() {
        at("1.99").get("/resource_providers").then().statusCode(406).body("errors[0].max_version", equalTo("1.24"));
    }

    @Test
    void aProviderLivesThroughAllItsVerbs() {
        String name = "p-" + id;
        at("1.24")
                .body(Map.of("uuid", id, "name", name))
                .post("/resource_providers")
                .then()
                .statusCode(200)
                .body("uuid", equalTo(id))
                .body("generation", equalTo(0))
                .body("root_provider_uuid", equalTo(id))
                .body("parent_provider_uuid", nullValue())
                .header("last-modified", notNullValue());
        at("1.24")
                .body(Map.of("name", name))
                .post("/resource_providers")
                .then()
                .statusCode(409)
                .body("errors[0].code", equalTo("placement.duplicate_name"));
        at("1.24").get("/resource_providers?name=" + name).then().body("resource_providers.uuid", contains(id));
        at("1.24").get("/resource_providers?nonsense=1").then().statusCode(400);
        at("1.24")
                .body(Map.of("name", name + "-2"))
                .put("/resource_providers/" + id)
                .then()
                .statusCode(200)
                .body("name", equalTo(name + "-2"));
        at("1.24").delete("/resource_providers/" + id).then().statusCode(204);
        at("1.24").get("/resource_providers/" + id).then().statusCode(404).body("errors[0].detail", containsString(id));
    }

    @Test
    void beforeVersion120ANewProviderIsAnsweredWithoutABody() {
        at("1.0")
                .body(Map.of("uuid", id, "name", "old-" + id))
                .post("/resource_providers")
                .then()
                .statusCode(201)
                .header("Location", containsString("/resource_providers/" + id));
        at("1.0").get("/resource_providers/" + id).then().body("links", hasSize(3));
    }

    @Test
    void inventoriesTraitsAndAggregatesAreComparedAndSetByGeneration() {
        make(id);
        inventory(id, 0, Map.of("VCPU", Map.of("total", 4, "allocation_ratio", 2.0)))
                .then()
                .statusCode(200)
                .body("resource_provider_generation", equalTo(1))
                .body("inventories.VCPU.max_unit", equalTo(Integer.MAX_VALUE));
        inventory(id, 0, Map.of())
                .then()
                .statusCode(409)
                .body("errors[0].code", equalTo("placement.concurrent_update"));
        at("1.24").put("/traits/CUSTOM_GOOD").then().statusCode(201);
        at("1.24").put("/traits/CUSTOM_GOOD").then().statusCode(204);
        at("1.24")
                .body(Map.of("traits", List.of("CUSTOM_GOOD"), "resource_provider_generation", 1))
                .put("/resource_providers/" + id + "/traits")
                .then()
                .statusCode(200)
                .body("resource_provider_generation", equalTo(2));
        at("1.24").delete("/traits/CUSTOM_GOOD").then().statusCode(409);
        String aggregate = UUID.randomUUID().toString();
        at("1.24")
                .body(Map.of("aggregates", List.of(aggregate), "resource_provider_generation", 2))
                .put("/resource_providers/" + id + "/aggregates")
                .then()
                .statusCode(200)
                .body("aggregates", contains(aggregate));
        at("1.24")
                .get("/resource_providers?resources=VCPU:8&required=CUSTOM_GOOD&member_of=" + aggregate)
                .then()
                .body("resource_providers.uuid", contains(id));
        at("1.24")
                .get("/resource_providers?required=!CUSTOM_GOOD&member_of=" + aggregate)
                .then()
                .body("resource_providers", hasSize(0));
    }

    @Test
    void allocationsAreHeldToCapacityAndUnits() {
        make(id);
        inventory(id, 0, Map.of("VCPU", Map.of("total", 4, "step_size", 2, "max_unit", 4)));
        String consumer = UUID.randomUUID().toString();
        allocate(consumer, 3).then().statusCode(409).body("errors[0].detail", containsString("constraints"));
        allocate(consumer, 4).then().statusCode(204);
        allocate(UUID.randomUUID().toString(), 2)
                .then()
                .statusCode(409)
                .body("errors[0].detail", containsString("exceed the capacity"));
        at("1.24")
                .get("/allocations/" + consumer)
                .then()
                .body("allocations.'" + id + "'.resources.VCPU", equalTo(4))
                .body("project_id", equalTo("proj-" + id));
        at("1.24").get("/usages?project_id=proj-" + id).then().body("usages.VCPU", equalTo(4));
        at("1.24").get("/resource_providers/" + id + "/usages").then().body("usages.VCPU", equalTo(4));
        at("1.24")
                .delete("/resource_providers/" + id)
                .then()
                .statusCode(409)
                .body("errors[0].code", equalTo("placement.resource_provider.inuse"));
        at("1.24").delete("/allocations/" + consumer).then().statusCode(204);
        at("1.24").delete("/allocations/" + consumer).then().statusCode(404);
        at("1.24").get("/allocations/" + consumer).then().body("allocations", anEmptyMap());
    }

    @Test
    void candidatesOfOneProviderAndOfOneThatSharesWithIt() {
        make(id);
        String pool = UUID.randomUUID().toString();
        make(pool);
        String aggregate = UUID.randomUUID().toString();
        at("1.24").put("/resource_classes/CUSTOM_" + tag() + "_A");
        at("1.24").put("/resource_classes/CUSTOM_" + tag() + "_B");
        String a = "CUSTOM_" + tag() + "_A";
        String b = "CUSTOM_" + tag() + "_B";
        inventory(id, 0, Map.of(a, Map.of("total", 4)));
        inventory(pool, 0, Map.of(b, Map.of("total", 100)));
        for (String provider : List.of(id, pool)) {
            at("1.24")
                    .body(Map.of("aggregates", List.of(aggregate), "resource_provider_generation", 1))
                    .put("/resource_providers/" + provider + "/aggregates")
                    .then()
                    .statusCode(200);
        }
        at("1.24")
                .get("/allocation_candidates?resources=" + a + ":1," + b + ":10")
                .then()
                .body("allocation_requests", hasSize(0));
        at("1.24")
                .body(Map.of("traits", List.of("MISC_SHARES_VIA_AGGREGATE"), "resource_provider_generation", 2))
                .put("/resource_providers/" + pool + "/traits")
                .then()
                .statusCode(200);
        at("1.24")
                .get("/allocation_candidates?resources=" + a + ":1," + b + ":10")
                .then()
                .body("allocation_requests", hasSize(1))
                .body("allocation_requests[0].allocations.'" + pool + "'.resources." + b, equalTo(10))
                .body("provider_summaries.'" + id + "'.resources." + a + ".capacity", equalTo(4))
                .body("provider_summaries.'" + pool + "'.traits", hasItem("MISC_SHARES_VIA_AGGREGATE"));
        at("1.10")
                .get("/allocation_candidates?resources=" + a + ":1")
                .then()
                .body("allocation_requests[0].allocations[0].resource_provider.uuid", equalTo(id));
    }

    private static RequestSpecification at(String version) {
        return given().header("X-Auth-Token", TestTokens.admin())
                .header("OpenStack-API-Version", "placement " + version)
                .contentType(ContentType.JSON);
    }

    private static void make(String provider) {
        at("1.24")
                .body(Map.of("uuid", provider, "name", "p-" + provider))
                .post("/resource_providers")
                .then()
                .statusCode(200);
    }

    private static io.restassured.response.Response inventory(
            String provider, int generation, Map<String, Map<String, Object>> inventories) {
        return at("1.24")
                .body(Map.of("resource_provider_generation", generation, "inventories", inventories))
                .put("/resource_providers/" + provider + "/inventories");
    }

    private io.restassured.response.Response allocate(String consumer, int vcpus) {
        return at("1.24")
                .body(Map.of(
                        "allocations",
                        Map.of(id, Map.of("resources", Map.of("VCPU", vcpus))),
                        "project_id",
                        "proj-" + id,
                        "user_id",
                        "u"))
                .put("/allocations/" + consumer);
    }

    private String tag() {
        return id.substring(0, 8).toUpperCase(java.util.Locale.ROOT);
    }
}
