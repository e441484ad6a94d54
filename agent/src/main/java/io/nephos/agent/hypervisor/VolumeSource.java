package io.nephos.agent.hypervisor;

/** Where QEMU finds a volume. */
public sealed interface VolumeSource {
    /** @param tlsHostname whom the server's certificate must name; empty without TLS */
    record Nbd(String host, int port, String export, String tlsHostname) implements VolumeSource {}

    /** A block image of a Ceph cluster. */
    record Ceph(String pool, String image) implements VolumeSource {}
}
