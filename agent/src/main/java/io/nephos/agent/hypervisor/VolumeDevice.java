package io.nephos.agent.hypervisor;

/**
 * A volume of a domain, reached over the network by QEMU itself.
 *
 * @param target where it is plugged ("vdb"); guests order disks as they like and find it by its serial
 * @param bootIndex -1 when the guest does not boot from it
 */
public record VolumeDevice(
        String attachmentId, String volumeId, String target, int bootIndex, boolean readOnly, VolumeSource source) {

    /** What the guest sees as the disk's serial number: virtio has room for 20 characters. */
    public String serial() {
        return volumeId.substring(0, Math.min(20, volumeId.length()));
    }

    /** Whether it is the same attachment to the same source, wherever it is plugged. */
    public boolean sameSource(VolumeDevice other) {
        return attachmentId.equals(other.attachmentId) && source.equals(other.source);
    }

    public VolumeDevice at(String otherTarget) {
        return new VolumeDevice(attachmentId, volumeId, otherTarget, bootIndex, readOnly, source);
    }
}
