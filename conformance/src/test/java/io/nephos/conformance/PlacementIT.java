package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Where servers run when users and administrators have wishes, and what they are told when these cannot be met, through the
 * unchanged {@code openstack} command on a cloud of two hosts. Guests without networks: they need not even boot to the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlacementIT {
    private static final Duration BUILD = Duration.ofMinutes(4);
    private static final Path GUEST_IMAGE = Path.of(
                    Optional.ofNullable(System.getenv("NEPHOS_OPT")).orElse("/var/lib/nephos/opt"))
            .resolve("guest-image/guest.qcow2");

    private final String run = UUID.randomUUID().toString().substring(0, 6);
    private final String project = "placement-" + run;
    private final String image = "tiny-" + run;
    private final String flavor = "little-" + run;
    private final Cli admin = Cli.admin();
    private final Cli user = Cli.of("placer-" + run, "password-" + run, project);
    private final List<String> hosts = new ArrayList<>();
    private final List<String> servers = new ArrayList<>();

    @BeforeAll
    void twoHosts() {
        for (JsonNode service : admin.json("compute", "service", "list", "--service", "nova-compute")) {
            if (service.path("State").asText().equals("up")
                    && service.path("Zone").asText().equals("nova")) {
                hosts.add(service.path("Host").asText());
            }
        }
        assumeTrue(hosts.size() == 2, "The cloud has not two hosts; start it by ./nephos up --hosts 2.");
        admin.make("project", "create", project);
        admin.make("user", "create", "--password", "password-" + run, "placer-" + run);
        admin.run("role", "add", "--project", project, "--user", "placer-" + run, "member");
        admin.make("flavor", "create", "--ram", "64", "--vcpus", "1", "--disk", "1", flavor);
        admin.make(
                "image",
                "create",
                "--public",
                "--file",
                GUEST_IMAGE.toString(),
                "--disk-format",
                "qcow2",
                "--container-format",
                "bare",
                image);
    }

    @Test
    void membersOfAnAntiAffinityGroupAreApartAndTheOneTooManyIsToldWhy() {
        String group = user.make("server", "group", "create", "--policy", "anti-affinity", "apart-" + run);
        Set<String> used = new TreeSet<>();
        for (int member = 0; member < 2; member++) {
            used.add(host(active(create("--hint", "group=" + group))));
        }
        assertEquals(Set.copyOf(hosts), used);
        String third = create("--hint", "group=" + group);
        String told = fault(user, third);
        assertTrue(told.contains("No valid host was found: 2 of 2 hosts run a member of the server group"), told);
        hosts.forEach(host -> assertFalse(told.contains(host), "the user is told of no host: " + told));
        String toldAdmin = fault(admin, third);
        hosts.forEach(host -> assertTrue(toldAdmin.contains(host + " fails ServerGroupAntiAffinityFilter"), toldAdmin));
    }

    @Test
    void aRequestForManyPutsAsManyAsThereIsRoomFor() {
        String group = user.make("server", "group", "create", "--policy", "anti-affinity", "many-" + run);
        user.run(words("create", "--min", "1", "--max", "3", "--hint", "group=" + group));
        List<String> made = new ArrayList<>();
        user.json("server", "list", "--name", "placed-" + run)
                .forEach(server -> made.add(server.path("ID").asText()));
        servers.addAll(made);
        assertEquals(3, made.size());
        Guest.await(
                BUILD,
                () -> made.stream().map(this::status).sorted().toList().equals(List.of("ACTIVE", "ACTIVE", "ERROR")),
                () -> made.stream().map(this::status).toList().toString());
    }

    @Test
    void hintsNameTheHostsOfOtherServers() {
        String first = active(create());
        String same = active(create("--hint", "same_host=" + first));
        String different = active(create("--hint", "different_host=" + first, "--hint", "different_host=" + same));
        assertEquals(host(first), host(same));
        assertNotEquals(host(first), host(different));
        assertTrue(user.refusal(words("create", "--hint", "query=free_ram_mb")).contains("os:scheduler_hints.query"));
        String nowhere = create("--hint", "query=[\">\", \"$free_ram_mb\", 99999999]");
        assertTrue(fault(user, nowhere).contains("do not match the scheduler hint query"), fault(user, nowhere));
    }

    @Test
    void hintsNameTheNeighbourhoodOfAnAddress() {
        for (JsonNode hypervisor : admin.json("hypervisor", "list")) {
            String host = hypervisor.path("Hypervisor Hostname").asText();
            if (hosts.contains(host)) {
                String near = "build_near_host_ip=" + hypervisor.path("Host IP").asText();
                assertEquals(host, host(active(create("--hint", near, "--hint", "cidr=/32"))));
            }
        }
        String nowhere = create("--hint", "build_near_host_ip=192.0.2.1", "--hint", "cidr=/24");
        assertTrue(
                fault(user, nowhere).contains("are in another network than build_near_host_ip asks for"),
                fault(user, nowhere));
        assertTrue(user.refusal(words("create", "--hint", "build_near_host_ip=192.0.2.1", "--hint", "cidr=24"))
                .contains("os:scheduler_hints.cidr"));
    }

    @Test
    void aDisabledHostGetsNothingNewAndSaysWhy() {
        String closed = hosts.getFirst();
        admin.run(
                "compute", "service", "set", "--disable", "--disable-reason", "repair " + run, closed, "nova-compute");
        try {
            JsonNode service = admin.json("compute", "service", "list", "--long", "--host", closed)
                    .path(0);
            assertEquals("disabled", service.path("Status").asText());
            assertEquals("repair " + run, service.path("Disabled Reason").asText());
            for (int at = 0; at < 2; at++) {
                assertEquals(hosts.getLast(), host(active(create())));
            }
        } finally {
            admin.run("compute", "service", "set", "--enable", closed, "nova-compute");
        }
        assertEquals(closed, host(activeAsAdmin(admin.make(words("create", "--availability-zone", "nova:" + closed)))));
        assertTrue(user.refusal(words("create", "--availability-zone", "nova:" + closed))
                .contains("403"));
    }

    @Test
    void anAggregateIsAZoneAndAHomeForFlavors() {
        String aggregate = "agg-" + run;
        String zone = "zone-" + run;
        String home = hosts.getLast();
        String picky = "picky-" + run;
        admin.make("flavor", "create", "--ram", "64", "--vcpus", "1", "--disk", "1", picky);
        admin.run("flavor", "set", "--property", "aggregate_instance_extra_specs:ssd=true", picky);
        String lost = create(picky);
        assertTrue(
                fault(user, lost).contains("are in no aggregate that has what the flavor asks for"), fault(user, lost));
        admin.run("aggregate", "create", "--zone", zone, "--property", "ssd=true", aggregate);
        try {
            admin.run("aggregate", "add", "host", aggregate, home);
            assertTrue(admin.json("availability", "zone", "list", "--compute")
                    .toString()
                    .contains(zone));
            String inZone = active(create("--availability-zone", zone));
            assertEquals(home, host(inZone));
            assertEquals(
                    zone,
                    user.json("server", "show", inZone)
                            .path("OS-EXT-AZ:availability_zone")
                            .asText());
            assertEquals(home, host(active(create(picky))));
        } finally {
            delete();
            admin.tryRun("aggregate", "remove", "host", aggregate, home);
            admin.run("aggregate", "delete", aggregate);
            admin.tryRun("flavor", "delete", picky);
        }
        assertTrue(user.refusal(words("create", "--availability-zone", zone)).contains("availability zone"));
    }

    @AfterEach
    void delete() {
        for (String server : servers) {
            admin.tryRun("server", "delete", "--wait", server);
        }
        servers.clear();
    }

    @AfterAll
    void nothingIsLeft() {
        for (JsonNode group : user.json("server", "group", "list")) {
            user.tryRun("server", "group", "delete", group.path("ID").asText());
        }
        admin.tryRun("image", "delete", image);
        admin.tryRun("flavor", "delete", flavor);
        admin.tryRun("user", "delete", "placer-" + run);
        admin.tryRun("project", "delete", project);
        Books books = new Books();
        Guest.await(
                Duration.ofMinutes(1),
                () -> books.disagreements().isEmpty(),
                () -> books.disagreements().toString());
    }

    private String create(String... more) {
        String id = user.make(words("create", more));
        servers.add(id);
        return id;
    }

    /** The first of {@code more} is a flavor when it is no option. */
    private String[] words(String verb, String... more) {
        boolean ofFlavor = more.length > 0 && !more[0].startsWith("--");
        List<String> words =
                new ArrayList<>(List.of("--os-compute-api-version", "2.64", "server", verb, "--image", image));
        words.addAll(List.of("--flavor", ofFlavor ? more[0] : flavor, "--nic", "none"));
        words.addAll(List.of(more).subList(ofFlavor ? 1 : 0, more.length));
        words.add("placed-" + run);
        return words.toArray(String[]::new);
    }

    private String active(String server) {
        Guest.await(BUILD, () -> status(server).equals("ACTIVE"), () -> server + " is in " + status(server));
        return server;
    }

    private String activeAsAdmin(String server) {
        servers.add(server);
        return active(server);
    }

    private String status(String server) {
        return admin.json("server", "show", server).path("status").asText();
    }

    private String host(String server) {
        return admin.json("server", "show", server).path("OS-EXT-SRV-ATTR:host").asText();
    }

    private String fault(Cli who, String server) {
        Guest.await(BUILD, () -> status(server).equals("ERROR"), () -> server + " is in " + status(server));
        JsonNode fault = who.json("server", "show", server).path("fault");
        return fault.path("message").asText() + "\n" + fault.path("details").asText();
    }
}
