package io.nephos.network;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** OVN's two databases, real ones, in a directory of their own. There is no northd: the tests play it. */
public class Ovn implements QuarkusTestResourceLifecycleManager {
    private static final String PORT = "nephos.test.ovn.";
    private static final Map<String, Process> SERVERS = new HashMap<>();
    private static Path directory = Path.of("target");

    @Override
    public Map<String, String> start() {
        return Map.of("nephos.network.ovn.nb", address("nb"), "nephos.network.ovn.sb", address("sb"));
    }

    @Override
    public void stop() {
        stopAll();
    }

    /** Of "nb" or "sb"; the server is started when it is not running. */
    public static synchronized String address(String database) {
        if (Integer.getInteger(PORT + database, 0) == 0) {
            try (ServerSocket free = new ServerSocket(0)) {
                System.setProperty(PORT + database, Integer.toString(free.getLocalPort()));
                directory = Files.createTempDirectory("ovn");
                System.setProperty(PORT + "directory." + database, directory.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            run(database);
        }
        return "tcp:127.0.0.1:" + Integer.getInteger(PORT + database);
    }

    /** kill -9. */
    public static synchronized void kill(String database) {
        long pid = Long.getLong(PORT + "pid." + database, 0L);
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    /** Starts it again, on the same file. */
    public static synchronized void run(String database) {
        Path home = Path.of(System.getProperty(PORT + "directory." + database));
        Path file = home.resolve(database + ".db");
        try {
            if (!Files.exists(file)) {
                new ProcessBuilder(
                                "ovsdb-tool",
                                "create",
                                file.toString(),
                                "/usr/share/ovn/ovn-" + database + ".ovsschema")
                        .inheritIO()
                        .start()
                        .waitFor();
            }
            int port = Integer.getInteger(PORT + database);
            Process process = new ProcessBuilder(
                            "ovsdb-server",
                            "--unixctl=" + home.resolve(database + ".ctl"),
                            "--remote=ptcp:" + port + ":127.0.0.1",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve(database + ".log").toFile())
                    .start();
            SERVERS.put(database, process);
            System.setProperty(PORT + "pid." + database, Long.toString(process.pid()));
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            awaitPort(port);
            ctl(database, "init");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of ovn-nbctl or ovn-sbctl; what it printed. */
    public static String ctl(String database, String... arguments) {
        java.util.List<String> command = new java.util.ArrayList<>(
                java.util.List.of("ovn-" + database + "ctl", "--timeout=10", "--db=" + addressOnly(database)));
        command.addAll(java.util.List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output);
            }
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String addressOnly(String database) {
        return "tcp:127.0.0.1:" + Integer.getInteger(PORT + database);
    }

    private static void stopAll() {
        SERVERS.values().forEach(Process::destroyForcibly);
        SERVERS.clear();
        System.clearProperty(PORT + "nb");
        System.clearProperty(PORT + "sb");
    }

    private static void awaitPort(int port) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return;
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        throw new IllegalStateException("ovsdb-server does not listen on " + port);
    }
}
