package io.nephos.rbd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Ceph cluster with one monitor, one OSD that keeps all in memory, the pools "images", "volumes" and "vms", and as
 * users of them glance, cinder and nova. Ready in about 8 s, 70 MB.
 */
public final class Ceph implements AutoCloseable {
    private final Path home;
    private final List<Process> daemons = new ArrayList<>();

    private Ceph(Path home) {
        this.home = home;
    }

    /** True where Debian's ceph-mon, ceph-osd and ceph-common are. */
    public static boolean installed() {
        return Stream.of("ceph-mon", "ceph-osd", "ceph", "rbd")
                .allMatch(name -> Stream.of("/usr/bin", "/usr/local/bin")
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))));
    }

    public static Ceph start() {
        try {
            // Short, for the names of its sockets.
            Path home = Files.createTempDirectory("ceph");
            Ceph ceph = new Ceph(home);
            ceph.begin(UUID.randomUUID().toString(), freePort());
            return ceph;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String configuration() {
        return home.resolve("ceph.conf").toString();
    }

    public String rbd(String... arguments) {
        List<String> command = new ArrayList<>(List.of("rbd", "--conf", configuration()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private void begin(String fsid, int port) throws IOException {
        for (String directory : List.of("mon", "osd", "run")) {
            Files.createDirectory(home.resolve(directory));
        }
        Files.writeString(home.resolve("ceph.conf"), """
            [global]
            fsid = %2$s
            mon host = [v2:127.0.0.1:%3$d]
            public addr = 127.0.0.1
            cluster addr = 127.0.0.1
            auth cluster required = cephx
            auth service required = cephx
            auth client required = cephx
            osd pool default size = 1
            osd pool default min size = 1
            mon allow pool size one = true
            osd pool default pg autoscale mode = off
            osd crush chooseleaf type = 0
            run dir = %1$s/run
            admin socket = %1$s/run/$name.asok
            log file = %1$s/$name.log
            keyring = %1$s/keyring
            mon data = %1$s/mon
            osd data = %1$s/osd
            osd objectstore = memstore
            memstore device bytes = 1073741824
            osd op num shards = 1
            osd op num threads per shard = 2
            mon data avail warn = 1
            ms bind ipv6 = false
            ms bind msgr1 = false
            """.formatted(home, fsid, port));
        String keys = home.resolve("keyring").toString();
        String map = home.resolve("monmap").toString();
        run("ceph-authtool", "--create-keyring", keys, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
        key(keys, "client.admin", "allow *", "allow *");
        key(keys, "osd.0", "allow profile osd", "allow profile osd");
        key(keys, "client.glance", "profile rbd", "profile rbd pool=images");
        key(keys, "client.cinder", "profile rbd", "profile rbd pool=volumes, profile rbd-read-only pool=images");
        key(
                keys,
                "client.nova",
                "profile rbd",
                "profile rbd pool=vms, profile rbd pool=volumes, profile rbd-read-only pool=images");
        run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", "[v2:127.0.0.1:" + port + "]", map);
        run("ceph-mon", "--conf", configuration(), "--mkfs", "-i", "a", "--monmap", map, "--keyring", keys);
        daemon("ceph-mon", "-f", "-i", "a");
        ceph("auth", "import", "-i", keys);
        String osd = UUID.randomUUID().toString();
        ceph("osd", "new", osd, "0");
        run("ceph-osd", "--conf", configuration(), "-i", "0", "--mkfs", "--osd-uuid", osd);
        daemon("ceph-osd", "-f", "-i", "0");
        for (int attempt = 0; !ceph("osd", "stat").contains("1 up"); attempt++) {
            if (attempt > 60) {
                throw new IllegalStateException("The OSD does not come up; see " + home);
            }
            pause();
        }
        for (String pool : List.of("images", "volumes", "vms")) {
            ceph("osd", "pool", "create", pool, "8", "8");
            rbd("pool", "init", pool);
        }
    }

    private static void key(String keys, String name, String mon, String osd) {
        run("ceph-authtool", keys, "--gen-key", "-n", name, "--cap", "mon", mon, "--cap", "osd", osd);
    }

    private String ceph(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ceph", "--conf", configuration(), "--connect-timeout", "20"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private void daemon(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(1, List.of("--conf", configuration()));
        daemons.add(new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(command[0] + ".out").toFile())
                .start());
    }

    private static String run(String... command) {
        return run(List.of(command));
    }

    private static String run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        daemons.reversed().forEach(Process::destroyForcibly);
        try {
            for (Process daemon : daemons) {
                daemon.waitFor(10, TimeUnit.SECONDS);
            }
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
