package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.Api;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What no client of good will sends: refused in Glance's words, with memory bounded and nothing left behind. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class HostileIT {
    private static final List<Path> STORES =
            List.of(Path.of("target/image-store"), Path.of("target/image-store-small"));
    private static final int SLOW = 64;
    private static final long MIB = 1 << 20;
    private final String project = Api.project();

    @TestHTTPResource("/")
    URL root;

    @Test
    void aPatchOfAnyShapeIsAppliedOrRefused() throws IOException {
        String id = Api.image(project, Map.of());
        Random random = new Random(20_260);
        for (int i = 0; i < 400; i++) {
            String patch = patch(random);
            Response answer = Api.patch(TestTokens.member(project), id, patch);
            int status = answer.statusCode();
            assertTrue(status == 200 || (status >= 400 && status < 500), () -> status + " for " + patch);
            if (status != 200) {
                assertTrue(answer.path("message") instanceof String && answer.path("title") instanceof String, patch);
            }
        }
        // Cut off anywhere, and with bytes turned.
        byte[] good = "[{\"op\": \"add\", \"path\": \"/x\", \"value\": \"y\"}]".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 100; i++) {
            byte[] bad = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            int status = Api.patch(TestTokens.member(project), id, new String(bad, StandardCharsets.ISO_8859_1))
                    .statusCode();
            assertTrue(status == 200 || (status >= 400 && status < 500), () -> status + " for " + new String(bad, 0));
        }
        JsonNode left = new JsonMapper()
                .readTree(Api.member(project).get("/v2/images/" + id).asString());
        assertEquals(id, left.path("id").asText());
        assertEquals("queued", left.path("status").asText());
    }

    @Test
    void anIdThatIsAPathFindsNothing() {
        for (String id : List.of(
                "..%2f..%2fetc%2fpasswd",
                "%2e%2e",
                "....//",
                "%252e%252e%252f",
                "x".repeat(5000),
                "%00",
                "%ff%fe",
                "a%20b",
                "*",
                "'%20or%201=1--",
                "%f0%9f%92%a9")) {
            for (String path : List.of("/v2/images/", "/v2/tasks/", "/v2/metadefs/namespaces/", "/v2/stores/file/")) {
                String verb = path.startsWith("/v2/stores") ? "DELETE" : "GET";
                int status = raw(verb + " " + path + id + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + "X-Auth-Token: " + TestTokens.member(project) + "\r\n\r\n");
                assertTrue(status >= 400 && status < 500, () -> status + " for " + path + id);
            }
        }
    }

    @Test
    void aTagThatIsAStepUpwardsOrNothingIsNotItsImage() {
        String id = Api.image(project, Map.of());
        for (String path : List.of(
                "/",
                "//",
                "/./",
                "/tags/",
                "/tags/.",
                "/tags/..",
                "/tags/%2e%2E",
                "/tags/a/../..",
                "/file/../",
                "/members/%2e.")) {
            int status = raw("DELETE /v2/images/" + id + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "X-Auth-Token: " + TestTokens.member(project) + "\r\n\r\n");
            assertEquals(404, status, path);
        }
        assertEquals("queued", Api.status(project, id));
    }

    @Test
    void aBodyIsOneValue() {
        for (String body : List.of("{\"name\": \"a\"} {}", "{}x", "{},", "[]")) {
            Api.member(project)
                    .contentType("application/json")
                    .body(body)
                    .post("/v2/images")
                    .then()
                    .statusCode(400);
        }
        String id = Api.image(project, Map.of());
        Api.patch(TestTokens.member(project), id, "[] []").then().statusCode(400);
        assertEquals(200, Api.patch(TestTokens.member(project), id, "[]").statusCode());
    }

    @Test
    void aPatchDoesNotMakeTheServiceKnockAtManyDoors() {
        String id = Api.image(project, Map.of());
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < 11; i++) {
            ObjectNode change = patch.addObject().put("op", "add").put("path", "/locations/-");
            change.putObject("value").put("url", "http://127.0.0.1:28499/" + i).putObject("metadata");
        }
        Api.patch(TestTokens.member(project), id, patch.toString()).then().statusCode(413);
    }

    @Test
    void framingThatLiesLeavesTheImageQueuedAndNoBytes() {
        for (String framing : List.of(
                "Content-Length: -1\r\n\r\nabc",
                "Content-Length: 1e3\r\n\r\nabc",
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
                "Content-Length: 100\r\n\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nabc",
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n" + "1".repeat(100_000),
                "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, zebra\r\n\r\nabc")) {
            String id = Api.image(project, Map.of());
            int status = raw("PUT /v2/images/" + id + "/file HTTP/1.1\r\nHost: x\r\nX-Auth-Token: "
                    + TestTokens.member(project) + "\r\nContent-Type: application/octet-stream\r\n" + framing);
            assertTrue(status == 0 || (status >= 400 && status < 500), () -> status + " for " + framing);
            Await.until(() -> Api.status(project, id).equals("queued") && partialFiles() == 0);
        }
    }

    @Test
    void manySlowUploadsAtOnceNeedLittleMemoryEach() throws Exception {
        List<Socket> clients = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        byte[] part = new byte[(int) MIB];
        long before = usedMemory();
        try {
            for (int i = 0; i < SLOW; i++) {
                String id = Api.image(project, Map.of());
                Socket client = new Socket(root.getHost(), root.getPort());
                OutputStream out = client.getOutputStream();
                out.write(("PUT /v2/images/" + id + "/file HTTP/1.1\r\nHost: x\r\nX-Auth-Token: "
                                + TestTokens.member(project)
                                + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 1000000000\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(part);
                out.flush();
                clients.add(client);
                ids.add(id);
            }
            Await.until(() -> Api.status(project, ids.getLast()).equals("saving"));
            long each = (usedMemory() - before) / SLOW;
            assertTrue(each < MIB + MIB / 4, () -> each + " bytes for each upload");
            // Others are served meanwhile.
            String id = Api.image(project, Map.of());
            Api.upload(project, id, part).then().statusCode(204);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
        Await.until(() -> ids.stream().allMatch(id -> Api.status(project, id).equals("queued")));
        assertEquals(0, partialFiles());
    }

    @Test
    void aStoreThatIsFullTakesNoPartOfAnImage() throws Exception {
        Path small = Path.of("target/image-store-small").toAbsolutePath();
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()));
        try {
            Files.createDirectories(small.resolve("partial"));
            String id = Api.image(project, Map.of());
            Api.member(project)
                    .contentType("application/octet-stream")
                    .header("X-Image-Meta-Store", "small")
                    .body(new byte[(int) (3 * MIB)])
                    .put("/v2/images/" + id + "/file")
                    .then()
                    .statusCode(413);
            assertEquals("queued", Api.status(project, id));
            assertEquals(0, partialFiles());
            // An import that does not fit fails, and takes back what it had.
            Api.member(project)
                    .contentType("application/octet-stream")
                    .body(new byte[(int) (3 * MIB)])
                    .put("/v2/images/" + id + "/stage")
                    .then()
                    .statusCode(204);
            Api.member(project)
                    .contentType("application/json")
                    .body("{\"method\": {\"name\": \"glance-direct\"}, \"stores\": [\"file\", \"small\"]}")
                    .post("/v2/images/" + id + "/import")
                    .then()
                    .statusCode(202);
            Await.until(() -> Api.status(project, id).equals("queued"));
            Response task = Api.member(project).get("/v2/images/" + id + "/tasks");
            assertEquals("failure", task.path("tasks[0].status"));
            assertTrue(task.<String>path("tasks[0].message").contains("full"), task::asString);
            assertEquals(0, partialFiles());
            Api.upload(project, id, new byte[10]).then().statusCode(204);
        } finally {
            run("umount", small.toString());
        }
    }

    private static String patch(Random random) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        for (int i = random.nextInt(4); i >= 0; i--) {
            ObjectNode change = patch.addObject();
            change.set("op", pick(random, "add", "replace", "remove", "move", "test", "", null));
            change.set(
                    "path",
                    pick(
                            random,
                            "/name",
                            "/tags",
                            "/tags/0",
                            "/x",
                            "/x/y",
                            "x",
                            "",
                            "/",
                            "/~",
                            "/~1~0",
                            "/id",
                            "/status",
                            "/visibility",
                            "/locations",
                            "/locations/-",
                            "/locations/99999999999",
                            "/min_disk",
                            "/protected",
                            "/os_glance_x",
                            "/" + "p".repeat(300),
                            "/a\0b",
                            null));
            change.set("value", value(random, 3));
            if (random.nextInt(10) == 0) {
                change.remove("value");
            }
        }
        return random.nextInt(20) == 0 ? patch.get(0).toString() : patch.toString();
    }

    private static JsonNode pick(Random random, String... texts) {
        String text = texts[random.nextInt(texts.length)];
        return text == null ? value(random, 1) : JsonNodeFactory.instance.textNode(text);
    }

    private static JsonNode value(Random random, int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> json.nullNode();
            case 1 -> json.booleanNode(random.nextBoolean());
            case 2 -> json.numberNode(random.nextLong());
            case 3 -> json.numberNode(random.nextDouble() * 1e300);
            case 4 -> json.textNode("a\0b");
            case 5 -> json.textNode("\ud800");
            case 6 -> json.textNode("v".repeat(random.nextInt(400)));
            case 7 -> json.arrayNode().add(value(random, depth - 1)).add(value(random, depth - 1));
            case 8 -> {
                ObjectNode location = json.objectNode().put("url", "file:///etc/passwd");
                location.set("metadata", value(random, depth - 1));
                yield json.arrayNode().add(location);
            }
            default -> json.objectNode().set("url", value(random, depth - 1));
        };
    }

    /** The status of the answer; 0 when the server only hangs up. */
    private int raw(String request) {
        try (Socket client = new Socket(root.getHost(), root.getPort())) {
            client.setSoTimeout(20_000);
            OutputStream out = client.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            if (request.startsWith("PUT")) {
                client.shutdownOutput();
            }
            InputStream in = client.getInputStream();
            String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return line.length() < 12 ? 0 : Integer.parseInt(line.substring(9));
        } catch (IOException hungUp) {
            return 0;
        }
    }

    private static long usedMemory() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + outsideTheHeap());
        }
        return least;
    }

    private static long outsideTheHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    private static long partialFiles() {
        long files = 0;
        for (Path store : STORES) {
            try (var all = Files.list(store.resolve("partial"))) {
                files += all.count();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }
}
