package io.nephos.agent;

import io.nephos.agent.ceph.CephDisks;
import io.nephos.agent.fake.FakeBridge;
import io.nephos.agent.fake.FakeDisks;
import io.nephos.agent.fake.FakeFault;
import io.nephos.agent.fake.FakeHypervisor;
import io.nephos.agent.fake.InternalPortBridge;
import io.nephos.agent.host.NumaCells;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.image.ClonedDisks;
import io.nephos.agent.image.Disks;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.image.QemuImg;
import io.nephos.agent.image.TicketDownload;
import io.nephos.agent.instance.InstanceStore;
import io.nephos.agent.libvirt.BootProbe;
import io.nephos.agent.libvirt.CpuPlacement;
import io.nephos.agent.libvirt.LibvirtHypervisor;
import io.nephos.agent.metadata.GuestMetadata;
import io.nephos.agent.metadata.MetadataNetworks;
import io.nephos.agent.metadata.NamespaceNetworks;
import io.nephos.agent.ovs.IntegrationBridge;
import io.nephos.agent.ovs.OvsBridge;
import io.nephos.rbd.RbdAccess;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSettings;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Which parts stand behind the agent's ports, by configuration. */
@ApplicationScoped
public class Wiring {
    private final AgentConfig config;

    @Inject
    public Wiring(AgentConfig config) {
        this.config = config;
    }

    /** Where HAProxy passes guests' requests to; a Unix socket's path is short by law. */
    public static Path metadataSocket(AgentConfig config) {
        return state(config).resolve("metadata.sock");
    }

    private static Path state(AgentConfig config) {
        return config.state().toAbsolutePath();
    }

    private boolean fake() {
        return switch (config.hypervisor()) {
            case "fake" -> true;
            case "libvirt" -> false;
            default ->
                throw new IllegalArgumentException(
                        "nephos.agent.hypervisor is libvirt or fake, not " + config.hypervisor());
        };
    }

    @Produces
    @Singleton
    Hypervisor hypervisor() {
        if (fake()) {
            return new FakeHypervisor(
                    state(config),
                    FakeFault.of(config.fake().fault(), config.fake().faultMatch()));
        }
        return new LibvirtHypervisor(
                new LibvirtHypervisor.LibvirtSettings(
                        config.libvirt().uri(),
                        config.libvirt().threads(),
                        config.libvirt().tcgCpu(),
                        config.bridge(),
                        config.libvirt().nbdReconnectSeconds(),
                        this::ceph,
                        new CpuPlacement(
                                NumaCells.ofThisHost(),
                                NumaCells.cpus(config.dedicatedCpus().orElse("")))),
                new BootProbe(config.virtType(), state(config)));
    }

    void close(@Disposes Hypervisor hypervisor) {
        hypervisor.close();
    }

    @Produces
    @Singleton
    IntegrationBridge bridge() {
        OvsBridge bridge = new OvsBridge(config.bridge(), config.ovsDb());
        if (!fake()) {
            return bridge;
        }
        return config.fake().plugsPorts() ? new InternalPortBridge(bridge) : new FakeBridge();
    }

    @Produces
    @Singleton
    Disks disks() {
        return fake() ? new FakeDisks() : new QemuImg();
    }

    private Optional<RbdAccess> ceph() {
        AgentConfig.Rbd rbd = config.rbd();
        if (!Files.exists(Path.of(rbd.conf()))) {
            return Optional.empty();
        }
        try {
            return Optional.of(RbdAccess.read(rbd.conf(), rbd.user()));
        } catch (IOException e) {
            throw new HypervisorException.Unavailable("the configuration of Ceph cannot be read: " + e.getMessage());
        }
    }

    @Produces
    @Singleton
    ClonedDisks clonedDisks() {
        AgentConfig.Rbd rbd = config.rbd();
        return rbd.pool()
                .filter(pool -> !fake())
                .<ClonedDisks>map(pool -> new CephDisks(
                        new RbdPool(new RbdSettings(rbd.conf(), rbd.user(), pool, rbd.timeout())), config.host()))
                .orElse(ClonedDisks.NONE);
    }

    @Produces
    @Singleton
    InstanceStore store() {
        return new InstanceStore(state(config));
    }

    @Produces
    @Singleton
    ImageCache images(InstanceStore store, Peers peers) {
        return new ImageCache(
                state(config).resolve("images"),
                new TicketDownload(peers),
                store::imagesInUse,
                Clock.systemUTC(),
                new ImageCache.Limits(
                        config.imageCache().maxAge(), config.imageCache().minFreeMib() << 20));
    }

    @Produces
    @Singleton
    GuestMetadata metadata(InstanceStore store, IntegrationBridge bridge) {
        MetadataNetworks networks = fake() || !config.metadata().enabled()
                ? MetadataNetworks.NONE
                : new NamespaceNetworks(state(config), metadataSocket(config), config.netnsPrefix(), bridge);
        GuestMetadata metadata = new GuestMetadata(networks);
        store.ids().forEach(id -> store.spec(id).ifPresent(metadata::recall));
        return metadata;
    }
}
