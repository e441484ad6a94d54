package io.nephos.agent.hypervisor;

/**
 * @param type "QEMU", "KVM" or "fake"
 * @param version as libvirt numbers it: major * 1000000 + minor * 1000 + release
 * @param cpuModel what guests see
 * @param hostCpu whether guests have the host's CPU features
 */
public record HypervisorKind(String type, int version, String cpuModel, boolean hostCpu) {}
