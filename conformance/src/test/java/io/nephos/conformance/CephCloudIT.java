package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A cloud with Ceph ({@code ./nephos up --ceph}), through its public faces: an image that lies there, and a server's disk and
 * a volume that are clones of it. Meanwhile image-service, the agent and Ceph's OSD are killed, each in the middle of its work.
 * Each step builds on the ones before; at the end nothing is left in any pool.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CephCloudIT {
    private static final Duration BOOT = Duration.ofMinutes(4);
    private static final Duration SOON = Duration.ofMinutes(1);
    /** Image-service looks every minute whether the last clone of a deleted image is gone. */
    private static final Duration LAST_CLONE = Duration.ofMinutes(2);

    private static final Path CONFIGURATION = Cloud.home().resolve("data/ceph/ceph.conf");
    private static final Path GUEST_IMAGE = Path.of(
                    Optional.ofNullable(System.getenv("NEPHOS_OPT")).orElse("/var/lib/nephos/opt"))
            .resolve("guest-image/guest.qcow2");
    private static final int MIB = 1 << 20;

    private final String run = UUID.randomUUID().toString().substring(0, 6);
    private final String image = "in-ceph-" + run;
    private final String server = "clone-" + run;
    private final String volume = "clone-" + run;
    private final Cli admin = Cli.admin();
    private final Cloud cloud = new Cloud();
    private final Path files;
    private final Set<String> imagesBefore = new TreeSet<>();
    private String imageId = "";
    private String key = "";
    private String serverId = "";
    private String volumeId = "";
    private Optional<String> address = Optional.empty();

    CephCloudIT() throws IOException {
        files = Files.createTempDirectory("nephos-ceph");
    }

    @BeforeAll
    void aRawImage() {
        assumeTrue(Files.exists(CONFIGURATION), "The cloud has no Ceph; start it by ./nephos up --ceph.");
        imagesBefore.addAll(list("images"));
        Cloud.run("qemu-img", "convert", "-f", "qcow2", "-O", "raw", GUEST_IMAGE.toString(), raw().toString());
    }

    @Test
    @Order(1)
    void anUploadThatEndsWithTheServiceLeavesNothingInThePool() throws Exception {
        // The command would send its standard input for the bytes.
        imageId = cloud.post(
                        Cloud.IMAGE + "/images",
                        Map.of("name", image, "disk_format", "raw", "container_format", "bare"))
                .body()
                .path("id")
                .asText();
        Process upload = upload("4M");
        Guest.await(SOON, () -> !uploaded().isEmpty(), () -> "no image in the pool");
        Cloud.kill("image-service");
        upload.waitFor();
        Guest.await(
                BOOT,
                () -> uploaded().isEmpty() && imageStatus().equals("queued"),
                () -> imageStatus() + ", and in the pool " + uploaded());
    }

    @Test
    @Order(2)
    void anUploadGoesOnWhenTheOsdIsBack() throws Exception {
        assumeTrue(!imageId.isEmpty(), "There is no image.");
        Process upload = upload("9M");
        Guest.await(SOON, () -> !uploaded().isEmpty(), () -> "no image in the pool");
        Cloud.kill("ceph-osd");
        assertEquals("204", new String(upload.getInputStream().readAllBytes()));
        JsonNode shown = admin.json("image", "show", imageId);
        assertEquals("active", shown.path("status").asText());
        assertEquals(Files.size(raw()), shown.path("size").asLong());
        assertEquals("ceph", shown.path("properties").path("stores").asText());
        assertEquals(1, uploaded().size());
        key = uploaded().iterator().next();
        assertTrue(rbd("snap", "ls", "images/" + key).contains("snap"));
        Path saved = files.resolve("saved.raw");
        admin.run("image", "save", "--file", saved.toString(), imageId);
        assertEquals(-1, Files.mismatch(raw(), saved));
    }

    @Test
    @Order(3)
    void aServerBootsFromACloneThoughItsAgentWasKilled() throws Exception {
        assumeTrue(!key.isEmpty(), "There is no image.");
        String host = farthestHost();
        serverId = admin.make(
                "server",
                "create",
                "--image",
                imageId,
                "--flavor",
                "tiny",
                "--network",
                "private",
                "--key-name",
                "nephos",
                "--availability-zone",
                "nova:" + host,
                server);
        Cloud.kill("agent-" + host.substring(host.length() - 1));
        Guest.await(BOOT, () -> serverStatus().equals("ACTIVE"), () -> server + " is in " + serverStatus());
        address = Optional.of(admin.json("floating", "ip", "create", "public")
                .path("floating_ip_address")
                .asText());
        admin.run("server", "add", "floating", "ip", serverId, address.get());
        Guest.await(BOOT, () -> guest().answersSsh(), () -> "no ssh to " + address.get());
        assertEquals(server, guest().ssh("hostname"));
        assertTrue(clones().contains("vms/" + serverId + "_disk"), clones().toString());
        long used = used("vms/" + serverId + "_disk");
        assertTrue(used < Files.size(raw()), "the disk of the server uses " + used + " bytes");
    }

    @Test
    @Order(4)
    void aVolumeOfTheImageIsACloneThatAServerWritesTo() throws Exception {
        assumeTrue(address.isPresent(), "There is no server.");
        volumeId = admin.make("volume", "create", "--image", imageId, "--type", "ceph", "--size", "1", volume);
        awaitVolume("available");
        assertTrue(clones().contains("volumes/volume-" + volumeId), clones().toString());
        assertEquals(0, used("volumes/volume-" + volumeId));
        admin.run("server", "add", "volume", serverId, volumeId);
        awaitVolume("in-use");
        String device = guest().ssh("disk " + volumeId);
        assertEquals(
                Cloud.run("md5sum", raw().toString()).split(" ")[0],
                guest().ssh("head -c " + Files.size(raw()) + " " + device + " | md5sum")
                        .split(" ")[0]);
        Cloud.kill("ceph-osd");
        guest().ssh("echo what-was-written-" + run + " | dd of=" + device + " bs=1M seek=512 conv=fsync 2>/dev/null");
        admin.run("server", "remove", "volume", serverId, volumeId);
        awaitVolume("available");
        assertEquals("what-was-written-" + run, written());
        assertNotEquals(0, used("volumes/volume-" + volumeId));
        assertTrue(used("volumes/volume-" + volumeId) < Files.size(raw()) / 2);
    }

    @Test
    @Order(5)
    void anImageThatIsDeletedKeepsItsBytesForItsClones() {
        assumeTrue(!key.isEmpty(), "There is no image.");
        admin.run("image", "delete", imageId);
        admin.refusal("image", "show", imageId);
        Cloud.kill("image-service");
        assertTrue(uploaded().contains(key));
        if (address.isPresent()) {
            admin.run("server", "reboot", "--hard", serverId);
            Guest.await(BOOT, () -> serverStatus().equals("ACTIVE"), () -> server + " is in " + serverStatus());
            Guest.await(BOOT, () -> guest().answersSsh(), () -> "no ssh to " + address.get());
        }
        assertTrue(uploaded().contains(key));
    }

    @Test
    @Order(6)
    void deletingEverythingLeavesThePoolsEmpty() throws Exception {
        assumeTrue(!volumeId.isEmpty(), "There is no volume.");
        admin.run("volume", "delete", volumeId);
        admin.run("server", "delete", "--wait", serverId);
        address.ifPresent(each -> admin.run("floating", "ip", "delete", each));
        Guest.await(SOON, () -> list("volumes").isEmpty(), () -> "in the pool of volumes: " + list("volumes"));
        Guest.await(SOON, () -> list("vms").isEmpty(), () -> "in the pool of disks: " + list("vms"));
        endTickets();
        Guest.await(LAST_CLONE, () -> uploaded().isEmpty(), () -> "in the pool of images: " + uploaded());
        Books books = new Books();
        Guest.await(
                SOON,
                () -> books.disagreements().isEmpty(),
                () -> books.disagreements().toString());
    }

    /** Whatever a failed step left behind. */
    @AfterAll
    void cleanUp() throws IOException {
        if (!imageId.isEmpty()) {
            admin.tryRun("server", "delete", "--wait", server);
            admin.tryRun("volume", "delete", volume);
            address.ifPresent(each -> admin.tryRun("floating", "ip", "delete", each));
            admin.tryRun("image", "delete", imageId);
        }
        for (String file : List.of("guest.raw", "saved.raw")) {
            Files.deleteIfExists(files.resolve(file));
        }
        Files.delete(files);
    }

    /** The last one; the second and further ones reach Ceph over the network of the hosts. */
    private String farthestHost() {
        TreeSet<String> hosts = new TreeSet<>();
        for (JsonNode service : admin.json("compute", "service", "list", "--service", "nova-compute")) {
            if (service.path("Zone").asText().equals("nova")) {
                hosts.add(service.path("Host").asText());
            }
        }
        return hosts.last();
    }

    /** Goes on in the background; prints the status of the answer. */
    private Process upload(String bytesPerSecond) throws IOException {
        return new ProcessBuilder(
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "--limit-rate",
                        bytesPerSecond,
                        "-H",
                        "X-Auth-Token: "
                                + admin.json("token", "issue").path("id").asText(),
                        "-H",
                        "X-Image-Meta-Store: ceph",
                        "-H",
                        "Content-Type: application/octet-stream",
                        "-T",
                        raw().toString(),
                        Cloud.IMAGE + "/images/" + imageId + "/file")
                .start();
    }

    private String imageStatus() {
        return cloud.get(Cloud.IMAGE + "/images/" + imageId)
                .body()
                .path("status")
                .asText();
    }

    private String serverStatus() {
        JsonNode shown =
                cloud.get(Cloud.COMPUTE + "/servers/" + serverId).body().path("server");
        if (shown.path("status").asText().equals("ERROR")) {
            throw new AssertionError(server + " is in ERROR: " + shown.path("fault"));
        }
        return shown.path("status").asText();
    }

    private void awaitVolume(String wanted) {
        JsonNode[] last = new JsonNode[1];
        Guest.await(
                SOON,
                () -> {
                    last[0] = admin.json("volume", "show", volumeId);
                    return last[0].path("status").asText().equals(wanted);
                },
                () -> String.valueOf(last[0]));
    }

    private Guest guest() {
        return new Guest(address.orElseThrow(), Cloud.home().resolve("etc/ssh/nephos"));
    }

    /** The host's rights to fetch the image, which also keep the bytes for a quarter of an hour: the agent that was killed gave none back. */
    private void endTickets() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:15432/image", "image", Cloud.secret("database-image"));
                PreparedStatement end = connection.prepareStatement("delete from image_ticket where image_id = ?")) {
            end.setString(1, imageId);
            end.executeUpdate();
        }
    }

    private String written() {
        return Cloud.run(
                        "bash",
                        "-c",
                        "rbd --conf " + CONFIGURATION + " export --no-progress volumes/volume-" + volumeId
                                + " - 2>/dev/null | dd bs=1M skip=512 count=1 iflag=fullblock 2>/dev/null | head -n 1")
                .strip();
    }

    /** What is in the pool of images since this test began. */
    private Set<String> uploaded() {
        Set<String> now = list("images");
        now.removeAll(imagesBefore);
        return now;
    }

    private static Set<String> list(String pool) {
        return new TreeSet<>(Cloud.lines(rbd("ls", pool)));
    }

    private List<String> clones() {
        return Cloud.lines(rbd("children", "images/" + key + "@snap"));
    }

    private static long used(String image) throws IOException {
        return Cloud.JSON
                .readTree(rbd("du", "--format", "json", image))
                .path("images")
                .path(0)
                .path("used_size")
                .asLong();
    }

    private static String rbd(String... words) {
        String[] command = new String[words.length + 3];
        command[0] = "rbd";
        command[1] = "--conf";
        command[2] = CONFIGURATION.toString();
        System.arraycopy(words, 0, command, 3, words.length);
        return Cloud.run(command);
    }

    private Path raw() {
        return files.resolve("guest.raw");
    }
}
