package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.ManagedChannel;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.image.QemuImg;
import io.nephos.agent.image.TicketDownload;
import io.nephos.contracts.image.v1.ImagesGrpc;
import io.nephos.contracts.image.v1.IssueTicketRequest;
import io.nephos.contracts.image.v1.Ticket;
import io.nephos.rpc.Peers;
import io.nephos.rpc.Tls;
import io.nephos.testkit.Await;
import io.nephos.testkit.Certificates;
import io.nephos.testkit.Peer;
import io.nephos.testkit.S3;
import io.nephos.testkit.ServiceProcess;
import io.nephos.testkit.TestTokens;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk's bytes on their whole way: uploaded as qcow2, converted to raw at the import, kept in an S3 store, fetched by ticket
 * into an agent's cache, and under the disks of two guests. It needs no cloud: image-service runs as a process, and the
 * agent's part is played by the agent's own classes.
 */
class ImageDigestIT {
    private static final Path SERVICE = Path.of("../image-service/target/quarkus-app/quarkus-run.jar");
    private static final Path S3_SERVER = Path.of("target/s3proxy.jar");
    private static final int MIB = 1 << 20;
    private static final long GIB = 1L << 30;

    @TempDir
    private Path home = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void whatAGuestReadsIsWhatWasUploaded() throws Exception {
        assumeTrue(Files.exists(SERVICE), "image-service is not built");
        Path raw = home.resolve("disk.raw");
        byte[] noise = new byte[17 * MIB + 512];
        new Random(7).nextBytes(noise);
        // A hole in the middle, as disks have them.
        Arrays.fill(noise, 5 * MIB, 9 * MIB, (byte) 0);
        Files.write(raw, noise);
        Path qcow2 = home.resolve("disk.qcow2");
        run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", "-c", raw.toString(), qcow2.toString());
        String digest = sha512(raw, Files.size(raw));
        try (S3 objects = S3.start(S3_SERVER, Files.createDirectory(home.resolve("s3")), "images");
                ServiceProcess service =
                        new ServiceProcess(SERVICE, home.resolve("image-service.log"), settings(objects))) {
            service.start();
            String images = "http://127.0.0.1:" + service.port() + "/v2/images";
            String id = imported(images, qcow2);
            JsonNode image = json(request(images + "/" + id).build(), 200);
            assertEquals("raw", image.path("disk_format").asText());
            assertEquals("objects", image.path("stores").asText());
            assertEquals(digest, image.path("os_hash_value").asText());
            assertEquals(Files.size(raw), image.path("size").asLong());
            Await.until(() -> holdsNothing(home.resolve("images")));
            Ticket ticket = ticket(id);
            // Deleted while a server is built from it: the ticket still brings the bytes.
            json(request(images + "/" + id).DELETE().build(), 204);
            Path base = cached(service, ticket);
            assertEquals(digest, base.getFileName().toString());
            assertEquals(digest, sha512(base, Files.size(base)));
            guests(base, Files.size(raw), digest);
        }
    }

    /** Two guests share the image; what one writes, the other does not see. */
    private void guests(Path base, long size, String digest) throws Exception {
        Path first = home.resolve("first.disk");
        Path second = home.resolve("second.disk");
        QemuImg disks = new QemuImg();
        disks.overlay(base, "raw", 1, first);
        disks.overlay(base, "raw", 0, second);
        run("qemu-io", "-f", "qcow2", "-c", "write -P 7 1M 1M", second.toString());
        Path seen = home.resolve("seen.raw");
        run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", first.toString(), seen.toString());
        assertEquals(GIB, Files.size(seen));
        assertEquals(digest, sha512(seen, size));
        run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", second.toString(), seen.toString());
        assertTrue(!digest.equals(sha512(seen, size)), "what the second guest wrote is on its disk");
        assertEquals(digest, sha512(base, size));
    }

    private String imported(String images, Path qcow2) throws Exception {
        JsonNode made = json(
                request(images)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"name\": \"disk\", \"disk_format\": \"qcow2\", \"container_format\": \"bare\"}"))
                        .build(),
                201);
        String id = made.path("id").asText();
        json(
                request(images + "/" + id + "/stage")
                        .header("Content-Type", "application/octet-stream")
                        .PUT(HttpRequest.BodyPublishers.ofFile(qcow2))
                        .build(),
                204);
        json(
                request(images + "/" + id + "/import")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"method\": {\"name\": \"glance-direct\"}, \"stores\": [\"objects\"]}"))
                        .build(),
                202);
        for (int i = 0; i < 600; i++) {
            JsonNode task = json(request(images + "/" + id + "/tasks").build(), 200)
                    .path("tasks")
                    .path(0);
            if (!task.path("status").asText().matches("pending|processing")) {
                assertEquals("success", task.path("status").asText(), task::toString);
                return id;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the import does not end");
    }

    private static Ticket ticket(String id) {
        ManagedChannel compute = Peer.channelAs("compute");
        try {
            return ImagesGrpc.newBlockingStub(compute)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .issueTicket(IssueTicketRequest.newBuilder()
                            .setImageId(id)
                            .setHost("h1")
                            .build());
        } finally {
            compute.shutdownNow();
        }
    }

    private Path cached(ServiceProcess service, Ticket ticket) {
        Peers peers = new Peers(
                new SmallRyeConfigBuilder()
                        .withDefaultValues(Map.of("nephos.rpc.peer.image", "127.0.0.1:" + service.rpcPort()))
                        .build(),
                new Tls(Certificates.directory().toString(), Optional.of("host-h1"), "agent"),
                OpenTelemetry.noop());
        ImageCache cache = new ImageCache(
                home.resolve("cache"),
                new TicketDownload(peers),
                Set::of,
                Clock.systemUTC(),
                new ImageCache.Limits(Duration.ofHours(1), 0));
        Path base = cache.ensure(
                ticket.getImage().getSha512(), ticket.getImage().getSizeBytes(), ticket.getToken(), () -> {});
        cache.release(ticket.getToken());
        return base;
    }

    private Map<String, String> settings(S3 objects) {
        return Map.of(
                "nephos.image.stores", "file,objects",
                "nephos.image.store.path", home.resolve("images").toString(),
                "nephos.image.conversion.format", "raw",
                "nephos.image.store.objects.type", "s3",
                "nephos.image.store.objects.endpoint", objects.endpoint(),
                "nephos.image.store.objects.bucket", "images",
                "nephos.image.store.objects.access-key", S3.ACCESS,
                "nephos.image.store.objects.secret-key", S3.SECRET,
                "nephos.image.store.objects.part-mib", "5");
    }

    private static HttpRequest.Builder request(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).header("X-Auth-Token", TestTokens.member("digest-project"));
    }

    private JsonNode json(HttpRequest request, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(status, answer.statusCode(), answer::body);
        return new JsonMapper().readTree(answer.body());
    }

    private static String sha512(Path file, long length) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        byte[] chunk = new byte[MIB];
        try (InputStream in = Files.newInputStream(file)) {
            long left = length;
            while (left > 0) {
                int got = in.readNBytes(chunk, 0, (int) Math.min(chunk.length, left));
                assertTrue(got > 0, () -> file + " is too short");
                digest.update(chunk, 0, got);
                left -= got;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static boolean holdsNothing(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.noneMatch(Files::isRegularFile);
        } catch (IOException | UncheckedIOException changing) {
            return false;
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, process.waitFor(), () -> String.join(" ", command));
    }
}
