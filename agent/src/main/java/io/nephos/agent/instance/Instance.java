package io.nephos.agent.instance;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.agent.hypervisor.VolumeSource;
import io.nephos.contracts.agent.v1.GuestCell;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PortSpec;
import io.nephos.contracts.agent.v1.VolumeSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an instance shall be, and the plan from what is to what shall be. Pure. */
record Instance(InstanceSpec spec) {
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");
    private static final Pattern MAC = Pattern.compile("([0-9a-f]{2}:){5}[0-9a-f]{2}");
    private static final Pattern POOL_OR_IMAGE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final Pattern TARGET = Pattern.compile("vd[a-z]{1,2}");

    Instance {
        checkId("id", spec.getId());
        check(NAME.matcher(spec.getName()).matches(), "name", spec.getName());
        check(spec.getVcpus() > 0, "vcpus", spec.getVcpus());
        check(spec.getMemoryMib() > 0, "memory_mib", spec.getMemoryMib());
        check(spec.getRootDiskGib() >= 0, "root_disk_gib", spec.getRootDiskGib());
        check(spec.hasImage() || bootVolume(spec).isPresent(), "image", "absent, and no volume has boot_index 0");
        for (PortSpec port : spec.getPortsList()) {
            checkId("port id", port.getId());
            checkId("network id", port.getNetworkId());
            check(MAC.matcher(port.getMacAddress().toLowerCase(Locale.ROOT)).matches(), "MAC", port.getMacAddress());
        }
        for (VolumeSpec volume : spec.getVolumesList()) {
            checkId("attachment id", volume.getAttachmentId());
            checkId("volume id", volume.getVolumeId());
            check(
                    volume.hasRbd()
                            ? POOL_OR_IMAGE.matcher(volume.getRbd().getPool()).matches()
                                    && POOL_OR_IMAGE
                                            .matcher(volume.getRbd().getImage())
                                            .matches()
                            : !volume.getNbd().getHost().isEmpty(),
                    "where the volume is",
                    volume.hasRbd() ? volume.getRbd() : "NBD without a host");
        }
        wanted(spec);
    }

    /** Throws {@link InvalidInstance} unless it is a UUID: ids become names of files and domains. */
    static void checkId(String what, String id) {
        check(UUID.matcher(id).matches(), what, id);
    }

    Power wanted() {
        return wanted(spec);
    }

    private static Power wanted(InstanceSpec spec) {
        return switch (spec.getPowerState()) {
            case POWER_STATE_RUNNING -> Power.RUNNING;
            case POWER_STATE_SHUTOFF -> Power.SHUTOFF;
            case POWER_STATE_PAUSED -> Power.PAUSED;
            case POWER_STATE_UNSPECIFIED, POWER_STATE_CRASHED, POWER_STATE_SUSPENDED, UNRECOGNIZED ->
                throw new InvalidInstance("power_state: " + spec.getPowerState() + " cannot be asked for");
        };
    }

    DomainSpec domain(RootDisk rootDisk, Path consoleLog) {
        return new DomainSpec(
                spec.getId(),
                spec.getName(),
                spec.getMetadata().getHostname(),
                spec.getProjectId(),
                spec.getVcpus(),
                spec.getMemoryMib(),
                spec.getCellsList().stream().map(Instance::cell).toList(),
                rootDisk,
                consoleLog,
                spec.getPortsList().stream().map(Instance::port).toList(),
                volumes());
    }

    private static DomainSpec.Cell cell(GuestCell cell) {
        return new DomainSpec.Cell(cell.getHostCell(), cell.getCpus(), cell.getMemoryMib(), cell.getPinnedCpusList());
    }

    /**
     * The steps from what is observed to what is wanted; none when it is so.
     *
     * <p>A guest that shut itself down after this very generation was reached stays off: that is a fact for compute to
     * hear of, not a fault to repair.
     */
    List<Step> plan(Optional<ObservedDomain> observed, DomainSpec domain) {
        List<Step> steps = new ArrayList<>();
        if (observed.isEmpty()) {
            steps.add(new Step.Define(domain));
            start(steps);
            return List.copyOf(steps);
        }
        ObservedDomain now = observed.get();
        if (!configuredAs(domain, now)) {
            steps.add(new Step.Define(domain));
        }
        if (wanted() == Power.SHUTOFF) {
            if (now.power().on()) {
                steps.add(new Step.Stop());
            }
        } else if (now.power().on()) {
            plug(steps, domain, now.live());
            if (wanted() == Power.RUNNING && now.power() != Power.RUNNING) {
                steps.add(new Step.Resume());
            } else if (wanted() == Power.PAUSED && now.power() == Power.RUNNING) {
                steps.add(new Step.Suspend());
            }
        } else if (!now.offByGuest() || now.generation() != spec.getGeneration()) {
            start(steps);
        }
        return List.copyOf(steps);
    }

    private void start(List<Step> steps) {
        if (wanted() != Power.SHUTOFF) {
            steps.add(new Step.Start());
        }
        if (wanted() == Power.PAUSED) {
            steps.add(new Step.Suspend());
        }
    }

    private static boolean configuredAs(DomainSpec domain, ObservedDomain now) {
        Devices configured = now.configured();
        return now.fingerprint().equals(domain.fingerprint())
                && configured.ports().size() == domain.ports().size()
                && configured.volumes().size() == domain.volumes().size()
                && domain.ports().stream().allMatch(port -> configured.hasPort(port.id()))
                && domain.volumes().stream().allMatch(volume -> configured.hasVolume(volume.attachmentId()));
    }

    private static void plug(List<Step> steps, DomainSpec domain, Devices live) {
        for (PortDevice port : live.ports()) {
            if (domain.ports().stream().noneMatch(wanted -> samePort(wanted, port))) {
                steps.add(new Step.DetachPort(port.id()));
            }
        }
        Set<String> taken = new HashSet<>(live.targets());
        for (VolumeDevice volume : live.volumes()) {
            if (domain.volumes().stream().noneMatch(volume::sameSource)) {
                steps.add(new Step.DetachVolume(volume.attachmentId()));
                taken.remove(volume.target());
            }
        }
        for (PortDevice port : domain.ports()) {
            if (live.ports().stream().noneMatch(plugged -> samePort(plugged, port))) {
                steps.add(new Step.AttachPort(port));
            }
        }
        for (VolumeDevice volume : domain.volumes()) {
            if (live.volumes().stream().noneMatch(volume::sameSource)) {
                String target = free(volume.target(), taken);
                taken.add(target);
                steps.add(new Step.AttachVolume(volume.at(target)));
            }
        }
    }

    private static boolean samePort(PortDevice one, PortDevice other) {
        return one.id().equals(other.id()) && one.mac().equalsIgnoreCase(other.mac());
    }

    private List<VolumeDevice> volumes() {
        Set<String> taken = new HashSet<>();
        if (spec.hasImage()) {
            taken.add("vda");
        }
        List<VolumeDevice> devices = new ArrayList<>();
        for (VolumeSpec volume : spec.getVolumesList()) {
            String hint = volume.getDevice().replace("/dev/", "");
            String target = free(TARGET.matcher(hint).matches() ? hint : "vda", taken);
            taken.add(target);
            devices.add(new VolumeDevice(
                    volume.getAttachmentId(),
                    volume.getVolumeId(),
                    target,
                    spec.hasImage() ? -1 : volume.getBootIndex(),
                    volume.getReadOnly(),
                    source(volume)));
        }
        return devices;
    }

    private static VolumeSource source(VolumeSpec volume) {
        return volume.hasRbd()
                ? new VolumeSource.Ceph(
                        volume.getRbd().getPool(), volume.getRbd().getImage())
                : new VolumeSource.Nbd(
                        volume.getNbd().getHost(),
                        volume.getNbd().getPort(),
                        volume.getNbd().getExport(),
                        volume.getNbd().getTlsHostname());
    }

    /** The hint when nothing is there, else the first free letter. */
    private static String free(String hint, Set<String> taken) {
        if (!taken.contains(hint)) {
            return hint;
        }
        for (char letter = 'b'; letter <= 'z'; letter++) {
            if (!taken.contains("vd" + letter)) {
                return "vd" + letter;
            }
        }
        throw new InvalidInstance("volumes: more than there are letters");
    }

    private static PortDevice port(PortSpec port) {
        return new PortDevice(port.getId(), port.getMacAddress().toLowerCase(Locale.ROOT), port.getMtu());
    }

    private static Optional<VolumeSpec> bootVolume(InstanceSpec spec) {
        return spec.getVolumesList().stream()
                .filter(volume -> volume.getBootIndex() == 0)
                .findFirst();
    }

    private static void check(boolean holds, String what, Object value) {
        if (!holds) {
            throw new InvalidInstance(what + ": " + value);
        }
    }
}
