package io.nephos.agent.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.agent.ceph.CephDisks;
import io.nephos.agent.command.Commands;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.image.ImageCache;
import io.nephos.agent.image.ImageFault;
import io.nephos.agent.image.QemuImg;
import io.nephos.agent.libvirt.BootProbe;
import io.nephos.agent.libvirt.CpuPlacement;
import io.nephos.agent.libvirt.LibvirtHypervisor;
import io.nephos.agent.metadata.GuestMetadata;
import io.nephos.agent.metadata.MetadataNetworks;
import io.nephos.agent.ovs.OvsBridge;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.contracts.agent.v1.InstanceMetadata;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.agent.v1.VolumeSpec;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.rbd.Ceph;
import io.nephos.rbd.RbdAccess;
import io.nephos.rbd.RbdImage;
import io.nephos.rbd.RbdPool;
import io.nephos.rbd.RbdSettings;
import io.nephos.rbd.RbdSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** A guest that really boots (TCG) from a clone in a real Ceph cluster, with a volume there too. */
@EnabledIf("possible")
final class CephIT {
    private static final Duration BOOT = Duration.ofSeconds(90);
    private static final Runnable GO_ON = () -> {};

    static boolean possible() {
        return TestHost.possible() && Ceph.installed();
    }

    @Test
    void aGuestBootsFromACloneThatGoesWithIt() throws Exception {
        try (Ceph ceph = Ceph.start();
                TestHost host = new TestHost()) {
            RbdLocation image = image(ceph, host.home());
            String volumeName = "volume-" + UUID.randomUUID();
            pool(ceph, "cinder", "volumes").create(volumeName, 64L << 20).close();
            try (LibvirtHypervisor hypervisor = hypervisor(ceph, host)) {
                TestHost.until("libvirt is connected", BOOT, () -> TestHost.succeeds(hypervisor::check));
                InstanceStore store = new InstanceStore(host.home().resolve("state"));
                Convergence convergence = convergence(ceph, host, hypervisor, store);
                InstanceSpec spec = spec(image)
                        .addVolumes(VolumeSpec.newBuilder()
                                .setAttachmentId(UUID.randomUUID().toString())
                                .setVolumeId(UUID.randomUUID().toString())
                                .setBootIndex(-1)
                                .setRbd(RbdLocation.newBuilder()
                                        .setFsid(image.getFsid())
                                        .setPool("volumes")
                                        .setImage(volumeName)))
                        .build();
                String id = spec.getId();
                String disk = "vms/" + id + "_disk";
                assertTrue(convergence.ensure(new Instance(spec), GO_ON));
                assertTrue(ceph.rbd("info", disk).contains("parent: images/" + image.getImage() + "@snap"));
                String domain = host.virsh("dumpxml", spec.getName());
                assertTrue(domain.contains("<source protocol='rbd' name='" + disk + "'"), domain);
                assertFalse(domain.contains("disk.qcow2"), domain);
                TestHost.until(
                        "the guest is up", BOOT, () -> store.consoleTail(id, 0).contains("login:"));
                String used = ceph.rbd("du", "--format", "json", disk);
                System.out.println("what the guest has written: " + used);
                assertFalse(convergence.ensure(new Instance(withoutLocation(spec)), GO_ON));

                // Another host cannot take the disk from under the guest.
                CephDisks other = new CephDisks(pool(ceph, "nova", "vms"), "h2");
                assertThrows(ImageFault.Unavailable.class, () -> other.ensure(id, spec.getImage(), 1));
                InstanceSpec less = withoutLocation(spec).toBuilder()
                        .setGeneration(2)
                        .clearVolumes()
                        .build();
                assertTrue(convergence.ensure(new Instance(less), GO_ON));
                assertTrue(hypervisor.find(id).orElseThrow().live().volumes().isEmpty());
                assertEquals(Power.RUNNING, hypervisor.find(id).orElseThrow().power());

                assertTrue(convergence.remove(id));
                assertEquals("", ceph.rbd("ls", "vms").strip());
                // Built again there, the disk is that host's: what the first one removes late is not this.
                other.ensure(id, spec.getImage(), 1);
                new CephDisks(pool(ceph, "nova", "vms"), "h1").remove(id);
                assertEquals(id + "_disk", ceph.rbd("ls", "vms").strip());
                other.remove(id);
                assertEquals("", ceph.rbd("ls", "vms").strip());
            }
        }
    }

    /** The tiny guest as image-service keeps it. */
    private static RbdLocation image(Ceph ceph, Path home) throws IOException {
        Path raw = home.resolve("guest.raw");
        Commands.run(
                BOOT,
                "qemu-img",
                "convert",
                "-f",
                "qcow2",
                "-O",
                "raw",
                TestHost.guestImage().orElseThrow().toString(),
                raw.toString());
        String name = UUID.randomUUID().toString();
        ceph.rbd("import", "--no-progress", raw.toString(), "images/" + name);
        try (RbdImage image = pool(ceph, "glance", "images").open(name)) {
            RbdSnapshot snapshot = image.snapshot("snap");
            return RbdLocation.newBuilder()
                    .setFsid(snapshot.fsid())
                    .setPool(snapshot.pool())
                    .setImage(snapshot.image())
                    .setSnapshot(snapshot.name())
                    .build();
        }
    }

    private static InstanceSpec.Builder spec(RbdLocation image) {
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
                        .setSha512("ab".repeat(64))
                        .setDiskFormat("raw")
                        .setTicket("t")
                        .setRbd(image))
                .setPowerState(PowerState.POWER_STATE_RUNNING)
                .setMetadata(InstanceMetadata.newBuilder().setHostname("it-guest"));
    }

    /** As compute sends it once the server is built. */
    private static InstanceSpec withoutLocation(InstanceSpec spec) {
        InstanceSpec.Builder later = spec.toBuilder();
        later.getImageBuilder().clearTicket().clearRbd();
        return later.build();
    }

    private static LibvirtHypervisor hypervisor(Ceph ceph, TestHost host) {
        return new LibvirtHypervisor(
                new LibvirtHypervisor.LibvirtSettings(
                        host.libvirtUri(),
                        4,
                        "Nehalem",
                        TestHost.BRIDGE,
                        30,
                        () -> Optional.of(access(ceph)),
                        new CpuPlacement(List.of(), new TreeSet<>())),
                new BootProbe("qemu", host.home().resolve("state")));
    }

    private static RbdAccess access(Ceph ceph) {
        try {
            return RbdAccess.read(ceph.configuration(), "nova");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Convergence convergence(
            Ceph ceph, TestHost host, LibvirtHypervisor hypervisor, InstanceStore store) {
        ImageCache images = new ImageCache(
                host.home().resolve("state/images"),
                (ticket, offset) -> {
                    throw new AssertionError("the image is not downloaded");
                },
                store::imagesInUse,
                Clock.systemUTC(),
                new ImageCache.Limits(Duration.ofHours(1), 0));
        return new Convergence(
                hypervisor,
                new OvsBridge(TestHost.BRIDGE, Optional.of(host.ovsDatabase())),
                store,
                images,
                new QemuImg(),
                new CephDisks(pool(ceph, "nova", "vms"), "h1"),
                new GuestMetadata(MetadataNetworks.NONE),
                new Convergence.Patience(Duration.ofSeconds(20), Duration.ofSeconds(20)));
    }

    private static RbdPool pool(Ceph ceph, String user, String name) {
        return new RbdPool(new RbdSettings(ceph.configuration(), user, name, 10));
    }
}
