package io.nephos.image.data;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nephos.image.Api;
import io.nephos.testkit.Await;
import io.nephos.testkit.ServiceProcess;
import io.nephos.testkit.TestTokens;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the packaged service while bytes arrive in every way there is. Then uploads are taken back, imports go on
 * to their end, and no byte is left that no image has.
 */
class CrashIT {
    private static final int ROUNDS = 2;
    private static final byte[] BYTES = new byte[4 << 20];
    private static final int MIB = 1 << 20;

    @TempDir
    private Path home = Path.of("");

    private final String project = Api.project();
    private final AtomicInteger stalled = new AtomicInteger();
    private CountDownLatch goOn = new CountDownLatch(1);
    private HttpServer web;

    @BeforeEach
    void serve() throws IOException {
        new Random(3).nextBytes(BYTES);
        web = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        web.setExecutor(Executors.newCachedThreadPool());
        web.createContext("/image", this::send);
        web.start();
    }

    @AfterEach
    void end() {
        goOn.countDown();
        web.stop(0);
    }

    @Test
    void whatWasUnderWayAtAKillIsTakenBackOrBroughtToItsEnd() throws Exception {
        byte[] raw = new byte[48 * MIB];
        new Random(4).nextBytes(raw);
        byte[] qcow2 = qcow2(raw);
        int before = RestAssured.port;
        try (ServiceProcess service = new ServiceProcess(
                Path.of("target/quarkus-app/quarkus-run.jar"), home.resolve("service.log"), settings())) {
            RestAssured.port = service.port();
            service.start();
            for (int round = 0; round < ROUNDS; round++) {
                round(service, new Random(round), raw, qcow2);
            }
        } finally {
            RestAssured.port = before;
        }
    }

    private void round(ServiceProcess service, Random random, byte[] raw, byte[] qcow2) throws Exception {
        goOn = new CountDownLatch(1);
        stalled.set(0);
        String uploaded = Api.image(project, Map.of());
        String staged = Api.image(project, Map.of());
        String fetched = Api.image(project, Map.of());
        String copied = Api.image(project, Map.of());
        String converted = Api.image(project, Map.of("disk_format", "qcow2"));
        try (Socket upload = begin(service, uploaded, "file");
                Socket stage = begin(service, staged, "stage")) {
            begin(member(), fetched, Map.of("method", Map.of("name", "web-download", "uri", url())));
            Api.patch(
                            TestTokens.member(project),
                            copied,
                            "[{\"op\": \"add\", \"path\": \"/locations/-\", \"value\": {\"url\": \"" + url()
                                    + "\", \"metadata\": {}}}]")
                    .then()
                    .statusCode(200);
            begin(
                    Api.as(TestTokens.admin()),
                    copied,
                    Map.of("method", Map.of("name", "copy-image"), "stores", List.of("second")));
            member().contentType("application/octet-stream")
                    .body(qcow2)
                    .put("/v2/images/" + converted + "/stage")
                    .then()
                    .statusCode(204);
            Await.until(() -> Api.status(project, uploaded).equals("saving")
                    && Api.status(project, staged).equals("uploading")
                    && stalled.get() == 2);
            begin(
                    member(),
                    converted,
                    Map.of("method", Map.of("name", "glance-direct"), "stores", List.of("file", "second")));
            Thread.sleep(random.nextInt(400));
            service.kill();
        }
        goOn.countDown();
        service.start();
        Await.until(() -> List.of(uploaded, staged).stream()
                .allMatch(id -> Api.status(project, id).equals("queued")));
        Await.until(() -> Stream.of(fetched, copied, converted).allMatch(this::over));
        member().get("/v2/images/" + uploaded).then().body("size", nullValue());
        show(fetched).body("status", equalTo("active")).body("stores", equalTo("file"));
        assertArrayEquals(BYTES, bytes(fetched));
        show(copied).body("status", equalTo("active")).body("stores", equalTo("http,second"));
        show(converted)
                .body("status", equalTo("active"))
                .body("disk_format", equalTo("raw"))
                .body("stores", equalTo("file,second"));
        assertArrayEquals(raw, bytes(converted));
        // Without the sweep, which looks only at what is older than this.
        Await.until(() -> files().equals(List.of(
                "images " + BYTES.length,
                "images " + raw.length,
                "images-second " + BYTES.length,
                "images-second " + raw.length)));
        Api.upload(project, uploaded, new byte[10]).then().statusCode(204);
        for (String id : List.of(uploaded, staged, fetched, copied, converted)) {
            member().delete("/v2/images/" + id).then().statusCode(204);
        }
        Await.until(() -> files().isEmpty());
        Api.as(TestTokens.admin()).get("/v2/tasks?status=success").then().body("tasks.owner", hasItem(project));
    }

    private io.restassured.response.ValidatableResponse show(String id) {
        return member().get("/v2/images/" + id).then();
    }

    private boolean over(String id) {
        List<String> states = member().get("/v2/images/" + id + "/tasks").path("tasks.status");
        return states.stream().allMatch(state -> state.equals("success") || state.equals("failure"));
    }

    /** The store and the length of everything that lies anywhere. */
    private List<String> files() {
        try (Stream<Path> all = Files.walk(home)) {
            List<String> found = new ArrayList<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                Path inside = home.relativize(file);
                if (inside.getNameCount() > 1) {
                    found.add(inside.getName(0) + " " + Files.size(file));
                }
            }
            return found.stream().sorted().toList();
        } catch (IOException | UncheckedIOException changing) {
            return List.of("changing");
        }
    }

    private byte[] bytes(String id) {
        return member().get("/v2/images/" + id + "/file").asByteArray();
    }

    private Socket begin(ServiceProcess service, String id, String where) throws IOException {
        Socket client = new Socket("127.0.0.1", service.port());
        OutputStream out = client.getOutputStream();
        out.write(("PUT /v2/images/" + id + "/" + where + " HTTP/1.1\r\nHost: x\r\nX-Auth-Token: "
                        + TestTokens.member(project)
                        + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 100000000\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[5 * MIB]);
        out.flush();
        return client;
    }

    private static void begin(RequestSpecification who, String id, Map<String, ?> body) {
        who.contentType(ContentType.JSON)
                .body(body)
                .post("/v2/images/" + id + "/import")
                .then()
                .statusCode(202);
    }

    /** Half of the bytes; the rest when the test lets them go. */
    private void send(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(BYTES.length));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(200, BYTES.length);
        exchange.getResponseBody().write(BYTES, 0, BYTES.length / 2);
        exchange.getResponseBody().flush();
        if (goOn.getCount() > 0) {
            stalled.incrementAndGet();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        exchange.getResponseBody().write(BYTES, BYTES.length / 2, BYTES.length - BYTES.length / 2);
        exchange.close();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("nephos.image.stores", "file,second");
        settings.put("nephos.image.store.path", home.resolve("images").toString());
        settings.put(
                "nephos.image.store.second.path", home.resolve("images-second").toString());
        settings.put("nephos.image.store.second.page-cache", "true");
        settings.put("nephos.image.show-multiple-locations", "true");
        settings.put("nephos.image.conversion.format", "raw");
        settings.put(
                "nephos.image.web-download.allowed-ports",
                Integer.toString(web.getAddress().getPort()));
        settings.put("nephos.image.web-download.allowed-networks", "127.0.0.1/32");
        return settings;
    }

    private String url() {
        return "http://127.0.0.1:" + web.getAddress().getPort() + "/image";
    }

    private RequestSpecification member() {
        return Api.member(project);
    }

    private byte[] qcow2(byte[] raw) throws IOException, InterruptedException {
        Path from = home.resolve("disk.raw");
        Path to = home.resolve("disk.qcow2");
        Files.write(from, raw);
        Process convert = new ProcessBuilder(
                        "qemu-img", "convert", "-f", "raw", "-O", "qcow2", from.toString(), to.toString())
                .inheritIO()
                .start();
        assertEquals(0, convert.waitFor());
        byte[] bytes = Files.readAllBytes(to);
        Files.delete(from);
        Files.delete(to);
        return bytes;
    }
}
