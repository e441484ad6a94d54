package io.nephos.agent.instance;

import com.google.protobuf.ByteString;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.image.ClonedDisks;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.image.QemuImg;
import io.nephos.agent.libvirt.BootProbe;
import io.nephos.agent.libvirt.CpuPlacement;
import io.nephos.agent.libvirt.LibvirtHypervisor;
import io.nephos.agent.metadata.GuestMetadata;
import io.nephos.agent.metadata.MetadataServer;
import io.nephos.agent.metadata.NamespaceNetworks;
import io.nephos.agent.ovs.OvsBridge;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.contracts.agent.v1.InstanceMetadata;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PortSpec;
import io.nephos.contracts.agent.v1.PowerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** The agent's parts; a second one made over the same state is the agent started again after a kill. */
final class TestAgent implements AutoCloseable {
    static final String NETWORK = UUID.randomUUID().toString();
    static final Runnable GO_ON = () -> {};

    final LibvirtHypervisor hypervisor;
    final OvsBridge bridge;
    final InstanceStore store;
    final GuestMetadata metadata;
    final Convergence convergence;
    private final MetadataServer server;

    TestAgent(TestHost host) {
        Path state = host.home().resolve("state");
        Path socket = host.home().resolve("metadata.sock");
        hypervisor = new LibvirtHypervisor(
                new LibvirtHypervisor.LibvirtSettings(
                        host.libvirtUri(),
                        4,
                        "Nehalem",
                        TestHost.BRIDGE,
                        30,
                        Optional::empty,
                        new CpuPlacement(List.of(), new TreeSet<>())),
                new BootProbe("qemu", state));
        bridge = new OvsBridge(TestHost.BRIDGE, Optional.of(host.ovsDatabase()));
        store = new InstanceStore(state);
        metadata = new GuestMetadata(new NamespaceNetworks(state, socket, "nephos-it-", bridge));
        store.ids().forEach(id -> store.spec(id).ifPresent(metadata::recall));
        server = new MetadataServer(socket, metadata);
        ImageCache images = new ImageCache(
                state.resolve("images"),
                (ticket, offset) -> guestBytes(offset),
                store::imagesInUse,
                Clock.systemUTC(),
                new ImageCache.Limits(Duration.ofHours(1), 0));
        convergence = new Convergence(
                hypervisor,
                bridge,
                store,
                images,
                new QemuImg(),
                ClonedDisks.NONE,
                metadata,
                new Convergence.Patience(Duration.ofSeconds(20), Duration.ofSeconds(20)));
        TestHost.until("libvirt is connected", Duration.ofSeconds(10), () -> TestHost.succeeds(hypervisor::check));
    }

    boolean ensure(InstanceSpec spec) {
        return convergence.ensure(new Instance(spec), GO_ON);
    }

    Power power(String id) {
        return hypervisor.find(id).orElseThrow().power();
    }

    @Override
    public void close() {
        hypervisor.close();
        metadata.quiesce();
        server.close();
    }

    private static Iterator<ByteString> guestBytes(long offset) {
        try {
            byte[] bytes = Files.readAllBytes(TestHost.guestImage().orElseThrow());
            return List.of(ByteString.copyFrom(bytes, (int) offset, bytes.length - (int) offset))
                    .iterator();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-512")
                            .digest(Files.readAllBytes(TestHost.guestImage().orElseThrow())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A running server of the guest's image. */
    static InstanceSpec.Builder spec() {
        String id = UUID.randomUUID().toString();
        return InstanceSpec.newBuilder()
                .setId(id)
                .setGeneration(1)
                .setProjectId("p")
                .setName("instance-" + id.substring(0, 8))
                .setVcpus(1)
                .setMemoryMib(128)
                .setRootDiskGib(1)
                .setImage(ImageRef.newBuilder()
                        .setId(UUID.randomUUID().toString())
                        .setSha512(digest())
                        .setDiskFormat("qcow2")
                        .setTicket("t"))
                .setPowerState(PowerState.POWER_STATE_RUNNING)
                .setMetadata(InstanceMetadata.newBuilder()
                        .setHostname("it-guest")
                        .putPublicKeys("k", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIfake it"));
    }

    /** @param last byte of its MAC address */
    static PortSpec port(String address, int last) {
        return PortSpec.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setMacAddress("fa:16:3e:00:00:%02x".formatted(last))
                .setMtu(1442)
                .setNetworkId(NETWORK)
                .addFixedIps(address)
                .build();
    }
}
