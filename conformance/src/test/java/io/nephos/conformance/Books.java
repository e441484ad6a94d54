package io.nephos.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What compute, scheduler, network, block, OVN, Open vSwitch, libvirt and the disk each hold for servers; after the dust has
 * settled they must agree. Read where the truth lies: the databases, the daemons and the file system.
 */
final class Books {
    /** The host whose guests are simulated; see {@code ./nephos up --simulated}. */
    private static final String SIMULATED = "nephos-host-3";

    private static final Set<String> SETTLED = Set.of("ACTIVE", "STOPPED", "ERROR", "PAUSED");

    /** Every disagreement, in words; empty when all agree. IllegalStateException while a part cannot be asked. */
    List<String> disagreements() {
        List<String> wrong = new ArrayList<>();
        Map<String, String> hostOf = servers(wrong);
        Set<String> placed = new TreeSet<>();
        hostOf.forEach((server, host) -> {
            if (!host.isEmpty()) {
                placed.add(server);
            }
        });
        Set<String> claimed = column(
                "scheduler",
                "select distinct c.id from consumer c join allocation a on a.consumer_id = c.id"
                        + " where c.claimed_by is not null");
        differ(wrong, "allocations", claimed, placed);

        Set<String> computePorts = column("compute", "select id from server_port where made");
        Set<String> networkPorts = column("network", "select id from port where made_by_compute");
        differ(wrong, "ports of servers", networkPorts, computePorts);
        Set<String> allPorts = column("network", "select id from port");
        Set<String> logicalPorts = ovnPorts();
        logicalPorts.retainAll(uuids(logicalPorts));
        subset(wrong, "OVN logical ports without a row", logicalPorts, allPorts);
        subset(wrong, "ports of servers missing in OVN", networkPorts, logicalPorts);

        subset(
                wrong,
                "attachments without a server",
                column("block", "select server_id from attachment where server_id <> ''"),
                hostOf.keySet());
        onHosts(wrong, hostOf, networkPorts);
        return wrong;
    }

    private static Map<String, String> servers(List<String> wrong) {
        Map<String, String> hostOf = new HashMap<>();
        for (String[] row :
                rows("compute", "select id, vm_state, task, case when claim_held then host else '' end from server")) {
            if (!SETTLED.contains(row[1]) || !row[2].equals("NONE")) {
                wrong.add("server " + row[0] + " has not settled: " + row[1] + "/" + row[2]);
            }
            hostOf.put(row[0], row[3]);
        }
        return hostOf;
    }

    private static void onHosts(List<String> wrong, Map<String, String> hostOf, Set<String> ports) {
        Path hosts = Cloud.home().resolve("data/hosts");
        try (var all = Files.list(hosts)) {
            for (Path host : all.filter(Files::isDirectory).toList()) {
                String name = host.getFileName().toString();
                Set<String> mine = new TreeSet<>();
                hostOf.forEach((server, on) -> {
                    if (on.equals(name)) {
                        mine.add(server);
                    }
                });
                Set<String> disks = new TreeSet<>();
                Path instances = host.resolve("instances");
                if (Files.isDirectory(instances)) {
                    try (var entries = Files.list(instances)) {
                        entries.map(entry -> entry.getFileName().toString()).forEach(disks::add);
                    }
                    differ(wrong, "instances on the disk of " + name, disks, mine);
                }
                if (!name.equals(SIMULATED)) {
                    Set<String> domains = new TreeSet<>(Cloud.lines(Cloud.run(
                            "virsh",
                            "-q",
                            "-c",
                            "qemu:///system?socket=" + run(name) + "/libvirt/libvirt-sock",
                            "list",
                            "--all",
                            "--uuid")));
                    differ(wrong, "libvirt domains of " + name, domains, mine);
                }
                subset(wrong, "ports on the bridge of " + name + " that no server has", plugged(name), ports);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path run(String host) {
        return Cloud.home().resolve("run").resolve(host);
    }

    private static Set<String> plugged(String host) {
        Set<String> ids = new TreeSet<>();
        for (String line : Cloud.lines(Cloud.run(
                "ovs-vsctl",
                "--db=unix:" + run(host) + "/openvswitch/db.sock",
                "--bare",
                "--columns=external_ids",
                "list",
                "Interface"))) {
            for (String pair : line.split("[ ,{}]+")) {
                if (pair.startsWith("iface-id=")) {
                    ids.add(pair.substring("iface-id=".length()).replace("\"", ""));
                }
            }
        }
        ids.retainAll(uuids(ids));
        return ids;
    }

    private static Set<String> ovnPorts() {
        try {
            JsonNode table = Cloud.JSON.readTree(Cloud.run(
                    "ovn-nbctl",
                    "--db=tcp:127.0.0.1:6641",
                    "--format=json",
                    "--columns=name",
                    "list",
                    "Logical_Switch_Port"));
            Set<String> names = new TreeSet<>();
            table.path("data").forEach(row -> names.add(row.path(0).asText()));
            return names;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> uuids(Set<String> names) {
        Set<String> all = new HashSet<>();
        names.stream().filter(name -> name.matches("[0-9a-f]{8}-[0-9a-f-]{27}")).forEach(all::add);
        return all;
    }

    private static void differ(List<String> wrong, String what, Set<String> actual, Set<String> expected) {
        subset(wrong, what + " that should not be", actual, expected);
        subset(wrong, what + " that are missing", expected, actual);
    }

    private static void subset(List<String> wrong, String what, Set<String> some, Set<String> all) {
        Set<String> odd = new TreeSet<>(some);
        odd.removeAll(all);
        if (!odd.isEmpty()) {
            wrong.add(what + ": " + odd);
        }
    }

    private static Set<String> column(String service, String query) {
        Set<String> all = new TreeSet<>();
        rows(service, query).forEach(row -> all.add(row[0]));
        return all;
    }

    private static List<String[]> rows(String service, String query) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:15432/" + service, service, Cloud.secret("database-" + service));
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            int width = result.getMetaData().getColumnCount();
            List<String[]> all = new ArrayList<>();
            while (result.next()) {
                String[] row = new String[width];
                for (int i = 0; i < width; i++) {
                    row[i] = result.getString(i + 1);
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(service + "'s books cannot be read", e);
        }
    }
}
