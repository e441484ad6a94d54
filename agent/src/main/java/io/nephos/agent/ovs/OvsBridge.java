package io.nephos.agent.ovs;

import io.nephos.agent.command.CommandFailed;
import io.nephos.agent.command.Commands;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The integration bridge through {@code ovs-vsctl}. */
public final class OvsBridge implements IntegrationBridge {
    private static final int SECONDS = 8;

    private final String bridge;
    private final List<String> base;

    /** @param database OVSDB's address; empty for the default one */
    public OvsBridge(String bridge, Optional<String> database) {
        this.bridge = bridge;
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--timeout=" + SECONDS));
        database.ifPresent(address -> command.add("--db=" + address));
        this.base = List.copyOf(command);
    }

    @Override
    public void check() {
        vsctl("br-exists", bridge);
        // The database answers without the switch; in the userspace datapath the bridge's device lives and dies with
        // it.
        if (vsctl("get", "bridge", bridge, "datapath_type").contains("netdev") && !deviceExists(bridge)) {
            throw new BridgeUnavailable("ovs-vswitchd does not run: there is no device " + bridge);
        }
    }

    @Override
    public Map<String, String> interfaceIds() {
        Map<String, String> ids = new LinkedHashMap<>();
        for (Row row : interfaces(List.of())) {
            String id = row.externalIds().get("iface-id");
            if (id != null) {
                ids.put(row.name(), id);
            }
        }
        return ids;
    }

    @Override
    public boolean plugged(String device, String interfaceId) {
        return interfaceId.equals(interfaceIds().get(device));
    }

    @Override
    public List<String> devicesOf(String instanceId) {
        return interfaces(List.of("external_ids:vm-id=" + instanceId)).stream()
                .map(Row::name)
                .toList();
    }

    @Override
    public void plug(String device, String interfaceId, String mac, String instanceId) {
        // The keys are those that libvirt writes when it plugs a port itself.
        vsctl(
                "--",
                "--if-exists",
                "del-port",
                bridge,
                device,
                "--",
                "add-port",
                bridge,
                device,
                "--",
                "set",
                "Interface",
                device,
                "external_ids:attached-mac=\"" + mac + "\"",
                "external_ids:iface-id=\"" + interfaceId + "\"",
                "external_ids:vm-id=\"" + instanceId + "\"",
                "external_ids:iface-status=active");
    }

    @Override
    public void plugInternal(String device, String interfaceId) {
        plugInternal(device, List.of("external_ids:iface-id=\"" + interfaceId + "\""));
    }

    /** As {@link #plugInternal(String, String)}, found again by {@link #devicesOf}. */
    public void plugInternal(String device, String interfaceId, String instanceId) {
        plugInternal(
                device,
                List.of("external_ids:iface-id=\"" + interfaceId + "\"", "external_ids:vm-id=\"" + instanceId + "\""));
    }

    private void plugInternal(String device, List<String> ids) {
        List<String> arguments = new ArrayList<>(List.of(
                "--",
                "--if-exists",
                "del-port",
                bridge,
                device,
                "--",
                "add-port",
                bridge,
                device,
                "--",
                "set",
                "Interface",
                device,
                "type=internal"));
        arguments.addAll(ids);
        vsctl(arguments.toArray(String[]::new));
    }

    @Override
    public void unplug(List<String> devices) {
        if (devices.isEmpty()) {
            return;
        }
        List<String> arguments = new ArrayList<>();
        for (String device : devices) {
            arguments.addAll(List.of("--", "--if-exists", "del-port", bridge, device));
        }
        vsctl(arguments.toArray(String[]::new));
    }

    private static boolean deviceExists(String name) {
        // Not java.net.NetworkInterface: that sees only devices with an address.
        try (Stream<String> devices = Files.lines(Path.of("/proc/self/net/dev"))) {
            return devices.anyMatch(line -> line.strip().startsWith(name + ":"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Row(String name, Map<String, String> externalIds) {}

    private List<Row> interfaces(List<String> conditions) {
        List<String> arguments =
                new ArrayList<>(List.of("--format=json", "--columns=name,external_ids", "find", "Interface"));
        arguments.addAll(conditions);
        return rows(vsctl(arguments.toArray(String[]::new)));
    }

    private static List<Row> rows(String json) {
        List<Row> rows = new ArrayList<>();
        for (Object data : new JsonObject(json).getJsonArray("data")) {
            JsonArray columns = (JsonArray) data;
            Map<String, String> ids = new LinkedHashMap<>();
            for (Object pair : columns.getJsonArray(1).getJsonArray(1)) {
                ids.put(((JsonArray) pair).getString(0), ((JsonArray) pair).getString(1));
            }
            rows.add(new Row(columns.getString(0), ids));
        }
        return rows;
    }

    private String vsctl(String... arguments) {
        List<String> command = new ArrayList<>(base);
        command.addAll(List.of(arguments));
        try {
            return Commands.run(Duration.ofSeconds(SECONDS + 2), command);
        } catch (CommandFailed e) {
            throw new BridgeUnavailable(String.valueOf(e.getMessage()));
        }
    }
}
