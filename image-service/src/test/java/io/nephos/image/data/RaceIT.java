package io.nephos.image.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.image.Api;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Requests that meet on one image: each is carried out or refused, none is a 500, and nothing is left over. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class RaceIT {
    private static final List<Path> STORES = List.of(Path.of("target/image-store"), Path.of("target/image-store-2"));
    private final String project = Api.project();

    @TestHTTPResource("/")
    URL root;

    @Test
    void ofUploadsToOneImageOneWins() throws Exception {
        Set<Path> before = files();
        String id = Api.image(project, Map.of());
        byte[][] bodies = IntStream.range(0, 6).mapToObj(RaceIT::random).toArray(byte[][]::new);
        List<Integer> answers = together(Arrays.stream(bodies)
                .<Callable<Integer>>map(
                        body -> () -> Api.upload(project, id, body).statusCode())
                .toList());
        assertEquals(1, answers.stream().filter(status -> status == 204).count(), answers::toString);
        assertEquals(5, answers.stream().filter(status -> status == 409).count(), answers::toString);
        assertArrayEquals(
                bodies[answers.indexOf(204)],
                Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
        Set<Path> own = files();
        own.removeAll(before);
        assertEquals(1, own.size());
        gone(id, before);
    }

    @Test
    void anImageThatIsDeletedWhileItsBytesComeIsGoneWithThem() throws Exception {
        Set<Path> before = files();
        Random random = new Random(5);
        for (int i = 0; i < 8; i++) {
            String id = Api.image(project, Map.of());
            int wait = random.nextInt(30);
            List<Integer> answers =
                    together(List.of(() -> Api.upload(project, id, random(12)).statusCode(), () -> {
                        Thread.sleep(wait);
                        return Api.member(project).delete("/v2/images/" + id).statusCode();
                    }));
            assertTrue(Set.of(204, 404, 410).contains(answers.getFirst()), answers::toString);
            assertEquals(204, answers.getLast());
            assertEquals(404, Api.member(project).get("/v2/images/" + id).statusCode());
        }
        Await.until(() -> before.containsAll(files()));
    }

    @Test
    void stagingImportAndUploadOfOneImageDoNotMix() throws Exception {
        Set<Path> before = files();
        for (int i = 0; i < 4; i++) {
            String id = Api.image(project, Map.of());
            byte[] staged = random(100 + i);
            byte[] uploaded = random(200 + i);
            stage(id, staged);
            List<Integer> answers = together(List.of(
                    () -> begin(id),
                    () -> begin(id),
                    () -> stage(id, staged),
                    () -> Api.upload(project, id, uploaded).statusCode()));
            assertTrue(answers.stream().allMatch(status -> status < 500), answers::toString);
            assertEquals(1, answers.stream().filter(status -> status == 202).count(), answers::toString);
            Await.until(() -> Api.status(project, id).equals("active"));
            assertArrayEquals(
                    staged,
                    Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
            together(List.of(
                    () -> begin(id),
                    () -> Api.member(project).delete("/v2/images/" + id).statusCode()));
        }
        Await.until(() -> before.containsAll(files()));
    }

    @Test
    void anImageThatIsDeletedWhileItIsImportedIsGoneWithItsBytes() throws Exception {
        Set<Path> before = files();
        Random random = new Random(6);
        for (int i = 0; i < 6; i++) {
            String id = Api.image(project, Map.of());
            stage(id, random(i));
            assertEquals(202, begin(id, "second"));
            Thread.sleep(random.nextInt(40));
            assertEquals(204, Api.member(project).delete("/v2/images/" + id).statusCode());
        }
        Await.until(() -> before.containsAll(files()));
    }

    @Test
    void membersAndTagsComeAndGoAtOnce() throws Exception {
        String id = Api.image(project, Map.of());
        String member = Api.project();
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String tag = "t" + i;
            calls.add(() ->
                    Api.member(project).put("/v2/images/" + id + "/tags/" + tag).statusCode());
            calls.add(() -> share(id, member));
            calls.add(() -> Api.member(member)
                    .contentType(ContentType.JSON)
                    .body("{\"status\": \"accepted\"}")
                    .put("/v2/images/" + id + "/members/" + member)
                    .statusCode());
            calls.add(() -> Api.member(project)
                    .delete("/v2/images/" + id + "/members/" + member)
                    .statusCode());
        }
        List<Integer> answers = together(calls);
        assertTrue(
                answers.stream()
                        .allMatch(status -> Set.of(200, 204, 403, 404, 409).contains(status)),
                answers::toString);
        List<String> tags = Api.member(project).get("/v2/images/" + id).path("tags");
        assertEquals(Set.of("t0", "t1", "t2", "t3", "t4", "t5"), Set.copyOf(tags));
        List<Integer> ends = together(List.of(
                () -> share(id, member),
                () -> Api.member(project).delete("/v2/images/" + id).statusCode()));
        assertTrue(Set.of(200, 404, 409).contains(ends.getFirst()), ends::toString);
        assertEquals(204, ends.getLast());
    }

    @Test
    void manySmallChunksAreAsGoodAsAFewLargeOnes() throws Exception {
        String id = Api.image(project, Map.of());
        byte[] bytes = random(1);
        byte[] body = Arrays.copyOf(bytes, 30_000);
        try (Socket client = new Socket(root.getHost(), root.getPort())) {
            OutputStream out = client.getOutputStream();
            out.write(("PUT /v2/images/" + id + "/file HTTP/1.1\r\nHost: x\r\nX-Auth-Token: "
                            + TestTokens.member(project)
                            + "\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (byte b : body) {
                out.write(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String answer = new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertEquals("HTTP/1.1 204", answer);
        }
        assertArrayEquals(
                body, Api.member(project).get("/v2/images/" + id + "/file").asByteArray());
    }

    private int share(String id, String member) {
        return Api.member(project)
                .contentType(ContentType.JSON)
                .body(Map.of("member", member))
                .post("/v2/images/" + id + "/members")
                .statusCode();
    }

    private int stage(String id, byte[] bytes) {
        return Api.member(project)
                .contentType("application/octet-stream")
                .body(bytes)
                .put("/v2/images/" + id + "/stage")
                .statusCode();
    }

    private int begin(String id, String... stores) {
        Map<String, ?> method = Map.of("name", "glance-direct");
        return Api.member(project)
                .contentType(ContentType.JSON)
                .body(stores.length == 0 ? Map.of("method", method) : Map.of("method", method, "stores", stores))
                .post("/v2/images/" + id + "/import")
                .statusCode();
    }

    private void gone(String id, Set<Path> before) {
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        Await.until(() -> before.containsAll(files()));
    }

    private static List<Integer> together(List<Callable<Integer>> calls) throws Exception {
        List<Integer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Future<Integer> each : threads.invokeAll(calls)) {
                answers.add(each.get());
            }
        }
        return answers;
    }

    private static byte[] random(int seed) {
        byte[] bytes = new byte[1 << 20];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static Set<Path> files() {
        Set<Path> found = new HashSet<>();
        for (Path store : STORES) {
            try (Stream<Path> all = Files.walk(store)) {
                all.filter(Files::isRegularFile).forEach(found::add);
            } catch (IOException | UncheckedIOException changing) {
                found.add(Path.of("changing"));
            }
        }
        return found;
    }
}
