package io.nephos.rbd;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another client of the cluster on this host, as QEMU, must be told to reach it.
 *
 * @param monitors "address:port" of each
 * @param key the user's, in base64; empty when the cluster asks for none
 */
public record RbdAccess(List<String> monitors, String user, Optional<String> key) {
    private static final int TEXT = 4096;
    private static final String LEGACY_PORT = "6789";
    private static final Pattern MONITOR =
            Pattern.compile("(?:v[12]:)?(\\[[0-9a-fA-F:]+]|[^,;\\s\\[\\]:/]+)(?::(\\d+))?(?:/\\d+)?");

    public RbdAccess {
        monitors = List.copyOf(monitors);
    }

    /** From a ceph.conf and the keyring that it names; asks the cluster nothing. */
    public static RbdAccess read(String configuration, String user) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment made = arena.allocate(ADDRESS);
            RbdPool.checked("create", Librbd.create(made, arena.allocateFrom(user)));
            MemorySegment cluster = made.get(ADDRESS, 0);
            try {
                RbdPool.checked("configuration", Librbd.readConfiguration(cluster, arena.allocateFrom(configuration)));
                boolean keyed = option(arena, cluster, "auth_client_required").contains("cephx");
                return new RbdAccess(
                        monitors(option(arena, cluster, "mon_host")),
                        user,
                        keyed ? key(option(arena, cluster, "keyring"), user) : Optional.empty());
            } finally {
                Librbd.shutDown(cluster);
            }
        } catch (UnsatisfiedLinkError
                | IllegalArgumentException
                | ExceptionInInitializerError
                | NoClassDefFoundError e) {
            throw new RbdFault(RbdFault.Kind.UNREACHABLE, "librbd is not installed here: " + e.getMessage());
        }
    }

    /** The first address that {@code mon_host} has of each monitor. */
    static List<String> monitors(String monHost) {
        Map<String, String> byHost = new LinkedHashMap<>();
        Matcher matcher = MONITOR.matcher(monHost);
        while (matcher.find()) {
            String port = Optional.ofNullable(matcher.group(2)).orElse(LEGACY_PORT);
            byHost.putIfAbsent(matcher.group(1), matcher.group(1) + ":" + port);
        }
        return List.copyOf(byHost.values());
    }

    private static Optional<String> key(String keyrings, String user) throws IOException {
        for (String name : keyrings.split("[,; ]+")) {
            Path file = Path.of(name);
            if (Files.isReadable(file)) {
                Optional<String> key = keyIn(Files.readString(file), user);
                if (key.isPresent()) {
                    return key;
                }
            }
        }
        throw new RbdFault(RbdFault.Kind.UNREACHABLE, "no keyring of " + keyrings + " has a key of client." + user);
    }

    /** From a keyring, as ceph-authtool writes it. */
    static Optional<String> keyIn(String keyring, String user) {
        boolean ours = false;
        for (String line : keyring.lines().map(String::strip).toList()) {
            if (line.startsWith("[")) {
                ours = line.equals("[client." + user + "]");
            } else if (ours && line.matches("key\\s*=.*")) {
                return Optional.of(line.substring(line.indexOf('=') + 1).strip());
            }
        }
        return Optional.empty();
    }

    private static String option(Arena arena, MemorySegment cluster, String name) throws IOException {
        MemorySegment value = arena.allocate(TEXT);
        RbdPool.checked(name, Librbd.option(cluster, arena.allocateFrom(name), value));
        return value.getString(0);
    }
}
