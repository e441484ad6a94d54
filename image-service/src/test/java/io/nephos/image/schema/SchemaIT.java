package io.nephos.image.schema;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nephos.image.Api;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Every schema document that is served, held against what is served. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class SchemaIT {
    private static final String NAMESPACES = "/v2/metadefs/namespaces";
    private final String project = Api.project();

    @Test
    void imagesMembersAndTasksFitTheirSchemas() throws JsonProcessingException {
        String id = Api.image(project, Map.of("os_distro", "debian", "tags", List.of("t")));
        fits("image", get("/v2/images/" + id));
        Api.upload(project, id, new byte[10]).then().statusCode(204);
        fits("image", get("/v2/images/" + id));
        fits("images", get("/v2/images?owner=" + project));
        fits("member", post("/v2/images/" + id + "/members", Map.of("member", "p")));
        fits("member", get("/v2/images/" + id + "/members/p"));
        fits("members", get("/v2/images/" + id + "/members"));
        post(
                "/v2/images/" + id + "/import",
                Map.of("method", Map.of("name", "copy-image"), "stores", List.of("second")));
        JsonNode tasks = get("/v2/images/" + id + "/tasks").path("tasks");
        assertFalse(tasks.isEmpty());
        for (JsonNode task : tasks) {
            fits("task", task);
            fits("task", get("/v2/tasks/" + task.path("id").asText()));
        }
        fits("tasks", get("/v2/tasks"));
    }

    @Test
    void definitionsFitTheirSchemas() throws JsonProcessingException {
        String name = "OS::Test::" + UUID.randomUUID();
        String own = NAMESPACES + "/" + name;
        Map<String, ?> property = Map.of("title", "RAM", "type", "array", "items", Map.of("type", "string"));
        Map<String, ?> object = Map.of(
                "name", "o", "description", "d", "required", List.of("ram"), "properties", Map.of("ram", property));
        fits(
                "metadefs/namespace",
                post(
                        NAMESPACES,
                        Map.of(
                                "namespace", name,
                                "visibility", "public",
                                "properties", Map.of("ram", property),
                                "objects", List.of(object),
                                "tags", List.of(Map.of("name", "t")),
                                "resource_type_associations",
                                        List.of(Map.of("name", "OS::Glance::Image", "prefix", "hw_")))));
        fits("metadefs/namespace", get(own));
        fits("metadefs/namespaces", get(NAMESPACES));
        fits("metadefs/object", get(own + "/objects/o"));
        fits("metadefs/objects", get(own + "/objects"));
        fits("metadefs/property", get(own + "/properties/ram"));
        fits("metadefs/properties", get(own + "/properties"));
        fits("metadefs/tag", get(own + "/tags/t"));
        fits("metadefs/tags", get(own + "/tags"));
        JsonNode associations = get(own + "/resource_types");
        fits("metadefs/resource_types", associations);
        fits(
                "metadefs/resource_type",
                associations.path("resource_type_associations").path(0));
        Api.as(TestTokens.admin()).delete(own).then().statusCode(204);
    }

    private static void fits(String schema, JsonNode served) throws JsonProcessingException {
        JsonNode document = get("/v2/schemas/" + schema);
        assertDoesNotThrow(() -> new JsonSchema(schema, document).require(served), schema + ": " + served);
    }

    private static JsonNode get(String path) throws JsonProcessingException {
        return json(Api.as(TestTokens.admin()).urlEncodingEnabled(false).get(path));
    }

    private static JsonNode post(String path, Map<String, ?> body) throws JsonProcessingException {
        return json(Api.as(TestTokens.admin())
                .contentType(ContentType.JSON)
                .body(body)
                .post(path));
    }

    private static JsonNode json(Response answer) throws JsonProcessingException {
        assertFalse(answer.statusCode() >= 400, answer::asString);
        return new JsonMapper().readTree(answer.asString());
    }
}
