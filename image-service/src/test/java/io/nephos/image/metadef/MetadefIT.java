package io.nephos.image.metadef;

import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.nephos.image.Api;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class MetadefIT {
    private static final String ALL = "/v2/metadefs/namespaces";
    private final String name = "OS::Test::" + UUID.randomUUID();

    @Test
    void aNamespaceIsMadeWithAllThatItDefines() {
        admin(Map.of(
                        "namespace", name,
                        "visibility", "public",
                        "protected", true,
                        "properties", Map.of("cpus", Map.of("title", "CPUs", "type", "integer", "minimum", 1)),
                        "objects",
                                List.of(Map.of(
                                        "name", "limits",
                                        "required", List.of("ram"),
                                        "properties", Map.of("ram", Map.of("title", "RAM", "type", "integer")))),
                        "tags", List.of(Map.of("name", "fast")),
                        "resource_type_associations", List.of(Map.of("name", "OS::Glance::Image", "prefix", "hw_"))))
                .post(ALL)
                .then()
                .statusCode(201)
                .header("Location", matchesPattern("http://.*/v2/metadefs/namespaces/" + name));
        RequestSpecification other = TestApi.member();
        other.get(ALL + "/" + name)
                .then()
                .statusCode(200)
                .body("owner", equalTo("admin-project"))
                .body("properties.cpus.minimum", equalTo(1))
                .body("objects[0].required", contains("ram"))
                .body("tags[0].name", equalTo("fast"))
                .body("schema", equalTo("/v2/schemas/metadefs/namespace"));
        TestApi.member()
                .queryParam("resource_type", "OS::Glance::Image")
                .get(ALL + "/" + name)
                .then()
                .body("properties", hasKey("hw_cpus"))
                .body("objects[0].required", contains("hw_ram"));
        TestApi.member()
                .queryParam("resource_types", "OS::Glance::Image")
                .get(ALL)
                .then()
                .body("namespaces.namespace", hasItem(name));
        TestApi.member()
                .queryParam("resource_type", "OS::Glance::Image")
                .get(ALL + "/" + name + "/properties/hw_cpus")
                .then()
                .body("name", equalTo("cpus"));
        // Protected: neither it nor what it defines goes.
        for (String part : List.of("", "/tags/fast", "/objects/limits", "/properties/cpus", "/tags", "/objects")) {
            admin().delete(ALL + "/" + name + part).then().statusCode(403);
        }
        admin(Map.of("namespace", name)).post(ALL).then().statusCode(409);
        admin(Map.of("namespace", name, "protected", false))
                .put(ALL + "/" + name)
                .then()
                .statusCode(200)
                .body("visibility", equalTo("private"));
        TestApi.member().get(ALL + "/" + name).then().statusCode(404);
        admin().delete(ALL + "/" + name).then().statusCode(204);
        admin().get(ALL + "/" + name).then().statusCode(404);
    }

    @Test
    void whatIsDefinedTwiceOrByOthersIsRefusedAndNothingIsLeft() {
        admin(Map.of("namespace", name, "tags", List.of(Map.of("name", "t"), Map.of("name", "t"))))
                .post(ALL)
                .then()
                .statusCode(409);
        admin().get(ALL + "/" + name).then().statusCode(404);
        TestApi.member()
                .contentType(ContentType.JSON)
                .body(Map.of("namespace", name))
                .post(ALL)
                .then()
                .statusCode(403);
        admin(Map.of("namespace", name, "self", "x")).post(ALL).then().statusCode(403);
        admin(Map.of("namespace", name, "colour", "x")).post(ALL).then().statusCode(400);
    }

    @Test
    void definitionsComeAndGoOneByOne() {
        String own = ALL + "/" + name;
        admin(Map.of("namespace", name, "visibility", "public"))
                .post(ALL)
                .then()
                .statusCode(201);
        for (String bad : new String[] {"limit=abc", "limit=-1", "limit=99999999999", "sort_dir=up"}) {
            admin().get(own + "/tags?" + bad).then().statusCode(400);
        }
        admin(Map.of("namespace", "..")).post(ALL).then().statusCode(400);
        admin(Map.of("name", "o", "description", "d"))
                .post(own + "/objects")
                .then()
                .statusCode(201);
        admin(Map.of("name", "o")).post(own + "/objects").then().statusCode(409);
        admin(Map.of("name", "o2"))
                .put(own + "/objects/o")
                .then()
                .statusCode(200)
                .body("name", equalTo("o2"));
        admin().get(own + "/objects/o").then().statusCode(404);
        admin().delete(own + "/objects/o2").then().statusCode(204);
        admin().get(own + "/objects").then().body("objects", empty());

        admin(Map.of("name", "p", "title", "P", "type", "string"))
                .post(own + "/properties")
                .then()
                .statusCode(201);
        admin(Map.of("name", "p", "type", "string"))
                .post(own + "/properties")
                .then()
                .statusCode(400);
        TestApi.member().get(own + "/properties").then().body("properties.p.title", equalTo("P"));
        admin().delete(own + "/properties").then().statusCode(204);
        admin().get(own + "/properties").then().body("properties", anEmptyMap());

        admin(Map.of("tags", List.of(Map.of("name", "a"), Map.of("name", "b"))))
                .post(own + "/tags")
                .then()
                .statusCode(201);
        admin(Map.of("tags", List.of(Map.of("name", "c"))))
                .header("X-OpenStack-Append", "true")
                .post(own + "/tags")
                .then()
                .statusCode(201);
        admin().post(own + "/tags/d").then().statusCode(201);
        admin(Map.of("name", "e")).put(own + "/tags/d").then().statusCode(200).body("name", equalTo("e"));
        admin().get(own + "/tags").then().body("tags.name", equalTo(List.of("e", "c", "b", "a")));
        admin().queryParam("marker", "c")
                .queryParam("limit", 1)
                .get(own + "/tags")
                .then()
                .body("tags.name", contains("b"));
        admin().delete(own + "/tags").then().statusCode(204);

        admin(Map.of("name", "OS::Nova::Flavor"))
                .post(own + "/resource_types")
                .then()
                .statusCode(201);
        admin(Map.of("name", "OS::Nova::Flavor"))
                .post(own + "/resource_types")
                .then()
                .statusCode(409);
        admin().get(own + "/resource_types")
                .then()
                .body("resource_type_associations.name", contains("OS::Nova::Flavor"));
        admin().delete(own + "/resource_types/OS::Nova::Flavor").then().statusCode(204);
        admin().delete(own + "/resource_types/OS::Nova::Flavor").then().statusCode(404);
        admin().get("/v2/metadefs/resource_types").then().body("resource_types.name", hasItem("OS::Nova::Server"));

        admin().queryParam("limit", 1).get(ALL).then().body("namespaces.namespace", contains(name));
        admin().queryParam("marker", name).get(ALL).then().body("namespaces.namespace", not(hasItem(name)));
        admin().queryParam("sort_dir", "up").get(ALL).then().statusCode(400);
        for (String schema : List.of("namespace", "objects", "property", "tags", "resource_type", "resource_types")) {
            admin().get("/v2/schemas/metadefs/" + schema).then().statusCode(200).body("$", hasKey("properties"));
        }
        admin().delete(own).then().statusCode(204);
    }

    private static RequestSpecification admin() {
        return Api.as(TestTokens.admin());
    }

    private static RequestSpecification admin(Map<String, ?> body) {
        return admin().contentType(ContentType.JSON).body(body);
    }

    /** Somebody of another project. */
    private static final class TestApi {
        static RequestSpecification member() {
            return Api.member(Api.project());
        }
    }
}
