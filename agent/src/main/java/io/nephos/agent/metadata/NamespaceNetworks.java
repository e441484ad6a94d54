package io.nephos.agent.metadata;

import io.nephos.agent.command.CommandFailed;
import io.nephos.agent.command.Commands;
import io.nephos.agent.file.DurableFile;
import io.nephos.agent.ovs.BridgeUnavailable;
import io.nephos.agent.ovs.IntegrationBridge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * For each network a namespace with an Open vSwitch port in it (OVN's {@code localport} of the network) that holds
 * 169.254.169.254, and an HAProxy that says which network and address a request came from.
 */
public final class NamespaceNetworks implements MetadataNetworks {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String DEVICE = "tapmd";
    static final String ADDRESS = "169.254.169.254";

    private final Path directory;
    private final Path socket;
    private final String prefix;
    private final IntegrationBridge bridge;

    /** @param socket where the agent answers what HAProxy passes on */
    public NamespaceNetworks(Path state, Path socket, String prefix, IntegrationBridge bridge) {
        this.directory = DurableFile.directory(state.resolve("metadata"));
        this.socket = socket;
        this.prefix = prefix;
        this.bridge = bridge;
    }

    @Override
    public synchronized void ensure(String networkId, int mtu) {
        ensure(networkId, mtu, bridge.interfaceIds());
    }

    private void ensure(String networkId, int mtu, Map<String, String> plugged) {
        String namespace = prefix + MetadataNetworks.shortName(networkId);
        String device = DEVICE + MetadataNetworks.shortName(networkId);
        boolean named = Files.exists(namespaceFile(namespace));
        if (named && !linkShows(List.of("ip", "-n", namespace), "lo")) {
            // The name of a namespace that went when its host was stopped.
            Commands.run(PATIENCE, "ip", "netns", "delete", namespace);
            named = false;
        }
        if (!named) {
            Commands.run(PATIENCE, "ip", "netns", "add", namespace);
        }
        boolean inside = linkShows(List.of("ip", "-n", namespace), device);
        if (!inside || !MetadataNetworks.portOf(networkId).equals(plugged.get(device))) {
            bridge.plugInternal(device, MetadataNetworks.portOf(networkId));
            Commands.run(PATIENCE, "ip", "link", "set", "dev", device, "netns", namespace);
            inside = false;
        }
        if (!inside || !hasAddress(namespace, device)) {
            address(namespace, device, networkId, mtu);
        }
        HaProxy proxy = new HaProxy(directory.resolve(networkId), networkId, socket);
        proxy.ensure(namespace);
    }

    private static void address(String namespace, String device, String networkId, int mtu) {
        ip(namespace, "link", "set", "dev", "lo", "up");
        ip(namespace, "link", "set", "dev", device, "address", MetadataNetworks.macOf(networkId));
        if (mtu > 0) {
            ip(namespace, "link", "set", "dev", device, "mtu", String.valueOf(mtu));
        }
        ip(namespace, "link", "set", "dev", device, "up");
        ip(namespace, "addr", "replace", ADDRESS + "/32", "dev", device);
        // Every guest of the network is a neighbour, whatever its subnet: OVN answers for their addresses.
        ip(namespace, "route", "replace", "default", "dev", device);
        // The userspace datapath does not fill in checksums that were left to the device.
        Commands.run(PATIENCE, "ip", "netns", "exec", namespace, "ethtool", "-K", device, "tx", "off");
    }

    @Override
    public synchronized void release(String networkId) {
        new HaProxy(directory.resolve(networkId), networkId, socket).stop();
        dismantle(MetadataNetworks.shortName(networkId));
        DurableFile.delete(directory.resolve(networkId));
    }

    @Override
    public synchronized void keep(Map<String, Integer> wanted) {
        Map<String, String> plugged = bridge.interfaceIds();
        List<RuntimeException> failures = new ArrayList<>();
        for (Map.Entry<String, Integer> network : wanted.entrySet()) {
            try {
                ensure(network.getKey(), network.getValue(), plugged);
            } catch (CommandFailed | BridgeUnavailable e) {
                // One network's trouble must not cost the others their repair.
                failures.add(e);
            }
        }
        for (String left : kept()) {
            if (!wanted.containsKey(left)) {
                release(left);
            }
        }
        Set<String> names = MetadataNetworks.shortNames(wanted.keySet());
        for (String namespace : namespaces()) {
            if (!names.contains(namespace.substring(prefix.length()))) {
                dismantle(namespace.substring(prefix.length()));
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    @Override
    public synchronized void quiesce() {
        for (String networkId : kept()) {
            new HaProxy(directory.resolve(networkId), networkId, socket).stop();
        }
    }

    private void dismantle(String shortName) {
        bridge.unplug(List.of(DEVICE + shortName));
        String namespace = prefix + shortName;
        if (Files.exists(namespaceFile(namespace))) {
            Commands.run(PATIENCE, "ip", "netns", "delete", namespace);
        }
    }

    private List<String> kept() {
        return names(directory, "");
    }

    private List<String> namespaces() {
        return names(Path.of("/run/netns"), prefix);
    }

    private static List<String> names(Path directory, String prefix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean linkShows(List<String> ip, String device) {
        try {
            Commands.run(
                    PATIENCE,
                    Stream.concat(ip.stream(), Stream.of("link", "show", "dev", device))
                            .toList());
            return true;
        } catch (CommandFailed e) {
            return false;
        }
    }

    private static boolean hasAddress(String namespace, String device) {
        String shown = Commands.run(PATIENCE, "ip", "-n", namespace, "-o", "addr", "show", "dev", device, "up");
        return shown.contains(ADDRESS + "/32");
    }

    private static void ip(String namespace, String... arguments) {
        Commands.run(
                PATIENCE,
                Stream.concat(Stream.of("ip", "-n", namespace), Stream.of(arguments))
                        .toList());
    }

    private static Path namespaceFile(String namespace) {
        return Path.of("/run/netns", namespace);
    }

    /** One network's proxy, known by its directory: configuration, process id, log. */
    private record HaProxy(Path home, String networkId, Path socket) {
        void ensure(String namespace) {
            if (running()) {
                return;
            }
            DurableFile.directory(home);
            DurableFile.write(configuration(), text().getBytes(StandardCharsets.UTF_8));
            Commands.daemonize(
                    PATIENCE,
                    home.resolve("haproxy.log"),
                    List.of(
                            "ip",
                            "netns",
                            "exec",
                            namespace,
                            "haproxy",
                            "-D",
                            "-f",
                            configuration().toString(),
                            "-p",
                            pidFile().toString()));
        }

        void stop() {
            if (running()) {
                process().ifPresent(ProcessHandle::destroyForcibly);
            }
        }

        private boolean running() {
            return process().filter(this::isOurs).isPresent();
        }

        private java.util.Optional<ProcessHandle> process() {
            try {
                return Files.exists(pidFile())
                        ? ProcessHandle.of(
                                Long.parseLong(Files.readString(pidFile()).strip()))
                        : java.util.Optional.empty();
            } catch (IOException | NumberFormatException e) {
                return java.util.Optional.empty();
            }
        }

        private boolean isOurs(ProcessHandle process) {
            try {
                return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
                        .contains(configuration().toString());
            } catch (IOException e) {
                return false;
            }
        }

        private Path configuration() {
            return home.resolve("haproxy.cfg");
        }

        private Path pidFile() {
            return home.resolve("haproxy.pid");
        }

        private String text() {
            return """
                    global
                      maxconn 512
                      nbthread 1
                    %sdefaults
                      mode http
                      timeout connect 5s
                      timeout client 15s
                      timeout server 15s
                      timeout http-request 10s
                    listen metadata
                      bind %s:80
                      http-request set-header X-Forwarded-For %%[src]
                      http-request set-header X-Network-Id %s
                      server agent unix@%s
                    """.formatted(
                    HaProxyUser.exists() ? "  user haproxy\n  group haproxy\n" : "", ADDRESS, networkId, socket);
        }
    }
}
