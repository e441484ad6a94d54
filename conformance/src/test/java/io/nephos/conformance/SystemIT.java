package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * What a user does with a cloud, through the unchanged {@code openstack} command, with real guests; each step builds on the
 * ones before. Everything lies in a project of its own and is gone at the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SystemIT {
    private static final Duration BOOT = Duration.ofMinutes(4);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Path GUEST_IMAGE = Path.of(
                    Optional.ofNullable(System.getenv("NEPHOS_OPT")).orElse("/var/lib/nephos/opt"))
            .resolve("guest-image/guest.qcow2");

    private final String run = UUID.randomUUID().toString().substring(0, 6);
    private final String project = "acceptance-" + run;
    private final String network = "net-" + run;
    private final String image = "tiny-" + run;
    private final String flavor = "small-" + run;
    private final String first = "first-" + run;
    private final String second = "second-" + run;
    private final String volume = "data-" + run;
    private final Cli admin = Cli.admin();
    private final Cli user = Cli.of("user-" + run, "password-" + run, project);
    private final Cli stranger = Cli.of("stranger-" + run, "password-" + run, project + "-other");

    private final Path files;
    private Optional<Guest> guest = Optional.empty();
    private boolean running;

    SystemIT() throws IOException {
        files = Files.createTempDirectory("nephos-acceptance");
    }

    @BeforeAll
    void aKeyPair() {
        Cli.execute(List.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key().toString()), Map.of());
    }

    @Test
    @Order(1)
    void aTokenIsIssuedAndTheCatalogNamesEveryService() {
        assertFalse(admin.json("token", "issue").path("id").asText().isEmpty());
        List<String> types = new ArrayList<>();
        admin.json("catalog", "list")
                .forEach(entry -> types.add(entry.path("Type").asText()));
        assertTrue(
                new TreeSet<>(types)
                        .containsAll(List.of("identity", "compute", "network", "image", "volumev3", "placement")),
                types.toString());
    }

    @Test
    @Order(2)
    void aUserSignsInToTheProjectWhereItHasARole() {
        for (String[] who : new String[][] {{project, "user-" + run}, {project + "-other", "stranger-" + run}}) {
            admin.make("project", "create", who[0]);
            admin.make("user", "create", "--password", "password-" + run, who[1]);
            assertEquals(
                    1,
                    Cli.of(who[1], "password-" + run, who[0])
                            .tryRun("token", "issue")
                            .status());
            admin.run("role", "add", "--project", who[0], "--user", who[1], "member");
            assertEquals(
                    admin.json("project", "show", who[0]).path("id").asText(),
                    Cli.of(who[1], "password-" + run, who[0])
                            .json("token", "issue")
                            .path("project_id")
                            .asText());
        }
        assertTrue(Cli.of("user-" + run, "wrong", project)
                .refusal("token", "issue")
                .contains("401"));
    }

    @Test
    @Order(3)
    void theBytesOfAnImageComeBackEqual() throws Exception {
        user.make(
                "image",
                "create",
                "--file",
                GUEST_IMAGE.toString(),
                "--disk-format",
                "qcow2",
                "--container-format",
                "bare",
                image);
        JsonNode shown = user.json("image", "show", image);
        assertEquals("active", shown.path("status").asText());
        assertEquals(Files.size(GUEST_IMAGE), shown.path("size").asLong());
        assertTrue(names(user.json("image", "list")).contains(image));
        Path saved = files.resolve("saved.qcow2");
        user.run("image", "save", "--file", saved.toString(), image);
        assertEquals(-1, Files.mismatch(GUEST_IMAGE, saved));
        String doomed = user.make("image", "create", "--disk-format", "raw", "--container-format", "bare", "doomed");
        user.run("image", "delete", doomed);
        user.refusal("image", "show", doomed);
    }

    @Test
    @Order(4)
    void flavorsKeysNetworksAndAddressesAreMade() {
        admin.make("flavor", "create", "--ram", "128", "--vcpus", "1", "--disk", "1", flavor);
        assertEquals(128, user.json("flavor", "show", flavor).path("ram").asInt());
        assertTrue(names(user.json("flavor", "list")).contains(flavor));
        user.run("keypair", "create", "--public-key", key() + ".pub", "key-" + run);
        user.make("network", "create", network);
        user.make("subnet", "create", "--network", network, "--subnet-range", "10.20.30.0/24", network);
        user.make("router", "create", "router-" + run);
        user.run("router", "set", "--external-gateway", "public", "router-" + run);
        user.run("router", "add", "subnet", "router-" + run, network);
        assertTrue(user.json("port", "list", "--network", network).size() >= 1);
        open("icmp");
        open("tcp", "--dst-port", "22");
    }

    @Test
    @Order(5)
    void aProjectDoesNotSeeWhatIsAnothers() {
        assertFalse(names(stranger.json("image", "list")).contains(image));
        assertFalse(names(stranger.json("network", "list")).contains(network));
        stranger.refusal(
                "image", "show", user.json("image", "show", image).path("id").asText());
        stranger.refusal(
                "network",
                "show",
                user.json("network", "show", network).path("id").asText());
        stranger.refusal("keypair", "show", "key-" + run);
    }

    @Test
    @Order(10)
    void aServerIsScheduledStartedAndActive() {
        JsonNode server = boot(first);
        assertEquals("ACTIVE", server.path("status").asText());
        assertTrue(
                server.path("addresses").path(network).path(0).asText().startsWith("10.20.30."),
                server.path("addresses").toString());
        stranger.refusal("server", "show", server.path("id").asText());
        running = true;
    }

    @Test
    @Order(11)
    void itsConsoleShowsTheLoginPrompt() {
        assumeTrue(running, "The first server did not start.");
        Guest.await(BOOT, () -> console(first).contains("login:"), () -> console(first));
    }

    @Test
    @Order(12)
    void itAnswersPingAndSshThroughItsFloatingIp() {
        assumeTrue(running, "The first server did not start.");
        String address = user.json("floating", "ip", "create", "public")
                .path("floating_ip_address")
                .asText();
        user.run("server", "add", "floating", "ip", first, address);
        guest = Optional.of(new Guest(address, key()));
        reachable();
        assertEquals(first, guest().ssh("hostname"));
    }

    @Test
    @Order(13)
    void itIsOutOfReachWhenTheSecurityGroupSaysSo() {
        assumeTrue(running, "The first server did not start.");
        for (JsonNode rule : user.json("security", "group", "rule", "list", "default", "--ingress")) {
            if (!rule.path("IP Protocol").isNull()) {
                user.run("security", "group", "rule", "delete", rule.path("ID").asText());
            }
        }
        Guest.await(SOON, () -> !guest().answersPing(), () -> "ping still answers");
        assertFalse(guest().answersSsh());
        open("icmp");
        open("tcp", "--dst-port", "22");
        reachable();
    }

    @Test
    @Order(14)
    void itStopsStartsAndReboots() {
        assumeTrue(running, "The first server did not start.");
        user.run("server", "stop", first);
        awaitStatus(first, "SHUTOFF");
        Guest.await(SOON, () -> !guest().answersPing(), () -> "a stopped server answers");
        user.run("server", "start", first);
        awaitStatus(first, "ACTIVE");
        reachable();
        String before = guest().ssh("cat /proc/sys/kernel/random/boot_id");
        user.run("server", "reboot", "--hard", first);
        awaitStatus(first, "ACTIVE");
        Guest.await(
                BOOT,
                () -> guest().answersSsh()
                        && !guest().ssh("cat /proc/sys/kernel/random/boot_id").equals(before),
                () -> "it did not boot again; " + console(first));
    }

    @Test
    @Order(15)
    void twoServersOnOneNetworkReachEachOther() {
        assumeTrue(running, "The first server did not start.");
        String address = boot(second).path("addresses").path(network).path(0).asText();
        Guest.await(
                BOOT,
                () -> guest().ssh("ping -c 1 -W 2 " + address + " >/dev/null 2>&1 && echo yes || echo no")
                        .equals("yes"),
                () -> console(second));
    }

    @Test
    @Order(16)
    void aVolumeKeepsItsDataFromOneServerToTheOther() {
        assumeTrue(running, "The first server did not start.");
        String id = user.make("volume", "create", "--size", "1", volume);
        awaitVolume("available");
        user.run("server", "add", "volume", first, volume);
        awaitVolume("in-use");
        guest().ssh("echo what-was-written-" + run + " | dd of=$(disk " + id + ") conv=fsync 2>/dev/null");
        user.run("server", "remove", "volume", first, volume);
        awaitVolume("available");
        user.run("server", "add", "volume", second, volume);
        awaitVolume("in-use");
        String address = user.json("floating", "ip", "list")
                .path(0)
                .path("Floating IP Address")
                .asText();
        user.run("server", "remove", "floating", "ip", first, address);
        user.run("server", "add", "floating", "ip", second, address);
        Guest other = new Guest(address, key());
        Guest.await(
                BOOT,
                () -> other.answersSsh() && other.ssh("hostname").equals(second),
                () -> "the second server does not answer; " + console(second));
        assertEquals("what-was-written-" + run, other.ssh("head -n 1 $(disk " + id + ")"));
        user.run("server", "remove", "volume", second, volume);
        awaitVolume("available");
        user.run("volume", "delete", volume);
        Guest.await(
                SOON, () -> !names(user.json("volume", "list")).contains(volume), () -> "the volume is still there");
    }

    @Test
    @Order(17)
    void aServerThatFitsNowhereSaysWhatWasLacking() {
        admin.make("flavor", "create", "--ram", "128", "--vcpus", "1", "--disk", "9999999", "huge-" + run);
        String id = create("huge", "huge-" + run);
        awaitStatus(id, "ERROR");
        String fault = user.json("server", "show", id).path("fault").toString();
        assertTrue(fault.contains("DISK_GB") && fault.matches("(?s).*\\d+.*"), fault);
        user.run("server", "delete", "--wait", id);
    }

    @Test
    @Order(18)
    void deletingAServerWhileItIsBuiltLeavesNothing() throws InterruptedException {
        for (long pause : new long[] {0, 700, 1500, 3000, 6000}) {
            String id = create("brief", flavor);
            Thread.sleep(pause);
            user.run("server", "delete", id);
            Guest.await(SOON, () -> user.tryRun("server", "show", id).status() != 0, () -> id + " is still there");
        }
        Books books = new Books();
        Guest.await(
                SOON,
                () -> books.disagreements().isEmpty(),
                () -> books.disagreements().toString());
    }

    @Test
    @Order(19)
    void serversOnDifferentHostsReachEachOtherOverTheOverlay() {
        assumeTrue(running, "The first server did not start.");
        assumeTrue(
                admin.json("hypervisor", "list").size() > 1,
                "The cloud has one host; start it by ./nephos up --hosts 2.");
        String group = user.make("server", "group", "create", "--policy", "anti-affinity", "apart-" + run);
        Guest near = new Guest(
                user.json("floating", "ip", "list")
                        .path(0)
                        .path("Floating IP Address")
                        .asText(),
                key());
        Set<String> hosts = new TreeSet<>();
        for (String name : List.of("far-a", "far-b")) {
            String id = create(name, flavor, "--hint", "group=" + group);
            awaitStatus(id, "ACTIVE");
            hosts.add(admin.json("server", "show", id)
                    .path("OS-EXT-SRV-ATTR:host")
                    .asText());
            String address = user.json("server", "show", id)
                    .path("addresses")
                    .path(network)
                    .path(0)
                    .asText();
            Guest.await(
                    BOOT,
                    () -> near.ssh("ping -c 1 -W 2 " + address + " >/dev/null 2>&1 && echo yes || echo no")
                            .equals("yes"),
                    () -> console(name));
        }
        assertEquals(2, hosts.size(), hosts.toString());
        user.run("server", "delete", "--wait", "far-a", "far-b");
        user.run("server", "group", "delete", group);
    }

    @Test
    @Order(20)
    void deletingEverythingLeavesNothing() {
        user.run("server", "delete", "--wait", first, second);
        for (JsonNode address : user.json("floating", "ip", "list")) {
            user.run("floating", "ip", "delete", address.path("ID").asText());
        }
        user.run("router", "remove", "subnet", "router-" + run, network);
        user.run("router", "delete", "router-" + run);
        user.run("network", "delete", network);
        user.run("image", "delete", image);
        user.run("keypair", "delete", "key-" + run);
        assertEquals(0, user.json("port", "list").size());
        Books books = new Books();
        Guest.await(
                SOON,
                () -> books.disagreements().isEmpty(),
                () -> books.disagreements().toString());
    }

    /** Whatever a failed step left behind. */
    @AfterAll
    void cleanUp() throws IOException {
        user.tryRun("server", "delete", "--wait", first, second, "brief", "huge", "far-a", "far-b");
        for (String[] last : new String[][] {
            {"volume", "delete", volume},
            {"router", "remove", "subnet", "router-" + run, network},
            {"router", "delete", "router-" + run},
            {"network", "delete", network},
            {"image", "delete", image},
            {"keypair", "delete", "key-" + run}
        }) {
            user.tryRun(last);
        }
        for (String[] last : new String[][] {
            {"flavor", "delete", flavor},
            {"flavor", "delete", "huge-" + run},
            {"user", "delete", "user-" + run, "stranger-" + run},
            {"project", "delete", project, project + "-other"}
        }) {
            admin.tryRun(last);
        }
        for (String file : List.of("key", "key.pub", "saved.qcow2")) {
            Files.deleteIfExists(files.resolve(file));
        }
        Files.delete(files);
    }

    private JsonNode boot(String name) {
        String id = create(name, flavor);
        awaitStatus(id, "ACTIVE");
        return user.json("server", "show", id);
    }

    private String create(String name, String ofFlavor, String... more) {
        List<String> words = new ArrayList<>(List.of("server", "create", "--image", image, "--flavor", ofFlavor));
        words.addAll(List.of("--network", network, "--key-name", "key-" + run));
        words.addAll(List.of(more));
        words.add(name);
        return user.make(words.toArray(String[]::new));
    }

    private void awaitStatus(String server, String wanted) {
        String[] last = {""};
        Guest.await(
                BOOT,
                () -> {
                    JsonNode shown = user.json("server", "show", server);
                    last[0] = shown.path("status").asText() + " " + shown.path("fault");
                    if (last[0].startsWith("ERROR") && !wanted.equals("ERROR")) {
                        throw new AssertionError(server + " is in " + last[0]);
                    }
                    return shown.path("status").asText().equals(wanted);
                },
                () -> server + " is in " + last[0] + ", not " + wanted);
    }

    private void awaitVolume(String wanted) {
        Guest.await(
                SOON,
                () -> user.json("volume", "show", volume)
                        .path("status")
                        .asText()
                        .equals(wanted),
                () -> user.json("volume", "show", volume).toString());
    }

    private void reachable() {
        Guest.await(BOOT, () -> guest().answersPing(), () -> "no ping to " + guest() + "; " + console(first));
        Guest.await(BOOT, () -> guest().answersSsh(), () -> "no ssh to " + guest() + "; " + console(first));
    }

    private Guest guest() {
        return guest.orElseThrow(() -> new AssertionError("There is no server to reach."));
    }

    private String console(String server) {
        return user.tryRun("console", "log", "show", server).output();
    }

    private void open(String protocol, String... more) {
        List<String> command = new ArrayList<>(List.of("security", "group", "rule", "create", "--protocol", protocol));
        command.addAll(List.of(more));
        command.add("default");
        user.json(command.toArray(String[]::new));
    }

    private Path key() {
        return files.resolve("key");
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.forEach(item -> names.add(item.path("Name").asText()));
        return names;
    }
}
