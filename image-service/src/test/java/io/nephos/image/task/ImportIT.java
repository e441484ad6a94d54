package io.nephos.image.task;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.nephos.image.Api;
import io.nephos.image.cache.CacheQueue;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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

    @Inject
    CacheQueue cache;

    @BeforeAll
    static void serve() throws IOException {
        new Random(1).nextBytes(BYTES);
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", PORT), 0);
        web.createContext("/good", exchange -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().add("Content-Length", String.valueOf(BYTES.length));
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
                return;
            }
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
        web.createContext("/part", exchange -> {
            exchange.sendResponseHeaders(206, 3);
            exchange.getResponseBody().write(BYTES, 0, 3);
            exchange.close();
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
                .body("size", equalTo(BYTES.length))
                .body("checksum", nullValue());
        Api.member(project).get("/v2/images/" + id + "/file").then().statusCode(204);
        begin(project, id, Map.of("name", "glance-direct")).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("active"));
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
        Await.until(() -> !Api.status(project, id).equals("importing"));
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
        for (String path : new String[] {"/missing", "/short", "/part"}) {
            String id = Api.image(project, Map.of());
            begin(project, id, web(path)).then().statusCode(202);
            Await.until(() -> "failure"
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
            "http://127.0.0.2:" + PORT + "/good",
            "http://169.254.169.254:" + PORT + "/latest/meta-data",
            "http://[::1]:" + PORT + "/good",
            "http://[::ffff:127.0.0.2]:" + PORT + "/good",
            "http://2130706434:" + PORT + "/good",
            "http://0:" + PORT + "/good",
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

    @Test
    void whatIsImportedLiesInEveryStoreThatWasAskedForAndMayLeaveAllButOne() {
        String id = Api.image(project, Map.of());
        stage(id);
        as(
                        TestTokens.member(project),
                        id,
                        Map.of("method", Map.of("name", "glance-direct"), "stores", List.of("third")))
                .then()
                .statusCode(409);
        as(
                        TestTokens.member(project),
                        id,
                        Map.of("method", Map.of("name", "glance-direct"), "stores", List.of("second")))
                .then()
                .statusCode(202);
        Await.until(() -> Api.status(project, id).equals("active"));
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("stores", equalTo("second"))
                .body("locations.size()", equalTo(1))
                .body("locations[0].metadata.store", equalTo("second"));
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        Map<String, ?> everywhere = Map.of("method", Map.of("name", "copy-image"), "all_stores", true);
        as(TestTokens.member(project), id, everywhere).then().statusCode(403);
        as(TestTokens.admin(), id, everywhere).then().statusCode(202);
        Await.until(() -> "file,second,small"
                .equals(Api.member(project).get("/v2/images/" + id).path("stores")));
        as(TestTokens.admin(), id, Map.of("method", Map.of("name", "copy-image"), "stores", List.of("file")))
                .then()
                .statusCode(400)
                .body("message", containsString("already present"));
        Api.member(project).delete("/v2/stores/second/" + id).then().statusCode(204);
        Api.member(project).delete("/v2/stores/second/" + id).then().statusCode(404);
        Api.member(project).delete("/v2/stores/small/" + id).then().statusCode(204);
        Api.member(project).delete("/v2/stores/file/" + id).then().statusCode(403);
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        Api.member(project).get("/v2/info/stores").then().body("stores.id", hasItems("file", "second", "http"));
        Api.member(project).get("/v2/info/stores/detail").then().statusCode(403);
        Api.as(TestTokens.admin())
                .get("/v2/info/stores/detail")
                .then()
                .body("stores[1].type", equalTo("file"))
                .body("stores[3].'read-only'", equalTo("true"));
        Api.member(project)
                .get("/v2/info/usage")
                .then()
                .body("usage.image_count_total.usage", equalTo(1))
                .body("usage.image_count_total.limit", equalTo(-1));
    }

    @Test
    void anImageMayLieOnAWebServerAndBeKeptInTheCache() throws IOException {
        String id = Api.image(project, Map.of());
        String url = "http://127.0.0.1:" + PORT + "/good";
        String token = TestTokens.member(project);
        String add =
                "[{\"op\": \"add\", \"path\": \"/locations/-\", \"value\": {\"url\": \"%s\", \"metadata\": {}%s}}]";
        Api.patch(token, id, add.formatted("gopher://127.0.0.1/x", "")).then().statusCode(400);
        Api.patch(token, id, add.formatted("file:///etc/passwd", "")).then().statusCode(400);
        String said = ", \"validation_data\": {\"os_hash_algo\": \"sha512\", \"os_hash_value\": \"%s\"}";
        Api.patch(token, id, add.formatted(url, said.formatted(sha512(BYTES))))
                .then()
                .statusCode(200)
                .body("status", equalTo("active"))
                .body("size", equalTo(BYTES.length));
        Api.patch(token, id, add.formatted(url + "#2", said.formatted("0".repeat(128))))
                .then()
                .statusCode(409);
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        assertArrayEquals(
                Arrays.copyOfRange(BYTES, 1000, 2000),
                Api.member(project)
                        .header("Range", "bytes=1000-1999")
                        .get("/v2/images/" + id + "/file")
                        .asByteArray());
        // The download queued it.
        Await.until(() -> Api.as(TestTokens.admin())
                .get("/v2/cache")
                .jsonPath()
                .getList("cached_images.image_id")
                .contains(id));
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        Api.member(project).get("/v2/cache").then().statusCode(403);
        Api.as(TestTokens.admin()).delete("/v2/cache/" + id).then().statusCode(204);
        Api.as(TestTokens.admin()).delete("/v2/cache/" + id).then().statusCode(404);
        Api.as(TestTokens.admin()).put("/v2/cache/" + id).then().statusCode(202);
        Api.patch(token, id, "[{\"op\": \"remove\", \"path\": \"/locations/0\"}]")
                .then()
                .statusCode(403);
        Api.patch(token, id, add.formatted(url + "#2", "")).then().statusCode(200);
        Api.patch(token, id, "[{\"op\": \"remove\", \"path\": \"/locations/0\"}]")
                .then()
                .statusCode(200)
                .body("locations[0].url", equalTo(url + "#2"));
        // The bytes of an image that was deleted do not stay there.
        Path kept = Path.of("target/image-cache", sha512(BYTES));
        Await.until(() -> Files.exists(kept));
        Path deleted = Files.createFile(kept.resolveSibling("f".repeat(128)));
        cache.forgetDeleted();
        assertTrue(Files.exists(kept));
        assertFalse(Files.exists(deleted));
    }

    @Test
    void aLocationIsReadOnceAndHeldAgainstWhatIsSaidOfIt() {
        String id = Api.image(project, Map.of());
        String url = "http://127.0.0.1:" + PORT + "/good";
        Map<String, ?> wrong = Map.of("os_hash_algo", "sha512", "os_hash_value", "0".repeat(128));
        locate(project, id, Map.of("url", url, "validation_data", wrong)).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("queued"));
        Api.member(project)
                .get("/v2/images/" + id + "/tasks")
                .then()
                .body("tasks[0].type", equalTo("location_import"))
                .body("tasks[0].status", equalTo("failure"))
                .body("tasks[0].message", containsString("validation data"))
                .body("tasks[0].input.loc_url", equalTo(url));
        Map<String, ?> right = Map.of("os_hash_algo", "sha512", "os_hash_value", sha512(BYTES));
        for (Map<String, ?> bad : List.<Map<String, ?>>of(
                Map.of("url", "file:///etc/passwd"),
                Map.of("url", "http://169.254.169.254:" + PORT + "/"),
                Map.of("url", "x".repeat(256)),
                Map.of("validation_data", right),
                Map.of("url", url, "validation_data", Map.of("os_hash_algo", "md5", "os_hash_value", "0")),
                Map.of("url", url, "validation_data", Map.of("os_hash_algo", "sha512", "os_hash_value", "0")))) {
            locate(project, id, bad).then().statusCode(400);
        }
        locate(Api.project(), id, Map.of("url", url)).then().statusCode(404);
        locate(project, id, Map.of("url", url, "validation_data", right))
                .then()
                .statusCode(202)
                .body("[0].url", equalTo(url));
        Await.until(() -> Api.status(project, id).equals("active"));
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("size", equalTo(BYTES.length))
                .body("os_hash_value", equalTo(sha512(BYTES)))
                .body("stores", equalTo("http"));
        assertArrayEquals(
                BYTES, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        locate(project, id, Map.of("url", url)).then().statusCode(409);
        Api.member(project).get("/v2/images/" + id + "/locations").then().statusCode(403);
        Api.as(TestTokens.of("compute", "service-project", "service"))
                .get("/v2/images/" + id + "/locations")
                .then()
                .statusCode(200)
                .body("[0].url", equalTo(url))
                .body("[0].metadata.store", equalTo("http"));
    }

    private static Response locate(String project, String id, Map<String, ?> body) {
        return Api.member(project).contentType(ContentType.JSON).body(body).post("/v2/images/" + id + "/locations");
    }

    private void stage(String id) {
        Api.member(project)
                .contentType("application/octet-stream")
                .body(BYTES)
                .put("/v2/images/" + id + "/stage")
                .then()
                .statusCode(204);
    }

    private static Response as(String token, String id, Map<String, ?> body) {
        return Api.as(token).contentType(ContentType.JSON).body(body).post("/v2/images/" + id + "/import");
    }

    private static String sha512(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
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
