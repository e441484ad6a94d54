package io.nephos.agent;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Everything that can be set of an agent. Sizes are MiB or GiB as the name says. */
@ConfigMapping(prefix = "nephos.agent")
public interface AgentConfig {
    /** The host's name, as its certificate names it ("host:" + this). */
    String host();

    /** Where services reach this agent: "address:port". */
    String address();

    /** Directory of all that the agent keeps; every parent must be traversable by the user QEMU runs as. */
    Path state();

    /** {@code libvirt} or {@code fake}. */
    @WithDefault("libvirt")
    String hypervisor();

    /** {@code auto} boots a probe under KVM and takes {@code qemu} (TCG) when that does not run. */
    @WithDefault("auto")
    String virtType();

    @WithDefault("nova")
    String availabilityZone();

    /** The integration bridge. */
    @WithDefault("br-int")
    String bridge();

    /** OVSDB of this host's Open vSwitch; by default where {@code ovs-vsctl} finds it. */
    Optional<String> ovsDb();

    @WithDefault("nephos-md-")
    String netnsPrefix();

    /** How long a guest may take to shut down before its power is cut. */
    @WithDefault("20s")
    Duration shutdownTimeout();

    /** How long a guest may take to let go of a device within one call. */
    @WithDefault("20s")
    Duration detachTimeout();

    /** {@code remove} or {@code show}: what to do with instances that no row of compute asks for. */
    @WithDefault("remove")
    String orphans();

    @WithDefault("512")
    long reservedMemoryMib();

    @WithDefault("1")
    long reservedDiskGib();

    @WithDefault("16.0")
    double cpuAllocationRatio();

    @WithDefault("1.0")
    double ramAllocationRatio();

    @WithDefault("1.0")
    double diskAllocationRatio();

    /** CPUs that are given to one guest CPU each, as "2-3,6"; none by default. The others are shared by all guests. */
    Optional<String> dedicatedCpus();

    Libvirt libvirt();

    ImageCache imageCache();

    Metadata metadata();

    Reports reports();

    Rbd rbd();

    Fake fake();

    /** How libvirt is reached and what guests get from it. */
    interface Libvirt {
        @WithDefault("qemu:///system")
        String uri();

        /** Platform threads for calls into libvirt: JNA pins what it runs on. */
        @WithDefault("8")
        int threads();

        /** CPU model under TCG; {@code maximum} is everything that TCG has. */
        @WithDefault("Nehalem")
        String tcgCpu();

        /** Seconds that QEMU holds a disk's requests back while it looks for a lost NBD server. */
        @WithDefault("30")
        int nbdReconnectSeconds();
    }

    /** The images kept here. */
    interface ImageCache {
        /** An image that no disk is backed by goes after this long without use. */
        @WithDefault("24h")
        Duration maxAge();

        /** Below this much free space unused images go, the oldest first, and new ones are refused. */
        @WithDefault("1024")
        long minFreeMib();
    }

    /** The Ceph cluster that volumes, and if a pool is named also root disks, are in. */
    interface Rbd {
        /** Where root disks are cloned from images of the same cluster; without it all disks are files of this host. */
        Optional<String> pool();

        /** Says where the monitors are and, in the keyring that it names, the key that QEMU gets too. */
        @WithDefault("/etc/ceph/ceph.conf")
        String conf();

        @WithDefault("nova")
        String user();

        /** Seconds after which a cluster that does not answer is given up. */
        @WithDefault("30")
        int timeout();
    }

    /** The metadata service. */
    interface Metadata {
        /** Whether namespaces and HAProxy are made; off with the fake hypervisor. */
        @WithDefault("true")
        boolean enabled();

        @WithDefault("10s")
        Duration checkEvery();
    }

    /** What is told to compute. */
    interface Reports {
        @WithDefault("5s")
        Duration pollEvery();

        @WithDefault("30s")
        Duration fullEvery();
    }

    /** The fake hypervisor. */
    interface Fake {
        /** {@code none}, {@code boot-fails}, {@code host-vanishes}, {@code times-out-after-effect}. */
        @WithDefault("none")
        String fault();

        /** The fault strikes only instances whose host name matches; others run well. */
        @WithDefault(".*")
        String faultMatch();

        /** Whether its guests' ports are put on the real bridge, so that OVN says they are up. */
        @WithDefault("false")
        boolean plugsPorts();
    }
}
