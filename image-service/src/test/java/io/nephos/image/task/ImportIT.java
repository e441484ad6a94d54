package io.nephos.image.task;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.sun.net.httpserver.HttpServer;
import io.nephos.image.Api;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class ImportIT {
    private static final int PORT = 28_499; // allowed by this test's configuration
    private static final byte[] BYTES = new byte[300_000];
    private static HttpServer web;
    private final String project = Api.project();

    @BeforeAll
    static void serve() throws IOException {
        new Random(1).nextBytes(BYTES);
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", PORT), 0);
        web.createContext("/good", exchange -> {
            exchange.sendResponseHeaders(200, BYTES.length);
            exchange.getResponseBody().write(BYTES);
            exchange.close();
        });
        web.createContext("/short", exchange -> {
            exchange.sendResponseHeaders(200, BYTES.length);
            exchange.getResponseBody().write(BYTES, 0, 1000);
            exchange.getResponseBody().flush();
            exchange.getHttpContext().getServer().removeContext("/short");
            throw new IOException("the server goes away");
        });
        web.start();
    }

    @AfterAll
    static void end() {
        web.stop(0);
    }

    @Test
    void whatWasStagedIsImported() {
        String id = Api.image(project, Map.of());
        begin(project, id, Map.of("name", "glance-direct")).then().statusCode(409);
        Api.member(project)
                .contentType("application/octet-stream")
                .body(BYTES)
                .put("/v2/images/" + id + "/stage")
                .then()
                .statusCode(204);
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("status", equalTo("uploading"))
                .body("size", nullValue());
        Api.member(project).get("/v2/images/" + id + "/file").then().statusCode(204);
        begin(project, id, Map.of("name", "glance-direct")).then().statusCode(202);
        Api.await(() -> Api.status(project, id).equals("active"));
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        Api.member(project)
                .get("/v2/images/" + id + "/tasks")
                .then()
                .body("tasks[0].status", equalTo("success"))
                .body("tasks[0].input.import_req.method.name", equalTo("glance-direct"));
        Api.as(TestTokens.admin()).get("/v2/tasks").then().statusCode(200);
        Api.member(project).get("/v2/tasks").then().statusCode(403);
    }

    @Test
    void bytesAreFetchedFromTheWeb() {
        String id = Api.image(project, Map.of());
        begin(project, id, web("/good")).then().statusCode(202);
        Api.await(() -> !Api.status(project, id).equals("importing"));
        Api.member(project)
                .get("/v2/images/" + id + "/tasks")
                .then()
                .body("tasks[0].message", equalTo(""))
                .body("tasks[0].status", equalTo("success"));
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
    }

    @Test
    void aDownloadThatFailsLeavesTheImageQueuedAndSaysWhy() {
        for (String path : new String[] {"/missing", "/short"}) {
            String id = Api.image(project, Map.of());
            begin(project, id, web(path)).then().statusCode(202);
            Api.await(() -> "failure"
                    .equals(Api.member(project)
                            .get("/v2/images/" + id + "/tasks")
                            .path("tasks[0].status")));
            Api.member(project)
                    .get("/v2/images/" + id)
                    .then()
                    .body("status", equalTo("queued"))
                    .body("os_glance_failed_import", equalTo("file"));
            Api.upload(project, id, BYTES).then().statusCode(204);
        }
    }

    @Test
    void anAddressThatIsNotAllowedIsRefused() {
        String id = Api.image(project, Map.of());
        for (String uri : new String[] {
            "file:///etc/passwd",
            "http://127.0.0.1:5000/",
            "ftp://h/x",
            "http://u:p@127.0.0.1:" + PORT + "/good",
            "::",
            "http:///x"
        }) {
            begin(project, id, Map.of("name", "web-download", "uri", uri))
                    .then()
                    .statusCode(400)
                    .body("message", containsString("web-download"));
        }
        begin(project, id, Map.of("name", "wish")).then().statusCode(400);
    }

    private Response begin(String as, String id, Map<String, ?> method) {
        return Api.member(as)
                .contentType(ContentType.JSON)
                .body(Map.of("method", method))
                .post("/v2/images/" + id + "/import");
    }

    private static Map<String, ?> web(String path) {
        return Map.of("name", "web-download", "uri", "http://127.0.0.1:" + PORT + path);
    }
}
