package io.nephos.agent.libvirt;

/** How guests' instructions are run. */
enum VirtType {
    KVM("kvm"),
    QEMU("qemu");

    private final String domainType;

    VirtType(String domainType) {
        this.domainType = domainType;
    }

    String domainType() {
        return domainType;
    }
}
