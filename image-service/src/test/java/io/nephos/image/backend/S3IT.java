package io.nephos.image.backend;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.contracts.image.v1.DownloadRequest;
import io.nephos.contracts.image.v1.ImageTransferGrpc;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.IssueTicketRequest;
import io.nephos.contracts.image.v1.Ticket;
import io.nephos.image.Api;
import io.nephos.kit.data.Database;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSnapshot;
import io.nephos.testkit.Await;
import io.nephos.testkit.Gate;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Images in an S3 bucket and in Ceph, and what imports do on their way there. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(value = S3Server.class, restrictToAnnotatedClass = true)
class S3IT {
    private static final Path FILES = Path.of("target/image-store-3");
    private final String project = Api.project();

    @Inject
    Backends backends;

    @Inject
    Database database;

    @TestHTTPResource("/")
    URL root;

    @Test
    void whatIsUploadedInPartsComesBackWholeInPartsAndGoesWithTheImage() {
        String id = Api.image(project, Map.of());
        byte[] bytes = random(12_000_001);
        upload(id, bytes, "objects").then().statusCode(204);
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("status", equalTo("active"))
                .body("stores", equalTo("objects"))
                .body("direct_url", containsString("/" + S3Server.BUCKET + "/glance/"))
                .body("os_hash_value", equalTo(hex("SHA-512", bytes)));
        assertArrayEquals(bytes, Api.member(project).get(file(id)).asByteArray());
        Response part =
                Api.member(project).header("Range", "bytes=5000000-11000000").get(file(id));
        part.then().statusCode(206);
        assertArrayEquals(Arrays.copyOfRange(bytes, 5_000_000, 11_000_001), part.asByteArray());
        assertTrue(S3Server.objects().stream().anyMatch(object -> object.endsWith(" 12000001")));
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        Await.until(() -> S3Server.objects().stream().noneMatch(object -> object.endsWith(" 12000001")));
        String empty = Api.image(project, Map.of());
        upload(empty, new byte[0], "objects").then().statusCode(204);
        assertEquals(0, Api.member(project).get(file(empty)).asByteArray().length);
    }

    @Test
    void aClientThatVanishesLeavesNothingInTheBucket() throws IOException {
        String id = Api.image(project, Map.of());
        try (Socket client = new Socket(root.getHost(), root.getPort())) {
            OutputStream out = client.getOutputStream();
            out.write(("PUT " + file(id) + " HTTP/1.1\r\nHost: x\r\nX-Auth-Token: " + TestTokens.member(project)
                            + "\r\nX-Image-Meta-Store: objects\r\nContent-Type: application/octet-stream\r\n"
                            + "Content-Length: 40000000\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(random(11 << 20));
            out.flush();
            Await.until(() -> S3Server.unfinished().size() == 1);
        }
        Await.until(() -> Api.status(project, id).equals("queued"));
        assertEquals(List.of(), S3Server.unfinished());
        upload(id, random(10), "objects").then().statusCode(204);
    }

    @Test
    void aDownloadThatBreaksIsTakenUpWhereItBroke() throws IOException {
        Backend objects = backends.of("objects");
        String key = UUID.randomUUID().toString();
        byte[] bytes = random(30_000_000);
        try (Backend.Sink sink = objects.write(key)) {
            sink.write(ByteBuffer.wrap(bytes));
            sink.commit();
        }
        ByteBuffer read = ByteBuffer.allocate(bytes.length);
        try (ReadableByteChannel channel = objects.read(key, 0)) {
            assertTrue(channel.read(read) > 0);
            Gate.shut(S3Server.GATE, true);
            Gate.shut(S3Server.GATE, false);
            while (channel.read(read) > 0) {}
        }
        assertArrayEquals(bytes, read.array());
        objects.delete(key);
    }

    @Test
    void whatACrashLeftIsFoundAndRemovedAndWhatIsNotOursIsLeftAlone() throws IOException {
        String key = UUID.randomUUID().toString();
        S3Server.beginAndForget("glance/" + key);
        S3Server.beginAndForget("glance/of another");
        Backend objects = backends.of("objects");
        assertFalse(objects.keysBefore(Instant.now().minusSeconds(60)).contains(key));
        List<String> found = objects.keysBefore(Instant.now().plusSeconds(60));
        assertTrue(found.contains(key));
        assertFalse(found.contains("of another"));
        objects.delete(key);
        assertFalse(S3Server.unfinished().contains("glance/" + key));
        assertTrue(S3Server.unfinished().contains("glance/of another"));
        objects.delete("of another");
    }

    @Test
    void anImportIsConvertedPutInTheBucketAndReadByAHostAsTheDiskThatItWas() throws Exception {
        byte[] disk = new byte[8 << 20];
        new Random(5).nextBytes(disk);
        Arrays.fill(disk, 1 << 20, 4 << 20, (byte) 0);
        byte[] qcow2 = qcow2(disk);
        String id = Api.image(project, Map.of("disk_format", "qcow2"));
        stage(id, qcow2);
        begin(
                        TestTokens.member(project),
                        id,
                        Map.of("method", Map.of("name", "glance-direct"), "stores", List.of("objects")))
                .then()
                .statusCode(202);
        Await.until(() -> !Api.status(project, id).equals("importing"));
        Api.member(project)
                .get("/v2/images/" + id + "/tasks")
                .then()
                .body("tasks[0].message", equalTo(""))
                .body("tasks[0].status", equalTo("success"));
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("status", equalTo("active"))
                .body("disk_format", equalTo("raw"))
                .body("stores", equalTo("objects"))
                .body("size", equalTo(disk.length))
                .body("virtual_size", equalTo(disk.length))
                .body("checksum", equalTo(hex("MD5", disk)))
                .body("os_hash_value", equalTo(hex("SHA-512", disk)));
        assertArrayEquals(disk, readByTicket(id));
        assertTrue(S3Server.objects().stream().anyMatch(object -> object.endsWith(" " + disk.length)));
        Await.until(() -> files() == 0);
    }

    @Test
    void anImportIntoCephIsClonedFromWhereItsTicketSaysAndOutlivesItsImageThere() throws Exception {
        assumeTrue(CephStore.running(), "ceph-mon, ceph-osd and ceph-common are not installed here");
        byte[] disk = random(5 << 20);
        String id = Api.image(project, Map.of("disk_format", "qcow2"));
        stage(id, qcow2(disk));
        begin(
                        TestTokens.member(project),
                        id,
                        Map.of("method", Map.of("name", "glance-direct"), "stores", List.of("ceph")))
                .then()
                .statusCode(202);
        Await.until(() -> Api.status(project, id).equals("active"));
        assertArrayEquals(disk, readByTicket(id));
        RbdLocation at = ticket(id).getImage().getRbd();
        RbdPool volumes = CephStore.volumes();
        assertEquals(volumes.fsid(), at.getFsid());
        String direct = Api.member(project).get("/v2/images/" + id).path("direct_url");
        RbdSnapshot snapshot = new RbdSnapshot(at.getFsid(), at.getPool(), at.getImage(), at.getSnapshot());
        assertEquals(snapshot.url(), direct);
        volumes.clone(snapshot, "of-" + id);
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        Api.member(project).get("/v2/images/" + id).then().statusCode(404);
        ByteBuffer bytes = ByteBuffer.allocate(disk.length);
        try (RbdImage clone = volumes.openToRead("of-" + id, "")) {
            clone.read(0, bytes, disk.length);
        }
        assertArrayEquals(disk, bytes.array());
        // Its ticket lives on for some minutes; the bytes must outlast also that.
        assertInstanceOf(
                Backend.InUseException.class,
                assertThrows(
                                UncheckedIOException.class,
                                () -> backends.of("ceph").delete(at.getImage()))
                        .getCause());
        volumes.remove("of-" + id);
    }

    @Test
    void anImportThatACrashInterruptedGoesOnFromItsLastFinishedStep() throws Exception {
        byte[] disk = random(3 << 20);
        String id = Api.image(project, Map.of("disk_format", "qcow2"));
        stage(id, qcow2(disk));
        // As kill -9 leaves it while the converted disk goes to the bucket.
        String key = UUID.randomUUID().toString();
        S3Server.beginAndForget("glance/" + key);
        database.execute(
                "update image set status = 'importing', transfer_store = 'objects', transfer_key = $2,"
                        + " transfer_owner = 'former', transfer_until = now() + interval '1 minute' where id = $1",
                id,
                key);
        String task = UUID.randomUUID().toString();
        database.execute(
                "insert into task (id, image_id, owner, user_id, request_id, status, input, message, created_at,"
                        + " updated_at, generation) values ($1, $2, '', '', '', 'processing', $3, '', now(), now(), 0)",
                task,
                id,
                "{\"method\": {\"name\": \"glance-direct\"}, \"stores\": [\"objects\"]}");
        database.run(tx -> tx.wake("task", task));
        Await.until(() -> Api.status(project, id).equals("active"));
        assertArrayEquals(disk, readByTicket(id));
        assertFalse(S3Server.unfinished().contains("glance/" + key));
        Await.until(() -> files() == 0);
    }

    @Test
    void aDiskThatCannotBeConvertedLeavesTheImageQueuedAndSaysWhy() throws Exception {
        byte[] qcow2 = qcow2(random(2 << 20));
        // The table of the table of clusters now lies beyond the end.
        Arrays.fill(qcow2, 0x30000, 0x30000 + 8, (byte) 0x7f);
        String id = Api.image(project, Map.of("disk_format", "qcow2"));
        stage(id, qcow2);
        begin(TestTokens.member(project), id, Map.of("method", Map.of("name", "glance-direct")))
                .then()
                .statusCode(202);
        Await.until(() -> !Api.status(project, id).equals("importing"));
        JsonPath task = Api.member(project).get("/v2/images/" + id + "/tasks").jsonPath();
        assertEquals("failure", task.getString("tasks[0].status"));
        assertTrue(task.getString("tasks[0].message").contains("conversion failed"), task.getString("tasks[0]"));
        assertFalse(task.getString("tasks[0].message")
                .contains(FILES.toAbsolutePath().toString()));
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("status", equalTo("queued"))
                .body("disk_format", equalTo("qcow2"));
        Await.until(() -> files() == 0);
    }

    @Test
    void aStoreThatIsAwayFailsOnlyWhatMustGoThere() {
        String id = Api.image(project, Map.of());
        byte[] bytes = random(300_000);
        upload(id, bytes, "absent").then().statusCode(503).body("message", containsString("absent"));
        assertEquals("queued", Api.status(project, id));
        stage(id, bytes);
        Map<String, ?> anywhere = Map.of(
                "method",
                Map.of("name", "glance-direct"),
                "stores",
                List.of("absent", "objects"),
                "all_stores_must_succeed",
                false);
        begin(TestTokens.member(project), id, anywhere).then().statusCode(202);
        Await.until(() -> Api.status(project, id).equals("active"));
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("stores", equalTo("objects"))
                .body("os_glance_failed_import", equalTo("absent"));
        Map<String, ?> copy = Map.of("method", Map.of("name", "copy-image"), "stores", List.of("file"));
        begin(TestTokens.admin(), id, copy).then().statusCode(202);
        Await.until(() -> "file,objects"
                .equals(Api.member(project).get("/v2/images/" + id).path("stores")));
        Api.member(project).delete("/v2/stores/file/" + id).then().statusCode(204);
        assertArrayEquals(bytes, Api.member(project).get(file(id)).asByteArray());
        Api.as(TestTokens.admin())
                .get("/v2/info/stores/detail")
                .then()
                .body("stores[1].type", equalTo("s3"))
                .body("stores[1].properties.s3_store_bucket", equalTo(S3Server.BUCKET));
    }

    private Response upload(String id, byte[] bytes, String store) {
        return Api.member(project)
                .contentType("application/octet-stream")
                .header("X-Image-Meta-Store", store)
                .body(bytes)
                .put(file(id));
    }

    private void stage(String id, byte[] bytes) {
        Api.member(project)
                .contentType("application/octet-stream")
                .body(bytes)
                .put("/v2/images/" + id + "/stage")
                .then()
                .statusCode(204);
    }

    private static Response begin(String token, String id, Map<String, ?> body) {
        return Api.as(token).contentType(ContentType.JSON).body(body).post("/v2/images/" + id + "/import");
    }

    /** As compute gets it. */
    private static Ticket ticket(String id) {
        ManagedChannel compute = Peer.channelAs("compute");
        try {
            return ImagesGrpc.newBlockingStub(compute)
                    .issueTicket(IssueTicketRequest.newBuilder()
                            .setImageId(id)
                            .setHost("h1")
                            .build());
        } finally {
            compute.shutdownNow();
        }
    }

    /** As an agent does it. */
    private static byte[] readByTicket(String id) {
        ManagedChannel agent = Peer.channelAs("host-h1");
        try {
            Ticket ticket = ticket(id);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            DownloadRequest.Builder download = DownloadRequest.newBuilder().setTicket(ticket.getToken());
            ImageTransferGrpc.newBlockingStub(agent)
                    .download(download.build())
                    .forEachRemaining(chunk -> all.writeBytes(chunk.getData().toByteArray()));
            assertEquals(ticket.getImage().getSha512(), hex("SHA-512", all.toByteArray()));
            return all.toByteArray();
        } finally {
            agent.shutdownNow();
        }
    }

    private static byte[] qcow2(byte[] disk) throws IOException, InterruptedException {
        Path raw = Files.createTempFile(Path.of("target"), "disk", ".raw");
        Path made = Files.createTempFile(Path.of("target"), "disk", ".qcow2");
        Files.write(raw, disk);
        Process qemu = new ProcessBuilder(
                        "qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), made.toString())
                .inheritIO()
                .start();
        assertEquals(0, qemu.waitFor());
        return Files.readAllBytes(made);
    }

    /** How many there are in the file store, the staging area and where conversions are made. */
    private static long files() {
        try (var all = Files.walk(FILES)) {
            return all.filter(Files::isRegularFile).count();
        } catch (IOException | UncheckedIOException changing) {
            return -1;
        }
    }

    private static String file(String id) {
        return "/v2/images/" + id + "/file";
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
