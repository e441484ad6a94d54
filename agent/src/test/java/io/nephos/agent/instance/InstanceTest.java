package io.nephos.agent.instance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PowerState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InstanceTest {
    private static DomainSpec domain(InstanceSpec spec) {
        return new Instance(spec).domain(new RootDisk.InFile(Path.of("/i/disk.qcow2")), Path.of("/i/console.log"));
    }

    private static List<Step> plan(InstanceSpec wanted, ObservedDomain observed) {
        return new Instance(wanted).plan(Optional.of(observed), domain(wanted));
    }

    /** The domain as it is after a convergence on that spec. */
    private static ObservedDomain reached(InstanceSpec spec, Power power, boolean offByGuest) {
        DomainSpec domain = domain(spec);
        List<String> targets = new ArrayList<>(List.of("vda"));
        domain.volumes().forEach(volume -> targets.add(volume.target()));
        Devices devices = new Devices(domain.ports(), domain.volumes(), targets);
        return new ObservedDomain(
                spec.getId(),
                spec.getName(),
                spec.getGeneration(),
                domain.fingerprint(),
                power,
                offByGuest,
                devices,
                power.on() ? devices : Devices.NONE);
    }

    @Test
    void anInstanceThatIsNotThereIsDefinedAndStarted() {
        InstanceSpec spec = Specs.running().build();
        assertEquals(
                List.of(new Step.Define(domain(spec)), new Step.Start()),
                new Instance(spec).plan(Optional.empty(), domain(spec)));
    }

    @Test
    void anInstanceThatShallBeOffIsOnlyDefined() {
        InstanceSpec spec =
                Specs.running().setPowerState(PowerState.POWER_STATE_SHUTOFF).build();
        assertEquals(List.of(new Step.Define(domain(spec))), new Instance(spec).plan(Optional.empty(), domain(spec)));
    }

    @Test
    void whatIsAsItShouldBeNeedsNoStep() {
        InstanceSpec spec = Specs.running()
                .addPorts(Specs.port(1))
                .addVolumes(Specs.volume(1))
                .build();
        assertEquals(List.of(), plan(spec, reached(spec, Power.RUNNING, false)));
    }

    @Test
    void aNewPortAndAVolumeArePluggedIntoARunningGuestAndIntoItsDefinition() {
        InstanceSpec before = Specs.running().build();
        InstanceSpec after = before.toBuilder()
                .setGeneration(2)
                .addPorts(Specs.port(1))
                .addVolumes(Specs.volume(1))
                .build();
        DomainSpec domain = domain(after);
        assertEquals(
                List.of(
                        new Step.Define(domain),
                        new Step.AttachPort(domain.ports().getFirst()),
                        new Step.AttachVolume(domain.volumes().getFirst())),
                plan(after, reached(before, Power.RUNNING, false)));
    }

    @Test
    void whatIsNoLongerWantedIsUnpluggedFirst() {
        InstanceSpec before = Specs.running()
                .addPorts(Specs.port(1))
                .addVolumes(Specs.volume(1))
                .build();
        InstanceSpec after = before.toBuilder()
                .setGeneration(2)
                .clearPorts()
                .clearVolumes()
                .addVolumes(Specs.volume(2))
                .build();
        List<Step> steps = plan(after, reached(before, Power.RUNNING, false));
        assertEquals(new Step.DetachPort(Specs.port(1).getId()), steps.get(1));
        assertEquals(new Step.DetachVolume(Specs.volume(1).getAttachmentId()), steps.get(2));
        assertEquals(Step.AttachVolume.class, steps.get(3).getClass());
    }

    @Test
    void aVolumeWhoseExportMovedIsUnpluggedAndPluggedAgain() {
        InstanceSpec before = Specs.running().addVolumes(Specs.volume(1)).build();
        InstanceSpec after = before.toBuilder()
                .setGeneration(2)
                .setVolumes(
                        0,
                        Specs.volume(1).toBuilder()
                                .setNbd(Specs.volume(1).getNbd().toBuilder().setPort(1234)))
                .build();
        List<Step> steps = plan(after, reached(before, Power.RUNNING, false));
        assertEquals(
                List.of(Step.Define.class, Step.DetachVolume.class, Step.AttachVolume.class),
                steps.stream().map(Step::getClass).toList());
    }

    @Test
    void aGuestThatIsOffIsNotPlugged() {
        InstanceSpec before =
                Specs.running().setPowerState(PowerState.POWER_STATE_SHUTOFF).build();
        InstanceSpec after =
                before.toBuilder().setGeneration(2).addPorts(Specs.port(1)).build();
        assertEquals(List.of(new Step.Define(domain(after))), plan(after, reached(before, Power.SHUTOFF, false)));
    }

    @Test
    void powerIsBroughtFromAnyStateToAnyOther() {
        InstanceSpec running = Specs.running().build();
        InstanceSpec off = running.toBuilder()
                .setPowerState(PowerState.POWER_STATE_SHUTOFF)
                .build();
        InstanceSpec paused =
                running.toBuilder().setPowerState(PowerState.POWER_STATE_PAUSED).build();
        assertEquals(List.of(new Step.Stop()), plan(off, reached(off, Power.RUNNING, false)));
        assertEquals(List.of(new Step.Start()), plan(running, reached(running, Power.SHUTOFF, false)));
        assertEquals(List.of(new Step.Start()), plan(running, reached(running, Power.CRASHED, false)));
        assertEquals(List.of(new Step.Resume()), plan(running, reached(running, Power.PAUSED, false)));
        assertEquals(List.of(new Step.Suspend()), plan(paused, reached(paused, Power.RUNNING, false)));
        assertEquals(
                List.of(new Step.Start(), new Step.Suspend()), plan(paused, reached(paused, Power.SHUTOFF, false)));
    }

    @Test
    void aGuestThatShutItselfDownIsStartedOnlyForANewGeneration() {
        InstanceSpec spec = Specs.running().build();
        ObservedDomain off = reached(spec, Power.SHUTOFF, true);
        assertEquals(List.of(), plan(spec, off));
        assertEquals(
                List.of(new Step.Start()),
                plan(spec.toBuilder().setGeneration(2).build(), off));
    }

    @Test
    void volumesGetTheLetterTheyAskForOrTheNextFreeOne() {
        InstanceSpec spec = Specs.running()
                .addVolumes(Specs.volume(1).toBuilder().setDevice("/dev/vdc"))
                .addVolumes(Specs.volume(2).toBuilder().setDevice("vdc"))
                .addVolumes(Specs.volume(3).toBuilder().setDevice(""))
                .addVolumes(Specs.volume(4).toBuilder().setDevice("sda' onerror"))
                .build();
        assertEquals(
                List.of("vdc", "vdb", "vdd", "vde"),
                domain(spec).volumes().stream().map(VolumeDevice::target).toList());
    }

    @Test
    void aGuestWithoutAnImageBootsFromItsVolume() {
        InstanceSpec spec = Specs.running()
                .clearImage()
                .addVolumes(Specs.volume(1).toBuilder().setBootIndex(0).setDevice(""))
                .build();
        assertEquals("vda", domain(spec).volumes().getFirst().target());
        assertEquals(0, domain(spec).volumes().getFirst().bootIndex());
        assertThrows(
                InvalidInstance.class,
                () -> new Instance(Specs.running().clearImage().build()));
    }

    @Test
    void whatWouldBecomeAPathOrXmlIsChecked() {
        for (String id : List.of("", "../../etc", "A0000000-0000-0000-0000-000000000000", "x")) {
            InstanceSpec spec = Specs.running().setId(id).build();
            assertThrows(InvalidInstance.class, () -> new Instance(spec), id);
        }
        assertThrows(
                InvalidInstance.class,
                () -> new Instance(Specs.running().setName("a/b").build()));
        assertThrows(
                InvalidInstance.class,
                () -> new Instance(Specs.running()
                        .addPorts(Specs.port(1).toBuilder().setMacAddress("x'/>"))
                        .build()));
        assertThrows(
                InvalidInstance.class,
                () -> new Instance(Specs.running()
                        .setPowerState(PowerState.POWER_STATE_CRASHED)
                        .build()));
    }

    @Test
    void anOlderGenerationIsRefused() {
        InstanceSpec third = Specs.running().setGeneration(3).build();
        InstanceSpec second = Specs.running().setGeneration(2).build();
        assertThrows(Fencing.Stale.class, () -> Fencing.check(second, Optional.of(third), 0));
        assertThrows(Fencing.Stale.class, () -> Fencing.check(second, Optional.empty(), 3));
        Fencing.check(third, Optional.of(second), 2);
        Fencing.check(third, Optional.of(third), 3);
    }

    @Test
    void anOlderFenceOfAVolumeIsRefused() {
        InstanceSpec before = Specs.running()
                .addVolumes(Specs.volume(1).toBuilder().setFencingGeneration(5))
                .build();
        InstanceSpec stale = Specs.running()
                .setGeneration(9)
                .addVolumes(Specs.volume(1).toBuilder().setFencingGeneration(4))
                .build();
        assertThrows(Fencing.Stale.class, () -> Fencing.check(stale, Optional.of(before), 0));
    }
}
