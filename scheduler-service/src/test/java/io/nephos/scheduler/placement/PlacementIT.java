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
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.RawHttp;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class PlacementIT {
    private final String id = UUID.randomUUID().toString();

    @Test
    void discoveryNeedsNoTokenAndEverythingElseAnAdministrator() {
        given().get("/").then().statusCode(200).body("versions[0].max_version", equalTo("1.39"));
        given().get("/resource_providers").then().statusCode(401);
        given().header("X-Auth-Token", TestTokens.member("p"))
                .get("/resource_providers")
                .then()
                .statusCode(403)
                .body("errors[0].title", equalTo("Forbidden"));
    }

    @Test
    void whatNoRouteGetsToSeeIsAnsweredInTheDialectToo() {
        String answer = RawHttp.answer("POST /resource_providers HTTP/1.1", "Content-Length: some");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("{\"errors\":[{\"status\":400,"), answer);
        assertTrue(answer.contains("content-length header must be an integer"), answer);
    }

    @Test
    void aNulCharacterInTheUrlIsABadRequest() {
        given().urlEncodingEnabled(false)
                .header("X-Auth-Token", TestTokens.admin())
                .get("/resource_providers/%00")
                .then()
                .statusCode(400)
                .body("errors[0].detail", containsString("NUL"));
    }

    @Test
    void aVersionThatIsNotOfferedIsNotAcceptable() {
        at("1.99").get("/resource_providers").then().statusCode(406).body("errors[0].max_version", equalTo("1.39"));
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

    @Test
    void aConsumerIsWrittenOnlyByWhoKnowsItsGeneration() {
        make(id);
        inventory(id, 0, Map.of("VCPU", Map.of("total", 4)));
        String consumer = UUID.randomUUID().toString();
        allocateAt(consumer, 1, 5, "INSTANCE")
                .then()
                .statusCode(409)
                .body("errors[0].code", equalTo("placement.concurrent_update"));
        allocateAt(consumer, 1, null, "INSTANCE").then().statusCode(204);
        allocateAt(consumer, 2, null, "INSTANCE").then().statusCode(409);
        at("1.39")
                .get("/allocations/" + consumer)
                .then()
                .body("consumer_generation", equalTo(1))
                .body("consumer_type", equalTo("INSTANCE"));
        allocateAt(consumer, 2, 1, "MIGRATION").then().statusCode(204);
        at("1.39")
                .get("/usages?project_id=proj-" + id)
                .then()
                .body("usages.MIGRATION.VCPU", equalTo(2))
                .body("usages.MIGRATION.consumer_count", equalTo(1));
        at("1.39").get("/usages?consumer_type=all&project_id=proj-" + id).then().body("usages.all.VCPU", equalTo(2));
        at("1.39")
                .get("/resource_providers/" + id + "/allocations")
                .then()
                .body("allocations.'" + consumer + "'.consumer_generation", equalTo(2));
    }

    @Test
    void theReshaperMovesInventoryAndWhatIsHeldOfItTogether() {
        make(id);
        String child = UUID.randomUUID().toString();
        at("1.39")
                .body(Map.of("uuid", child, "name", "child-" + child, "parent_provider_uuid", id))
                .post("/resource_providers")
                .then()
                .statusCode(200)
                .body("root_provider_uuid", equalTo(id));
        inventory(id, 0, Map.of("VCPU", Map.of("total", 4)));
        String consumer = UUID.randomUUID().toString();
        allocateAt(consumer, 2, null, "INSTANCE").then().statusCode(204);
        Map<String, Object> there =
                Map.of("resource_provider_generation", 0, "inventories", Map.of("VCPU", Map.of("total", 4)));
        Map<String, Object> holds = Map.of(
                "allocations",
                Map.of(child, Map.of("resources", Map.of("VCPU", 2))),
                "project_id",
                "proj-" + id,
                "user_id",
                "u",
                "consumer_generation",
                1,
                "consumer_type",
                "INSTANCE");
        for (int generation : List.of(1, 2)) {
            at("1.39")
                    .body(Map.of(
                            "inventories",
                            Map.of(
                                    id,
                                    Map.of("resource_provider_generation", generation, "inventories", Map.of()),
                                    child,
                                    there),
                            "allocations",
                            Map.of(consumer, holds)))
                    .post("/reshaper")
                    .then()
                    .statusCode(generation == 2 ? 204 : 409);
        }
        at("1.39").get("/resource_providers/" + child + "/usages").then().body("usages.VCPU", equalTo(2));
        at("1.39").get("/resource_providers/" + id + "/inventories").then().body("inventories", anEmptyMap());
    }

    @Test
    void aProviderIsMovedWithWhatIsBelowItButNotBelowItself() {
        List<String> ids =
                List.of(id, UUID.randomUUID().toString(), UUID.randomUUID().toString());
        make(ids.get(0));
        make(ids.get(1));
        at("1.39")
                .body(Map.of("uuid", ids.get(2), "name", "leaf-" + ids.get(2), "parent_provider_uuid", ids.get(1)))
                .post("/resource_providers")
                .then()
                .statusCode(200);
        parent(ids.get(1), ids.get(0)).then().statusCode(200).body("root_provider_uuid", equalTo(ids.get(0)));
        at("1.39").get("/resource_providers/" + ids.get(2)).then().body("root_provider_uuid", equalTo(ids.get(0)));
        at("1.39").get("/resource_providers?in_tree=" + ids.get(2)).then().body("resource_providers", hasSize(3));
        parent(ids.get(0), ids.get(2)).then().statusCode(400);
        parent(ids.get(1), null).then().statusCode(200).body("root_provider_uuid", equalTo(ids.get(1)));
        at("1.39").get("/resource_providers/" + ids.get(2)).then().body("root_provider_uuid", equalTo(ids.get(1)));
        at("1.39")
                .delete("/resource_providers/" + ids.get(1))
                .then()
                .statusCode(409)
                .body("errors[0].code", equalTo("placement.resource_provider.cannot_delete_parent"));
    }

    @Test
    void whatOneVersionDoesNotKnowIsABadRequestThereAndServedInTheNext() {
        String uri = "/allocation_candidates?resources=VCPU:1";
        for (Map.Entry<String, String> brought : Map.of(
                        "&limit=1",
                        "1.16",
                        "&required=HW_CPU_X86_AVX",
                        "1.17",
                        "&required=!HW_CPU_X86_AVX",
                        "1.22",
                        "&resources1=VCPU:1",
                        "1.25",
                        "&in_tree=" + id,
                        "1.31",
                        "&member_of=!" + id,
                        "1.32",
                        "&resources_A=VCPU:1",
                        "1.33",
                        "&root_required=HW_CPU_X86_AVX",
                        "1.35",
                        "&required_A=HW_CPU_X86_AVX&same_subtree=_A",
                        "1.36",
                        "&required=in:HW_CPU_X86_AVX,HW_CPU_X86_AVX2",
                        "1.39")
                .entrySet()) {
            int minor = Integer.parseInt(brought.getValue().substring(2));
            at("1." + (minor - 1)).get(uri + brought.getKey()).then().statusCode(400);
            at(brought.getValue()).get(uri + brought.getKey()).then().statusCode(200);
        }
        at("1.39")
                .get("/allocation_candidates?resources1=VCPU:1&resources2=VCPU:1")
                .then()
                .statusCode(400);
    }

    private static io.restassured.response.Response parent(String provider, @Nullable String parent) {
        Map<String, Object> body = new HashMap<>();
        body.put("name", "p-" + provider);
        body.put("parent_provider_uuid", parent);
        return at("1.39").body(body).put("/resource_providers/" + provider);
    }

    private io.restassured.response.Response allocateAt(
            String consumer, int vcpus, @Nullable Integer generation, String type) {
        Map<String, Object> body = new HashMap<>(Map.of(
                "allocations",
                Map.of(id, Map.of("resources", Map.of("VCPU", vcpus))),
                "project_id",
                "proj-" + id,
                "user_id",
                "u",
                "consumer_type",
                type));
        body.put("consumer_generation", generation);
        return at("1.39").body(body).put("/allocations/" + consumer);
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
