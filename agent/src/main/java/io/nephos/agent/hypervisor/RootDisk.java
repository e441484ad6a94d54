package io.nephos.agent.hypervisor;

import java.nio.file.Path;

/** What a domain boots from. */
public sealed interface RootDisk {
    /** A volume. */
    record None() implements RootDisk {}

    /** A qcow2 file of this host. */
    record InFile(Path path) implements RootDisk {}

    /** A block image of a Ceph cluster, which QEMU reaches by itself. */
    record InCeph(String pool, String image) implements RootDisk {}
}
