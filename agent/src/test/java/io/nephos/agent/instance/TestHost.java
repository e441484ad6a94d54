package io.nephos.agent.instance;

import io.nephos.agent.command.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A host of its own for a test: libvirtd in a mount namespace that sees its directories as libvirt's usual ones, and an
 * Open vSwitch with a bridge in the userspace datapath. Nothing of the machine's own libvirt or Open vSwitch is touched.
 */
final class TestHost implements AutoCloseable {
    static final String BRIDGE = "nephos-it0";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path home;
    private final List<Process> processes = new ArrayList<>();
    private Optional<Process> libvirtd = Optional.empty();
    private Optional<Process> vswitchd = Optional.empty();

    TestHost() throws IOException {
        // Under /tmp and open to traversal: QEMU runs as a user of its own.
        home = Files.createTempDirectory("nephos-it");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
        for (String directory : List.of("run", "etc", "lib/qemu", "log/qemu", "cache", "ovs")) {
            Files.createDirectories(home.resolve(directory));
        }
        Commands.run(
                PATIENCE,
                "chown",
                "-R",
                "libvirt-qemu:libvirt-qemu",
                home.resolve("lib/qemu").toString());
        Files.writeString(home.resolve("etc/libvirtd.conf"), """
                listen_tls = 0
                unix_sock_dir = "/run/libvirt"
                auth_unix_ro = "none"
                auth_unix_rw = "none"
                max_client_requests = 20
                log_outputs = "2:stderr"
                """);
        Files.writeString(home.resolve("etc/qemu.conf"), """
                security_driver = "none"
                stdio_handler = "file"
                namespaces = []
                nbd_tls_x509_cert_dir = "%s"
                """.formatted(credentials()));
        io.nephos.agent.TestCertificates.forNbd(credentials());
        startSwitch();
        startLibvirtd();
    }

    /** Whether this machine has what a host needs. */
    static boolean possible() {
        return List.of("/usr/sbin/libvirtd", "/usr/bin/qemu-system-x86_64", "/usr/sbin/ovs-vswitchd").stream()
                        .allMatch(program -> Files.isExecutable(Path.of(program)))
                && guestImage().isPresent()
                && System.getProperty("user.name").equals("root");
    }

    /** The tiny guest that {@code deploy/guest-image} builds. */
    static Optional<Path> guestImage() {
        Path opt = Path.of(Optional.ofNullable(System.getenv("NEPHOS_OPT")).orElse("/var/lib/nephos/opt"));
        return Optional.of(opt.resolve("guest-image/guest.qcow2")).filter(Files::exists);
    }

    Path home() {
        return home;
    }

    /** Certificates for NBD, of the server and of QEMU. */
    Path credentials() {
        return home.resolve("nbd");
    }

    String libvirtUri() {
        return "qemu:///system?socket=" + home.resolve("run/libvirt-sock");
    }

    String ovsDatabase() {
        return "unix:" + home.resolve("ovs/db.sock");
    }

    String virsh(String... arguments) {
        List<String> command = new ArrayList<>(List.of("virsh", "-q", "-c", libvirtUri()));
        command.addAll(List.of(arguments));
        return Commands.run(PATIENCE, command);
    }

    String vsctl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--timeout=5", "--db=" + ovsDatabase()));
        command.addAll(List.of(arguments));
        return Commands.run(PATIENCE, command);
    }

    void startLibvirtd() throws IOException {
        Files.createDirectories(Path.of("/run/libvirt"));
        Files.createDirectories(Path.of("/run/openvswitch"));
        Files.createDirectories(Path.of("/var/log/libvirt"));
        // Trying what QEMU can do takes libvirt ten seconds; what another run found out is used again.
        String script = """
                set -e
                mount --bind $H/run /run/libvirt; mount --bind $H/lib /var/lib/libvirt
                mount --bind $H/etc /etc/libvirt; mount --bind $H/log /var/log/libvirt
                mount --bind $H/ovs /run/openvswitch
                opt=${NEPHOS_OPT:-/var/lib/nephos/opt}/libvirt-cache
                [ -d "$opt" ] && cp -a "$opt"/. $H/cache/ || true
                mount --bind $H/cache /var/cache/libvirt
                install -m 000 /dev/null $H/no-kvm; mount --bind $H/no-kvm /dev/kvm || true
                exec libvirtd -p $H/run/libvirtd.pid
                """;
        ProcessBuilder builder = new ProcessBuilder("unshare", "-m", "--propagation", "private", "bash", "-c", script);
        builder.environment().put("H", home.toString());
        libvirtd = Optional.of(builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("libvirtd.log").toFile()))
                .start());
        until("libvirtd answers", PATIENCE, () -> succeeds(() -> virsh("version")));
    }

    void killLibvirtd() throws InterruptedException {
        Process process = libvirtd.orElseThrow();
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }

    private void startSwitch() throws IOException {
        Path ovs = home.resolve("ovs");
        Commands.run(
                PATIENCE,
                "ovsdb-tool",
                "create",
                ovs.resolve("conf.db").toString(),
                "/usr/share/openvswitch/vswitch.ovsschema");
        start(
                "ovsdb-server",
                "--unixctl=" + ovs.resolve("ovsdb.ctl"),
                "--remote=punix:" + ovs.resolve("db.sock"),
                ovs.resolve("conf.db").toString());
        until("ovsdb answers", PATIENCE, () -> succeeds(() -> vsctl("--no-wait", "init")));
        startVswitchd();
        vsctl("add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev");
    }

    private void startVswitchd() throws IOException {
        vswitchd = Optional.of(start("ovs-vswitchd", "--unixctl=" + home.resolve("ovs/vswitchd.ctl"), ovsDatabase()));
    }

    /** As its supervisor would after a kill. */
    void killAndRestartVswitchd() throws IOException, InterruptedException {
        vswitchd.orElseThrow().destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        startVswitchd();
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("ovs.log").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    static void until(String what, Duration patience, BooleanSupplier condition) {
        Instant end = Instant.now().plus(patience);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not within " + patience.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static boolean succeeds(Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        succeeds(() -> virsh("list", "--all", "--name")
                .lines()
                .filter(name -> !name.isBlank())
                .forEach(name -> {
                    succeeds(() -> virsh("destroy", name));
                    succeeds(() -> virsh("undefine", name));
                }));
        succeeds(() -> vsctl("del-br", BRIDGE));
        libvirtd.ifPresent(Process::destroy);
        libvirtd.orElseThrow().waitFor(5, TimeUnit.SECONDS);
        for (Process process : processes.reversed()) {
            process.destroy();
            process.waitFor(5, TimeUnit.SECONDS);
        }
        if (!Boolean.getBoolean("nephos.it.keep")) {
            io.nephos.agent.file.DurableFile.delete(home);
        }
    }
}
