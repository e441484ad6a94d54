package io.nephos.agent.hypervisor;

/**
 * A volume of a domain, reached over NBD by QEMU itself.
 *
 * @param target where it is plugged ("vdb"); guests order disks as they like and find it by its serial
 * @param bootIndex -1 when the guest does not boot from it
 * @param tlsHostname whom the server's certificate must name; empty without TLS
 */
public record VolumeDevice(
        String attachmentId,
        String volumeId,
        String target,
        int bootIndex,
        String host,
        int port,
        String export,
        String tlsHostname) {

    /** What the guest sees as the disk's serial number: virtio has room for 20 characters. */
    public String serial() {
        return volumeId.substring(0, Math.min(20, volumeId.length()));
    }

    /** Whether it is the same attachment to the same export, wherever it is plugged. */
    public boolean sameSource(VolumeDevice other) {
        return attachmentId.equals(other.attachmentId)
                && host.equals(other.host)
                && port == other.port
                && export.equals(other.export)
                && tlsHostname.equals(other.tlsHostname);
    }

    public VolumeDevice at(String otherTarget) {
        return new VolumeDevice(attachmentId, volumeId, otherTarget, bootIndex, host, port, export, tlsHostname);
    }
}
