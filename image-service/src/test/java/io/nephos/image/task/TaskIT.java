package io.nephos.image.task;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import io.nephos.image.Api;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The task API, for administrators. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class TaskIT {
    private static final int PORT = 28_499;
    private static final byte[] BYTES = new byte[100_000];
    private static HttpServer web;

    @BeforeAll
    static void serve() throws IOException {
        new Random(2).nextBytes(BYTES);
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", PORT), 0);
        web.createContext("/good", exchange -> {
            exchange.sendResponseHeaders(200, BYTES.length);
            exchange.getResponseBody().write(BYTES);
            exchange.close();
        });
        web.start();
    }

    @AfterAll
    static void end() {
        web.stop(0);
    }

    @Test
    void aTaskMakesAnImageAndFillsItFromTheWeb() {
        Response made = create(input("/good", Map.of("name", "by task", "disk_format", "raw")));
        String id = made.then()
                .statusCode(201)
                .header("Location", containsString("/v2/tasks/"))
                .body("type", equalTo("import"))
                .body("status", equalTo("pending"))
                .body("input.import_from_format", equalTo("raw"))
                .body("result", nullValue())
                .extract()
                .path("id");
        Await.until(() -> !List.of("pending", "processing").contains(task(id).getString("status")));
        String image = task(id).getString("result.image_id");
        admin().get("/v2/tasks/" + id)
                .then()
                .body("status", equalTo("success"))
                .body("message", equalTo(""))
                .body("image_id", equalTo(image))
                .body("expires_at", notNullValue());
        admin().get("/v2/images/" + image)
                .then()
                .body("name", equalTo("by task"))
                .body("status", equalTo("active"));
        assertArrayEquals(BYTES, admin().get("/v2/images/" + image + "/file").asByteArray());
        admin().delete("/v2/images/" + image).then().statusCode(204);
        Await.until(() -> admin().get("/v2/images/" + image).statusCode() == 404);
        admin().get("/v2/tasks/" + id).then().statusCode(200);
        admin().delete("/v2/tasks/" + id).then().statusCode(405);
        // It is no business of the next image of that id.
        String other = Api.project();
        Await.until(() -> Api.create(other, Map.of("id", image)).statusCode() == 201);
        Api.member(other).get("/v2/images/" + image + "/tasks").then().body("tasks.size()", equalTo(0));
    }

    @Test
    void aTaskThatFailsSaysWhyAndTakesItsImageWithIt() {
        String id = create(input("/missing", Map.of("name", "never"))).path("id");
        Await.until(() -> "failure".equals(task(id).getString("status")));
        admin().get("/v2/tasks/" + id)
                .then()
                .body("message", containsString("404"))
                .body("result", nullValue());
        admin().get("/v2/images/" + task(id).getString("image_id")).then().statusCode(404);
    }

    @Test
    void onlyAdministratorsHaveTasksAndOnlyGoodOnes() {
        String member = TestTokens.member(Api.project());
        Map<String, ?> good = input("/good", Map.of());
        Api.as(member)
                .contentType(ContentType.JSON)
                .body(good)
                .post("/v2/tasks")
                .then()
                .statusCode(403);
        Api.as(member).get("/v2/tasks").then().statusCode(403);
        Api.as(member).get("/v2/tasks/x").then().statusCode(403);
        for (String field : List.of("import_from", "import_from_format", "image_properties")) {
            Map<String, Object> less = new HashMap<>(good);
            less.remove(field);
            create(less).then().statusCode(400).body("message", containsString(field));
        }
        create(input("/good", Map.of("visibility", "everybody"))).then().statusCode(400);
        create(input("/good", Map.of("status", "active"))).then().statusCode(403);
        create(Map.of(
                        "import_from",
                        "http://169.254.169.254/",
                        "import_from_format",
                        "raw",
                        "image_properties",
                        Map.of()))
                .then()
                .statusCode(400)
                .body("message", containsString("filtering"));
        for (String body : List.of(
                "[]",
                "{}",
                "{\"type\": \"import\"}",
                "{\"type\": \"import\", \"input\": null}",
                "{\"type\": \"export\", \"input\": {}}",
                "{\"type\": \"api_image_import\", \"input\": {}}",
                "{\"type\": \"import\", \"input\": {}, \"owner\": \"me\"}",
                "{\"type\": \"import\", \"input\": {\"import_from\": 1, \"import_from_format\": \"raw\","
                        + " \"image_properties\": []}}",
                "{\"type\": \"import\", \"input\": {\"import_from\": \"http://127.0.0.1:" + PORT
                        + "/\", \"import_from_format\": \"raw\", \"image_properties\": {}, \"x\": \"\\ud800\"}}")) {
            admin().contentType(ContentType.JSON)
                    .body(body)
                    .post("/v2/tasks")
                    .then()
                    .statusCode(400)
                    .body("title", equalTo("Bad Request"));
        }
    }

    @Test
    void tasksAreListedByTypeStatusOrderAndPage() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            made.add(create(input("/good", Map.of("name", "page " + i))).path("id"));
        }
        Await.until(
                () -> made.stream().allMatch(id -> task(id).getString("status").equals("success")));
        admin().get("/v2/tasks?type=import&status=success&limit=1000")
                .then()
                .body("tasks.id", hasItem(made.getFirst()))
                .body("tasks.type", everyItem(equalTo("import")))
                .body("tasks.status", everyItem(equalTo("success")))
                .body("tasks[0].input", nullValue())
                .body("first", containsString("type=import"))
                .body("schema", equalTo("/v2/schemas/tasks"));
        admin().get("/v2/tasks?type=api_image_import&limit=1000")
                .then()
                .body("tasks.id", not(hasItem(made.getFirst())));
        for (String order : List.of("", "&sort_dir=asc", "&sort_key=expires_at", "&sort_key=status&sort_dir=asc")) {
            List<String> all = admin().get("/v2/tasks?limit=1000" + order).path("tasks.id");
            List<String> paged = new ArrayList<>();
            String next = "/v2/tasks?limit=2" + order;
            while (next != null) {
                JsonPath page = admin().urlEncodingEnabled(false).get(next).jsonPath();
                paged.addAll(page.getList("tasks.id"));
                next = page.getString("next");
            }
            assertEquals(all, paged, order);
        }
        admin().get("/v2/tasks?limit=0").then().body("tasks.size()", equalTo(0)).body("next", nullValue());
        for (String bad : List.of(
                "limit=-1",
                "limit=x",
                "marker=x",
                "marker=7b0cb1ff-0b34-4ffe-a2ea-b8b4de4ae0bb",
                "sort_dir=up",
                "sort_key=input",
                "status=odd",
                "type=export")) {
            admin().get("/v2/tasks?" + bad).then().statusCode(400);
        }
    }

    private static Map<String, ?> input(String path, Map<String, ?> properties) {
        return Map.of(
                "import_from",
                "http://127.0.0.1:" + PORT + path,
                "import_from_format",
                "raw",
                "image_properties",
                properties);
    }

    private static Response create(Map<String, ?> input) {
        return admin().contentType(ContentType.JSON)
                .body(Map.of("type", "import", "input", input))
                .post("/v2/tasks");
    }

    private static JsonPath task(String id) {
        return admin().get("/v2/tasks/" + id).jsonPath();
    }

    private static io.restassured.specification.RequestSpecification admin() {
        return Api.as(TestTokens.admin());
    }
}
