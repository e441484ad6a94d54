package io.nephos.block;

import io.nephos.testkit.Certificates;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real qemu-storage-daemon for the run, with its NBD server behind mutual TLS; a test may kill it and start it again. */
public class StorageDaemonProcess implements QuarkusTestResourceLifecycleManager {
    private static final String HOME = "nephos.test.qsd.home";
    private static final String PORT = "nephos.test.qsd.port";
    private static final String PID = "nephos.test.qsd.pid";

    @Override
    public Map<String, String> start() {
        try (ServerSocket free = new ServerSocket(0)) {
            Path home = Files.createTempDirectory("nephos-qsd");
            Path tls = Files.createDirectory(home.resolve("tls"));
            Path certificates = Certificates.directory();
            Files.copy(certificates.resolve("ca.pem"), tls.resolve("ca-cert.pem"));
            Files.copy(certificates.resolve("block.pem"), tls.resolve("server-cert.pem"));
            Files.copy(certificates.resolve("block.key"), tls.resolve("server-key.pem"));
            Files.copy(certificates.resolve("host-h1.pem"), tls.resolve("client-cert.pem"));
            Files.copy(certificates.resolve("host-h1.key"), tls.resolve("client-key.pem"));
            System.setProperty(HOME, home.toString());
            System.setProperty(PORT, Integer.toString(free.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startDaemon();
        return Map.of(
                "nephos.block.store.path",
                home().resolve("volumes").toString(),
                "nephos.block.qsd.socket",
                home().resolve("qsd.sock").toString(),
                "nephos.block.nbd.host",
                "127.0.0.1",
                "nephos.block.nbd.port",
                Integer.toString(port()),
                "nephos.block.sweep.period",
                "1S",
                "nephos.block.sweep.grace",
                "2S");
    }

    @Override
    public void stop() {
        killDaemon();
    }

    public static void startDaemon() {
        try {
            Files.deleteIfExists(home().resolve("qsd.sock"));
            Process process = new ProcessBuilder(
                            "qemu-storage-daemon",
                            "--chardev",
                            "socket,path=" + home().resolve("qsd.sock") + ",server=on,wait=off,id=qmp",
                            "--monitor",
                            "chardev=qmp",
                            "--object",
                            "tls-creds-x509,id=tls,endpoint=server,dir=" + home().resolve("tls") + ",verify-peer=yes",
                            "--nbd-server",
                            "addr.type=inet,addr.host=127.0.0.1,addr.port=" + port() + ",tls-creds=tls")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            home().resolve("qsd.log").toFile()))
                    .start();
            System.setProperty(PID, Long.toString(process.pid()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void killDaemon() {
        ProcessHandle.of(Long.getLong(PID)).ifPresent(daemon -> {
            daemon.destroyForcibly();
            daemon.onExit().join();
        });
    }

    static Path home() {
        return Path.of(System.getProperty(HOME));
    }

    static int port() {
        return Integer.getInteger(PORT);
    }

    /** The file of that volume. */
    public static Path file(String volume) {
        return store().resolve(volume + ".qcow2");
    }

    public static Path store() {
        return home().resolve("volumes");
    }

    /** qemu-io as a host: its commands on that export; what it printed, after "exit CODE". */
    public static String qemuIo(String export, String... commands) {
        try {
            List<String> command = new java.util.ArrayList<>(List.of(
                    "qemu-io",
                    "--object",
                    "tls-creds-x509,id=tls,endpoint=client,dir=" + home().resolve("tls"),
                    "--image-opts",
                    "driver=raw,file.driver=nbd,file.server.type=inet,file.server.host=127.0.0.1,file.server.port="
                            + port() + ",file.export=" + export + ",file.tls-creds=tls,file.tls-hostname=block"));
            for (String each : List.of(commands).reversed()) {
                command.addAll(1, List.of("-c", each));
            }
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return "exit " + process.waitFor() + "\n" + output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
