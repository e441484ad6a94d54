package io.nephos.agent.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.agent.command.Commands;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.Power;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.NbdConnection;
import io.nephos.contracts.agent.v1.PortSpec;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.agent.v1.VolumeSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The agent's steps on a real libvirtd, a real Open vSwitch and a guest that really boots (TCG). */
@EnabledIf("io.nephos.agent.instance.TestHost#possible")
final class InstanceIT {
    private static final Duration BOOT = Duration.ofSeconds(90);

    @org.jspecify.annotations.Nullable
    private static TestHost host;

    private Optional<TestAgent> agent = Optional.empty();

    @BeforeAll
    static void makeHost() throws Exception {
        host = new TestHost();
    }

    @AfterAll
    static void removeHost() throws Exception {
        if (host != null) {
            host.close();
        }
    }

    @AfterEach
    void removeInstances() {
        agent.ifPresent(running -> {
            running.store.ids().forEach(running.convergence::remove);
            running.close();
        });
    }

    private TestAgent agent() {
        TestAgent made = agent.orElseGet(() -> new TestAgent(host()));
        agent = Optional.of(made);
        return made;
    }

    private static TestHost host() {
        return Optional.ofNullable(host).orElseThrow();
    }

    private void untilConsoleSays(String id, String text) {
        TestHost.until(
                "\"" + text + "\" on the console",
                BOOT,
                () -> agent().store.consoleTail(id, 0).contains(text));
    }

    @Test
    void aGuestBootsAndTheSameCallAgainChangesNothing() {
        InstanceSpec spec = TestAgent.spec().build();
        assertTrue(agent().ensure(spec));
        assertEquals(Power.RUNNING, agent().power(spec.getId()));
        assertFalse(agent().ensure(spec));
        untilConsoleSays(spec.getId(), "login:");
        ObservedDomain domain = agent().hypervisor.find(spec.getId()).orElseThrow();
        assertEquals(1, domain.generation());
    }

    @Test
    void aGuestGetsItsMetadataByItsAddress() throws Exception {
        PortSpec port = TestAgent.port("10.99.0.10", 16);
        InstanceSpec spec = TestAgent.spec().addPorts(port).build();
        String namespace = "nephos-it-" + TestAgent.NETWORK.substring(0, 8);
        // A host that was stopped leaves the names of its namespaces behind.
        Files.createFile(Path.of("/run/netns", namespace));
        agent().metadata.serve(spec);
        serveAddresses(namespace, "tapmd" + TestAgent.NETWORK.substring(0, 8));
        agent().ensure(spec);
        untilConsoleSays(spec.getId(), "READY");
        String console = agent().store.consoleTail(spec.getId(), 0);
        assertTrue(console.contains("it-guest"), console);
        assertTrue(console.contains("keys=1") || console.contains("source=http"), console);

        // Somebody kills HAProxy and takes the port away: the next look puts both back.
        Commands.run(Duration.ofSeconds(5), "bash", "-c", "kill -9 $(ip netns pids " + namespace + ")");
        host().vsctl("del-port", "tapmd" + TestAgent.NETWORK.substring(0, 8));
        agent().metadata.keep();
        assertTrue(Commands.run(Duration.ofSeconds(5), "ip", "-n", namespace, "addr")
                .contains("169.254.169.254/32"));
        assertTrue(Commands.run(Duration.ofSeconds(5), "ip", "netns", "exec", namespace, "ss", "-Hltn")
                .contains("169.254.169.254:80"));

        // The switch is killed: its own devices die with it, wherever they were moved to.
        host().killAndRestartVswitchd();
        TestHost.until("the switch is back", Duration.ofSeconds(10), () -> TestHost.succeeds(agent().bridge::check));
        agent().metadata.keep();
        assertTrue(Commands.run(Duration.ofSeconds(5), "ip", "-n", namespace, "addr")
                .contains("169.254.169.254/32"));

        agent().convergence.remove(spec.getId());
        assertFalse(Files.exists(Path.of("/run/netns", namespace)));
        assertFalse(host().vsctl("list-ports", TestHost.BRIDGE).contains("tap"));
    }

    private static void serveAddresses(String namespace, String device) {
        try {
            Path configuration = host().home().resolve("udhcpd.conf");
            Path leases = Files.createFile(host().home().resolve("leases"));
            Files.writeString(configuration, """
                    start 10.99.0.10
                    end 10.99.0.10
                    interface %s
                    lease_file %s
                    pidfile %s/udhcpd.pid
                    opt subnet 255.255.255.0
                    opt lease 600
                    opt staticroutes 169.254.169.254/32 10.99.0.1
                    """.formatted(device, leases, host().home()));
            Commands.run(Duration.ofSeconds(5), "ip", "-n", namespace, "addr", "add", "10.99.0.1/24", "dev", device);
            Commands.daemonize(
                    Duration.ofSeconds(5),
                    host().home().resolve("udhcpd.log"),
                    List.of("ip", "netns", "exec", namespace, "busybox", "udhcpd", configuration.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void portsAndVolumesComeAndGoWhileTheGuestRuns() throws Exception {
        InstanceSpec first = TestAgent.spec().build();
        String id = first.getId();
        agent().ensure(first);
        untilConsoleSays(id, "login:");
        PortSpec port = TestAgent.port("10.99.0.20", 32);
        Path volume = Files.write(host().home().resolve("volume.raw"), new byte[1 << 20]);
        String credentials = "tls-creds-x509,id=tls0,endpoint=server,verify-peer=yes,dir=" + host().credentials();
        Process nbd = new ProcessBuilder(List.of(("qemu-nbd --object " + credentials
                                + " --tls-creds tls0 -f raw -x vol -e 4 -t -b 127.0.0.1 -p 20809 " + volume)
                        .split(" ")))
                .redirectErrorStream(true)
                .redirectOutput(host().home().resolve("nbd.log").toFile())
                .start();
        try {
            TestHost.until(
                    "qemu-nbd listens",
                    BOOT,
                    () -> TestHost.succeeds(
                            () -> Commands.run(Duration.ofSeconds(5), "bash", "-c", "ss -Hltn | grep -q :20809")));
            VolumeSpec disk = VolumeSpec.newBuilder()
                    .setAttachmentId(UUID.randomUUID().toString())
                    .setVolumeId(UUID.randomUUID().toString())
                    .setBootIndex(-1)
                    .setNbd(NbdConnection.newBuilder()
                            .setHost("127.0.0.1")
                            .setPort(20809)
                            .setExport("vol")
                            .setTlsHostname("block"))
                    .build();
            InstanceSpec more = first.toBuilder()
                    .setGeneration(2)
                    .addPorts(port)
                    .addVolumes(disk)
                    .build();
            assertTrue(agent().ensure(more));
            ObservedDomain domain = agent().hypervisor.find(id).orElseThrow();
            assertTrue(domain.live().hasPort(port.getId()));
            assertTrue(domain.live().hasVolume(disk.getAttachmentId()));
            assertTrue(domain.configured().hasVolume(disk.getAttachmentId()));
            assertTrue(agent().bridge.interfaceIds().containsValue(port.getId()));
            assertFalse(agent().ensure(more));

            // Somebody takes the port off the bridge.
            host().vsctl("del-port", "tap" + port.getId().substring(0, 11));
            assertTrue(agent().ensure(more));
            assertTrue(agent().bridge.interfaceIds().containsValue(port.getId()));

            InstanceSpec less = first.toBuilder().setGeneration(3).build();
            assertTrue(agent().ensure(less));
            domain = agent().hypervisor.find(id).orElseThrow();
            assertEquals(List.of(), domain.live().volumes());
            assertEquals(List.of(), domain.live().ports());
            assertFalse(agent().bridge.interfaceIds().containsValue(port.getId()));
            assertThrows(Fencing.Stale.class, () -> agent().ensure(more));
        } finally {
            nbd.destroy();
        }
    }

    @Test
    void aGuestIsStoppedStartedRebootedAndRemovedWithoutLeftOvers() {
        PortSpec port = TestAgent.port("10.99.0.30", 48);
        InstanceSpec spec = TestAgent.spec().addPorts(port).build();
        String id = spec.getId();
        agent().ensure(spec);
        untilConsoleSays(id, "login:");
        long start = System.nanoTime();
        agent().ensure(spec.toBuilder()
                .setGeneration(2)
                .setPowerState(PowerState.POWER_STATE_SHUTOFF)
                .build());
        assertTrue(System.nanoTime() - start < 19_000_000_000L, "the guest obeyed the power button");
        assertEquals(Power.SHUTOFF, agent().power(id));
        assertEquals(List.of(), agent().bridge.devicesOf(id));

        agent().ensure(spec.toBuilder().setGeneration(3).build());
        assertEquals(Power.RUNNING, agent().power(id));
        agent().convergence.reboot(id, false, TestAgent.GO_ON);
        agent().convergence.reboot(id, true, TestAgent.GO_ON);
        assertEquals(Power.RUNNING, agent().power(id));
        agent().ensure(spec.toBuilder()
                .setGeneration(4)
                .setPowerState(PowerState.POWER_STATE_PAUSED)
                .build());
        assertEquals(Power.PAUSED, agent().power(id));
        agent().ensure(spec.toBuilder().setGeneration(5).build());
        assertEquals(Power.RUNNING, agent().power(id));

        assertTrue(agent().convergence.remove(id));
        assertFalse(agent().convergence.remove(id));
        assertEquals("", host().virsh("list", "--all", "--name").strip());
        assertEquals("", host().vsctl("list-ports", TestHost.BRIDGE).strip());
        assertFalse(Files.exists(agent().store.disk(id)));
        assertFalse(agent().store.exists(id));
    }

    @Test
    void aGuestThatShutsItselfDownStaysOffUntilANewGenerationAsks() {
        InstanceSpec spec = TestAgent.spec().build();
        agent().ensure(spec);
        untilConsoleSays(spec.getId(), "login:");
        TestHost.until("the guest is off", BOOT, () -> {
            TestHost.succeeds(() -> host().virsh("shutdown", spec.getName()));
            return agent().power(spec.getId()) == Power.SHUTOFF;
        });
        assertFalse(agent().ensure(spec));
        assertEquals(Power.SHUTOFF, agent().power(spec.getId()));
        agent().ensure(spec.toBuilder().setGeneration(2).build());
        assertEquals(Power.RUNNING, agent().power(spec.getId()));
        // A killed QEMU is no decision of the guest's.
        Commands.run(
                Duration.ofSeconds(5),
                "bash",
                "-c",
                "kill -9 $(cat " + host().home().resolve("run/qemu/" + spec.getName() + ".pid") + ")");
        TestHost.until("QEMU is gone", BOOT, () -> agent().power(spec.getId()) == Power.CRASHED);
        agent().ensure(spec.toBuilder().setGeneration(2).build());
        assertEquals(Power.RUNNING, agent().power(spec.getId()));
    }

    @Test
    void theGuestOutlivesLibvirtdAndTheAgentFindsItAgain() throws Exception {
        InstanceSpec spec =
                TestAgent.spec().addPorts(TestAgent.port("10.99.0.40", 64)).build();
        String id = spec.getId();
        agent().ensure(spec);
        host().killLibvirtd();
        TestHost.until("calls fail at once", Duration.ofSeconds(5), () -> {
            try {
                agent().hypervisor.check();
                return false;
            } catch (HypervisorException.Unavailable e) {
                return true;
            }
        });
        host().startLibvirtd();
        TestHost.until(
                "the agent is connected again",
                Duration.ofSeconds(10),
                () -> TestHost.succeeds(agent().hypervisor::check));
        assertEquals(Power.RUNNING, agent().power(id));
        assertFalse(agent().ensure(spec));

        // Events come again, too.
        java.util.concurrent.CountDownLatch told = new java.util.concurrent.CountDownLatch(1);
        agent().hypervisor.onChange(changed -> {
            if (changed.equals(id)) {
                told.countDown();
            }
        });
        host().virsh("suspend", spec.getName());
        assertTrue(told.await(5, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Test
    void libvirtdMayBeKilledAtAnyMomentOfCreationAndRemoval() throws Exception {
        long seed = Long.getLong("nephos.it.seed", 42);
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            String told = "seed " + seed + " round " + round;
            InstanceSpec spec = TestAgent.spec()
                    .addPorts(TestAgent.port("10.99.0.60", 96 + round))
                    .build();
            agent().hypervisor.check();
            killDuring(random.nextInt(900), () -> agent().ensure(spec));
            TestHost.until(
                    "the same call succeeds, " + told, BOOT, () -> TestHost.succeeds(() -> agent().ensure(spec)));
            assertEquals(Power.RUNNING, agent().power(spec.getId()), told);
            assertFalse(agent().ensure(spec), told);
            killDuring(random.nextInt(600), () -> agent().convergence.remove(spec.getId()));
            TestHost.until(
                    "the removal succeeds, " + told,
                    BOOT,
                    () -> TestHost.succeeds(() -> agent().convergence.remove(spec.getId())));
            assertEquals("", host().virsh("list", "--all", "--name").strip(), told);
            assertFalse(host().vsctl("list-ports", TestHost.BRIDGE).contains("tap"), told);
            assertFalse(
                    TestHost.succeeds(() ->
                            Commands.run(Duration.ofSeconds(5), "pgrep", "-f", "qemu-system.* -uuid " + spec.getId())),
                    told);
        }
    }

    private static void killDuring(int millis, Runnable action) throws Exception {
        Thread worker = Thread.ofVirtual().start(() -> TestHost.succeeds(action));
        Thread.sleep(millis);
        host().killLibvirtd();
        host().startLibvirtd();
        worker.join();
    }

    @Test
    void aKillBetweenAnyTwoStepsIsMadeGoodByTheSameCall() {
        for (int steps = 0; steps < 4; steps++) {
            InstanceSpec spec = TestAgent.spec()
                    .addPorts(TestAgent.port("10.99.0.50", 80 + steps))
                    .build();
            int limit = steps;
            int[] taken = {0};
            assertThrows(
                    IllegalStateException.class,
                    () -> agent().convergence.ensure(new Instance(spec), () -> {
                        if (taken[0]++ == limit) {
                            throw new IllegalStateException("killed");
                        }
                    }),
                    "killed before step " + limit);
            agent().close();
            agent = Optional.empty();
            agent().ensure(spec);
            assertEquals(Power.RUNNING, agent().power(spec.getId()));
            assertFalse(agent().ensure(spec));
            agent().convergence.remove(spec.getId());
            assertEquals("", host().vsctl("list-ports", TestHost.BRIDGE).strip());
            assertEquals(List.of(), agent().store.ids());
        }
    }
}
