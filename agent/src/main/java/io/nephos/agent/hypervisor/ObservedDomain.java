package io.nephos.agent.hypervisor;

import java.util.List;

/**
 * A domain as it is.
 *
 * @param generation of the spec it was last converged on; 0 before the first time
 * @param fingerprint of the {@link DomainSpec} it is defined by
 * @param offByGuest it is off because the guest shut itself down
 * @param live what is plugged now; empty when off
 */
public record ObservedDomain(
        String id,
        String name,
        long generation,
        String fingerprint,
        Power power,
        boolean offByGuest,
        Devices configured,
        Devices live) {

    /** Ports and volumes, and the targets that disks of any kind occupy. */
    public record Devices(List<PortDevice> ports, List<VolumeDevice> volumes, List<String> targets) {
        public static final Devices NONE = new Devices(List.of(), List.of(), List.of());

        public Devices {
            ports = List.copyOf(ports);
            volumes = List.copyOf(volumes);
            targets = List.copyOf(targets);
        }

        public boolean hasPort(String portId) {
            return ports.stream().anyMatch(port -> port.id().equals(portId));
        }

        public boolean hasVolume(String attachmentId) {
            return volumes.stream().anyMatch(volume -> volume.attachmentId().equals(attachmentId));
        }
    }

    /** Devices as they matter now: plugged when it runs, configured when it is off. */
    public Devices devices() {
        return power.on() ? live : configured;
    }
}
