package io.nephos.image.data;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.image.v1.Chunk;
import io.nephos.contracts.image.v1.DownloadRequest;
import io.nephos.contracts.image.v1.GetImageRequest;
import io.nephos.contracts.image.v1.ImageTransferGrpc;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.IssueTicketRequest;
import io.nephos.contracts.image.v1.ReadRequest;
import io.nephos.contracts.image.v1.ReleaseTicketRequest;
import io.nephos.contracts.image.v1.Ticket;
import io.nephos.image.Api;
import io.nephos.testkit.Await;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class DataIT {
    private static final Path STORE = Path.of("target/image-store");
    private final String project = Api.project();

    @TestHTTPResource("/")
    URL root;

    @Test
    void theBytesComeBackAsTheyCameWithTheirDigests() throws Exception {
        String id = Api.image(project, Map.of());
        Api.member(project).get(file(id)).then().statusCode(204);
        byte[] bytes = random(3_000_001);
        Api.upload(project, id, bytes).then().statusCode(204);
        Api.member(project)
                .get("/v2/images/" + id)
                .then()
                .body("status", equalTo("active"))
                .body("size", equalTo(bytes.length))
                .body("virtual_size", equalTo(bytes.length))
                .body("checksum", equalTo(hex("MD5", bytes)))
                .body("os_hash_algo", equalTo("sha512"))
                .body("os_hash_value", equalTo(hex("SHA-512", bytes)));
        var all = Api.member(project).get(file(id));
        assertArrayEquals(bytes, all.asByteArray());
        all.then().statusCode(200).header("Content-MD5", hex("MD5", bytes)).header("Content-Length", "3000001");
        Api.upload(project, id, bytes).then().statusCode(409);
    }

    @Test
    void aPartIsServedAndAPartThatIsNotThereIs416() {
        String id = Api.image(project, Map.of());
        byte[] bytes = random(5000);
        Api.upload(project, id, bytes).then().statusCode(204);
        var part = Api.member(project).header("Range", "bytes=1000-1999").get(file(id));
        part.then().statusCode(206).header("Content-Range", "bytes 1000-1999/5000");
        assertArrayEquals(Arrays.copyOfRange(bytes, 1000, 2000), part.asByteArray());
        assertArrayEquals(
                Arrays.copyOfRange(bytes, 4990, 5000),
                Api.member(project).header("Range", "bytes=-10").get(file(id)).asByteArray());
        for (String bad : new String[] {"bytes=5000-", "bytes=9-3", "bytes=0-1,5-6", "bytes=-", "lines=1-2"}) {
            Api.member(project).header("Range", bad).get(file(id)).then().statusCode(416);
        }
    }

    @Test
    void anEmptyImageIsAnImage() {
        String id = Api.image(project, Map.of());
        Api.upload(project, id, new byte[0]).then().statusCode(204);
        assertEquals("active", Api.status(project, id));
        assertEquals(
                0,
                Api.member(project)
                        .get(file(id))
                        .then()
                        .statusCode(200)
                        .extract()
                        .asByteArray()
                        .length);
    }

    @Test
    void aClientThatVanishesLeavesTheImageQueuedAndNoBytes() throws Exception {
        for (String framing : new String[] {"Content-Length: 10000000", "Transfer-Encoding: chunked"}) {
            String id = Api.image(project, Map.of());
            try (Socket client = new Socket(root.getHost(), root.getPort())) {
                OutputStream out = client.getOutputStream();
                out.write(("PUT " + file(id) + " HTTP/1.1\r\nHost: x\r\nX-Auth-Token: " + TestTokens.member(project)
                                + "\r\nContent-Type: application/octet-stream\r\n" + framing + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                if (framing.startsWith("Transfer")) {
                    out.write("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write(random(1 << 20));
                out.flush();
                Await.until(() -> Api.status(project, id).equals("saving"));
            }
            Await.until(() -> Api.status(project, id).equals("queued"));
            assertEquals(0, partialFiles());
            Api.upload(project, id, random(10)).then().statusCode(204);
            Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        }
    }

    @Test
    void aWrongAnnouncementOrMediaTypeIsRefused() {
        String id = Api.image(project, Map.of());
        Api.member(project)
                .contentType("application/octet-stream")
                .header("x-openstack-image-size", "11")
                .body(random(10))
                .put(file(id))
                .then()
                .statusCode(400);
        Api.member(project)
                .contentType("application/json")
                .body("{}")
                .put(file(id))
                .then()
                .statusCode(415);
        assertEquals("queued", Api.status(project, id));
    }

    @Test
    void aQcow2ThatWouldReadOtherFilesIsRefusedAndLeavesNothing() throws IOException {
        String id = Api.image(project, Map.of("disk_format", "qcow2"));
        byte[] image = new byte[200_000];
        ByteBuffer header = ByteBuffer.wrap(image);
        header.put(new byte[] {'Q', 'F', 'I', (byte) 0xfb}).putInt(3).putLong(512);
        Api.upload(project, id, image).then().statusCode(415).body("message", containsString("backing file"));
        assertEquals("queued", Api.status(project, id));
        assertEquals(0, partialFiles());
        header.putLong(8, 0).putLong(24, 1 << 30).putInt(36, 1).putLong(40, 65536);
        Api.upload(project, id, image).then().statusCode(204);
        Api.member(project).get("/v2/images/" + id).then().body("virtual_size", equalTo(1 << 30));
    }

    @Test
    void aDeactivatedImageIsDownloadedByAdministratorsOnly() {
        String id = Api.image(project, Map.of());
        Api.member(project)
                .post("/v2/images/" + id + "/actions/deactivate")
                .then()
                .statusCode(403);
        Api.upload(project, id, random(10)).then().statusCode(204);
        Api.member(project)
                .post("/v2/images/" + id + "/actions/deactivate")
                .then()
                .statusCode(204);
        assertEquals("deactivated", Api.status(project, id));
        Api.member(project).get(file(id)).then().statusCode(403);
        Api.as(TestTokens.admin()).get(file(id)).then().statusCode(200);
        Api.member(project)
                .post("/v2/images/" + id + "/actions/reactivate")
                .then()
                .statusCode(204);
        Api.member(project).get(file(id)).then().statusCode(200);
    }

    @Test
    void aTicketIsForOneHostAndOutlivesTheImage() throws Exception {
        String id = Api.image(project, Map.of("os_distro", "debian"));
        byte[] bytes = random(2_500_000);
        ManagedChannel compute = Peer.channelAs("compute");
        ManagedChannel agent = Peer.channelAs("host-h1");
        var images = ImagesGrpc.newBlockingStub(compute).withDeadlineAfter(20, TimeUnit.SECONDS);
        var transfer = ImageTransferGrpc.newBlockingStub(agent).withDeadlineAfter(20, TimeUnit.SECONDS);
        IssueTicketRequest wanted =
                IssueTicketRequest.newBuilder().setImageId(id).setHost("h1").build();
        assertEquals(Status.Code.FAILED_PRECONDITION, refusal(() -> images.issueTicket(wanted)));
        Set<Path> before = files();
        Api.upload(project, id, bytes).then().statusCode(204);
        Set<Path> own = files();
        own.removeAll(before);

        GetImageRequest.Builder get = GetImageRequest.newBuilder().setImageId(id);
        get.getCallerBuilder().setProjectId(project).addRoles("reader");
        assertEquals("debian", images.getImage(get.build()).getPropertiesOrThrow("os_distro"));
        get.getCallerBuilder().setProjectId(Api.project());
        assertEquals(Status.Code.NOT_FOUND, refusal(() -> images.getImage(get.build())));
        assertArrayEquals(
                Arrays.copyOfRange(bytes, 7, bytes.length),
                bytes(images.read(
                        ReadRequest.newBuilder().setImageId(id).setOffset(7).build())));

        Ticket ticket = images.issueTicket(wanted);
        assertEquals(hex("SHA-512", bytes), ticket.getImage().getSha512());
        Ticket another = images.issueTicket(wanted);
        assertNotEquals(ticket.getToken(), another.getToken());
        Ticket foreign = images.issueTicket(wanted.toBuilder().setHost("h2").build());
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(() -> bytes(transfer.download(with(foreign, 0)))));
        assertEquals(
                Status.Code.PERMISSION_DENIED,
                refusal(() -> bytes(transfer.download(
                        DownloadRequest.newBuilder().setTicket("forged.x").build()))));
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        Api.member(project).get("/v2/images/" + id).then().statusCode(404);
        assertArrayEquals(bytes, bytes(transfer.download(with(ticket, 0))));
        assertArrayEquals(
                Arrays.copyOfRange(bytes, 2_000_000, bytes.length), bytes(transfer.download(with(ticket, 2_000_000))));
        assertEquals(Status.Code.OUT_OF_RANGE, refusal(() -> bytes(transfer.download(with(ticket, 3_000_000)))));
        bytesGoWithTheLastTicket(own, List.of(ticket, another), foreign, transfer);
        compute.shutdownNow();
        agent.shutdownNow();
    }

    private static void bytesGoWithTheLastTicket(
            Set<Path> bytes, List<Ticket> own, Ticket foreign, ImageTransferGrpc.ImageTransferBlockingStub transfer)
            throws InterruptedException {
        assertEquals(Status.Code.PERMISSION_DENIED, refusal(() -> transfer.releaseTicket(release(foreign))));
        own.forEach(ticket -> transfer.releaseTicket(release(ticket)));
        own.forEach(ticket -> transfer.releaseTicket(release(ticket)));
        Thread.sleep(500);
        assertTrue(bytes.stream().allMatch(Files::exists), "another host has a ticket still");
        ManagedChannel other = Peer.channelAs("host-h2");
        ImageTransferGrpc.newBlockingStub(other)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .releaseTicket(release(foreign));
        other.shutdownNow();
        Await.until(() -> bytes.stream().noneMatch(Files::exists));
    }

    private static ReleaseTicketRequest release(Ticket ticket) {
        return ReleaseTicketRequest.newBuilder().setTicket(ticket.getToken()).build();
    }

    @Test
    void theBytesOfADeletedImageAreRemoved() throws IOException {
        String id = Api.image(project, Map.of());
        Set<Path> before = files();
        Api.upload(project, id, random(10)).then().statusCode(204);
        Set<Path> own = files();
        own.removeAll(before);
        assertEquals(1, own.size());
        Api.member(project).delete("/v2/images/" + id).then().statusCode(204);
        Await.until(() -> own.stream().noneMatch(Files::exists));
    }

    private static DownloadRequest with(Ticket ticket, long offset) {
        return DownloadRequest.newBuilder()
                .setTicket(ticket.getToken())
                .setOffset(offset)
                .build();
    }

    private static Status.Code refusal(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(StatusRuntimeException.class, call).getStatus().getCode();
    }

    private static byte[] bytes(Iterator<Chunk> chunks) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEachRemaining(chunk -> all.writeBytes(chunk.getData().toByteArray()));
        return all.toByteArray();
    }

    private static String file(String id) {
        return "/v2/images/" + id + "/file";
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String hex(String algorithm, byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    }

    private static long partialFiles() {
        return files().stream()
                .filter(file -> file.getParent().endsWith("partial"))
                .count();
    }

    private static Set<Path> files() {
        try (var all = Files.walk(STORE)) {
            return all.filter(Files::isRegularFile).collect(Collectors.toCollection(HashSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
