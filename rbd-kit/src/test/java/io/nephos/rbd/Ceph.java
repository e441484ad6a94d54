package io.nephos.rbd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Ceph cluster with one monitor, one OSD that keeps all in memory, the pools "images", "volumes" and "vms", and as
 * users of them glance, cinder and nova. Ready in about 8 s, 70 MB.
 */
public final class Ceph implements AutoCloseable {
    /** From the directory of a module, where tests run. */
    private static final String NODE = "../deploy/singlenode/ceph-node.sh";

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
            ceph.begin(freePort());
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

    private void begin(int port) throws IOException {
        node("monitor", "127.0.0.1", Integer.toString(port), "memstore", Long.toString(1L << 30));
        daemon("ceph-mon", "-f", "-i", "a");
        node("osd");
        daemon("ceph-osd", "-f", "-i", "0");
        node("pools");
    }

    /** The steps of the single node's own cluster. */
    private void node(String step, String... more) {
        List<String> command = new ArrayList<>(List.of(NODE, step, home.toString()));
        command.addAll(List.of(more));
        run(command);
    }

    private void daemon(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(1, List.of("--conf", configuration()));
        daemons.add(new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve(command[0] + ".out").toFile())
                .start());
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
}
