package io.nephos.agent.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.agent.host.NumaCells;
import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.agent.hypervisor.VolumeSource;
import io.nephos.rbd.RbdAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class DomainXmlTest {
    private static final PortDevice PORT =
            new PortDevice("bbbbbbbb-0000-4000-8000-000000000001", "fa:16:3e:00:00:01", 1442);
    private static final VolumeDevice VOLUME = new VolumeDevice(
            "dddddddd-0000-4000-8000-000000000001",
            "eeeeeeee-0000-4000-8000-000000000001",
            "vdb",
            -1,
            false,
            new VolumeSource.Nbd("10.77.0.1", 10809, "vol-1", "block"));
    private static final DomainSpec SPEC = new DomainSpec(
            "1a2b3c4d-0000-4000-8000-000000000001",
            "instance-1a2b3c4d",
            "it's <web> & co",
            "p1",
            2,
            256,
            List.of(),
            new RootDisk.InFile(Path.of("/state/disk.qcow2")),
            Path.of("/state/console.log"),
            List.of(PORT),
            List.of(VOLUME));
    private static final CpuPlacement PLACEMENT = new CpuPlacement(
            List.of(
                    new NumaCells.Cell(0, new TreeSet<>(Set.of(0, 1)), 1024, 0),
                    new NumaCells.Cell(1, new TreeSet<>(Set.of(2, 3)), 1024, 0)),
            new TreeSet<>(Set.of(1, 3)));
    private static final DomainXml XML = new DomainXml(
            VirtType.QEMU,
            "Nehalem",
            "br-int",
            30,
            PLACEMENT,
            () -> new RbdAccess(List.of("10.0.0.1:6789", "10.0.0.2:3300"), "nova", Optional.of("c2VjcmV0")));

    @Test
    void whatIsWrittenIsReadBack() {
        DomainXmlReader reader = new DomainXmlReader(XML.domain(SPEC, 7));
        assertEquals(
                new DomainXmlReader.Identity(SPEC.id(), 7, SPEC.fingerprint()),
                reader.identity().orElseThrow());
        assertEquals(SPEC.name(), reader.name());
        Devices devices = reader.devices();
        assertEquals(List.of(PORT), devices.ports());
        assertEquals(List.of("vda", "vdb"), devices.targets());
        assertTrue(devices.volumes().getFirst().sameSource(VOLUME));
        assertEquals(VOLUME.target(), devices.volumes().getFirst().target());
    }

    @Test
    void aDomainOfSomebodyElseHasNoIdentity() {
        assertTrue(new DomainXmlReader("<domain><name>x</name><devices/></domain>")
                .identity()
                .isEmpty());
    }

    @Test
    void theDeviceToUnplugIsFoundByItsAlias() {
        DomainXmlReader reader = new DomainXmlReader(XML.domain(SPEC, 7));
        String disk =
                reader.device(DomainXml.VOLUME_ALIAS + VOLUME.attachmentId()).orElseThrow();
        assertTrue(disk.startsWith("<disk") && disk.contains("vol-1"), disk);
        String card = reader.device(DomainXml.PORT_ALIAS + PORT.id()).orElseThrow();
        assertTrue(card.startsWith("<interface") && card.contains(PORT.mac()), card);
        assertTrue(reader.device("ua-nothing").isEmpty());
    }

    @Test
    void aDomainHasRoomForDevicesThatComeLater() {
        String xml = XML.domain(SPEC, 0);
        assertTrue(xml.split("pcie-root-port").length > 12);
        assertTrue(xml.contains("<tb-cache unit='MiB'>32</tb-cache>"));
        assertTrue(xml.contains("<serial>" + VOLUME.volumeId().substring(0, 20) + "</serial>"));
        assertTrue(xml.contains("<mtu size='1442'/>"));
    }

    @Test
    void disksInCephAreReachedByQemuItselfWithASecret() {
        VolumeDevice volume = new VolumeDevice(
                VOLUME.attachmentId(),
                VOLUME.volumeId(),
                "vdb",
                -1,
                true,
                new VolumeSource.Ceph("volumes", "volume-" + VOLUME.volumeId()));
        String xml = XML.domain(
                new DomainSpec(
                        SPEC.id(),
                        SPEC.name(),
                        SPEC.title(),
                        SPEC.projectId(),
                        SPEC.vcpus(),
                        SPEC.memoryMib(),
                        SPEC.cells(),
                        new RootDisk.InCeph("vms", SPEC.id() + "_disk"),
                        SPEC.consoleLog(),
                        List.of(),
                        List.of(volume)),
                1);
        assertTrue(xml.contains("<source protocol='rbd' name='vms/" + SPEC.id() + "_disk'>"), xml);
        assertTrue(xml.contains("<host name='10.0.0.1' port='6789'/>"), xml);
        assertTrue(xml.contains("<host name='10.0.0.2' port='3300'/>"), xml);
        assertTrue(
                xml.contains("<auth username='nova'><secret type='ceph' uuid='" + CephSecret.id("nova") + "'/>"), xml);
        assertFalse(xml.contains("c2VjcmV0"), xml);
        Devices devices = new DomainXmlReader(xml).devices();
        assertEquals(List.of("vda", "vdb"), devices.targets());
        assertTrue(devices.volumes().getFirst().sameSource(volume));
        assertTrue(devices.volumes().getFirst().readOnly());
    }

    @Test
    void theFingerprintFollowsTheDefinition() {
        DomainSpec larger = new DomainSpec(
                SPEC.id(),
                SPEC.name(),
                SPEC.title(),
                SPEC.projectId(),
                4,
                SPEC.memoryMib(),
                SPEC.cells(),
                SPEC.rootDisk(),
                SPEC.consoleLog(),
                SPEC.ports(),
                SPEC.volumes());
        assertFalse(larger.fingerprint().equals(SPEC.fingerprint()));
    }

    @Test
    void kvmGuestsSeeTheHostsProcessor() {
        String xml = new DomainXml(VirtType.KVM, "Nehalem", "br-int", 30, PLACEMENT, () -> {
                    throw new AssertionError("nothing is in Ceph");
                })
                .domain(SPEC, 0);
        assertTrue(xml.contains("<domain type='kvm'>") && xml.contains("host-passthrough") && !xml.contains("<tcg>"));
    }

    @Test
    void aGuestWithoutCellsIsKeptToTheSharedCpus() {
        assertTrue(XML.domain(SPEC, 0).contains("<vcpu placement='static' cpuset='0,2'>2</vcpu>"));
        CpuPlacement nothingDedicated = new CpuPlacement(PLACEMENT.cells(), new TreeSet<>());
        assertEquals("<vcpu placement='static'>2</vcpu>", nothingDedicated.tuning(SPEC));
    }

    @Test
    void theNodesOfAGuestLieInTheCellsOfTheHost() {
        DomainSpec pinned = withCells(
                List.of(new DomainSpec.Cell(0, 1, 128, List.of(1)), new DomainSpec.Cell(1, 1, 128, List.of(3))));
        String xml = XML.domain(pinned, 0);
        assertTrue(xml.contains("<vcpupin vcpu='0' cpuset='1'/><vcpupin vcpu='1' cpuset='3'/>"), xml);
        assertTrue(xml.contains("<emulatorpin cpuset='0,2'/>"), xml);
        assertTrue(
                xml.contains("<memory mode='strict' nodeset='0,1'/><memnode cellid='0' mode='strict' nodeset='0'/>"));
        assertTrue(xml.contains("<numa><cell id='0' cpus='0-0' memory='128' unit='MiB'/><cell id='1' cpus='1-1'"), xml);
        String shared = XML.domain(withCells(List.of(new DomainSpec.Cell(1, 2, 256, List.of()))), 0);
        assertTrue(shared.contains("<vcpupin vcpu='0' cpuset='2'/><vcpupin vcpu='1' cpuset='2'/>"), shared);
    }

    private static DomainSpec withCells(List<DomainSpec.Cell> cells) {
        return new DomainSpec(
                SPEC.id(),
                SPEC.name(),
                SPEC.title(),
                SPEC.projectId(),
                2,
                SPEC.memoryMib(),
                cells,
                SPEC.rootDisk(),
                SPEC.consoleLog(),
                SPEC.ports(),
                SPEC.volumes());
    }
}
