package io.nephos.agent.libvirt;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.RootDisk;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.agent.hypervisor.VolumeSource;
import io.nephos.rbd.RbdAccess;
import java.util.function.Supplier;

/** Domains and devices in libvirt's XML. Pure. */
final class DomainXml {
    static final String NAMESPACE = "urn:nephos:instance:1";
    static final String NAMESPACE_PREFIX = "nephos";
    static final String VOLUME_ALIAS = "ua-vol-";
    static final String PORT_ALIAS = "ua-port-";
    // q35 can hot-plug only into root ports that were there at the start.
    private static final int ROOT_PORTS = 18;

    private final VirtType virtType;
    private final String tcgCpu;
    private final String bridge;
    private final int nbdReconnectSeconds;
    private final CpuPlacement placement;
    private final Supplier<RbdAccess> ceph;

    /** @param ceph how QEMU reaches the cluster; asked only for disks that are there */
    DomainXml(
            VirtType virtType,
            String tcgCpu,
            String bridge,
            int nbdReconnectSeconds,
            CpuPlacement placement,
            Supplier<RbdAccess> ceph) {
        this.placement = placement;
        this.virtType = virtType;
        this.tcgCpu = tcgCpu;
        this.bridge = bridge;
        this.nbdReconnectSeconds = nbdReconnectSeconds;
        this.ceph = ceph;
    }

    String domain(DomainSpec spec, long generation) {
        return """
                <domain type='%s'>
                  <uuid>%s</uuid>
                  <name>%s</name>
                  <title>%s</title>
                  <metadata>%s</metadata>
                  <memory unit='MiB'>%d</memory>
                  %s
                  <sysinfo type='smbios'>
                    <system>
                      <entry name='manufacturer'>Nephos</entry>
                      <entry name='product'>OpenStack Compute</entry>
                      <entry name='serial'>%s</entry>
                      <entry name='uuid'>%s</entry>
                    </system>
                  </sysinfo>
                  <os><type arch='x86_64' machine='q35'>hvm</type><smbios mode='sysinfo'/></os>
                  <features><acpi/><apic/>%s</features>
                  %s
                  <clock offset='utc'><timer name='pit' tickpolicy='delay'/><timer name='rtc' tickpolicy='catchup'/></clock>
                  <on_poweroff>destroy</on_poweroff>
                  <on_reboot>restart</on_reboot>
                  <on_crash>destroy</on_crash>
                  <devices>
                    <controller type='pci' model='pcie-root'/>
                %s%s%s%s    <controller type='usb' model='none'/>
                    <serial type='pty'><log file='%s' append='on'/><target port='0'/></serial>
                    <console type='pty'><target type='serial' port='0'/></console>
                    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
                    <memballoon model='virtio'><stats period='10'/></memballoon>
                    <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>
                  </devices>
                </domain>
                """.formatted(
                        virtType.domainType(),
                        escape(spec.id()),
                        escape(spec.name()),
                        escape(spec.title()),
                        mark(spec.id(), generation, spec.fingerprint(), NAMESPACE_PREFIX + ":"),
                        spec.memoryMib(),
                        placement.tuning(spec),
                        escape(spec.id()),
                        escape(spec.id()),
                        virtType == VirtType.QEMU ? "<tcg><tb-cache unit='MiB'>32</tb-cache></tcg>" : "",
                        cpu(CpuPlacement.topology(spec)),
                        "    <controller type='pci' model='pcie-root-port'/>\n".repeat(ROOT_PORTS),
                        rootDisk(spec),
                        joined(spec.volumes().stream().map(this::volume)),
                        joined(spec.ports().stream().map(this::port)),
                        escape(spec.consoleLog().toString()));
    }

    /** The element that identifies a domain; set by itself it must carry no prefix of its own. */
    static String mark(String id, long generation, String fingerprint, String prefix) {
        String declared = prefix.isEmpty() ? "" : " xmlns:" + NAMESPACE_PREFIX + "='" + NAMESPACE + "'";
        return "<%sinstance%s id='%s' generation='%d' fingerprint='%s'/>"
                .formatted(prefix, declared, escape(id), generation, escape(fingerprint));
    }

    String port(PortDevice port) {
        // Checksums are not offloaded: the userspace datapath would drop what the guest left half done.
        return """
                    <interface type='bridge'>
                      <mac address='%s'/>
                      <source bridge='%s'/>
                      <virtualport type='openvswitch'><parameters interfaceid='%s'/></virtualport>
                      <target dev='%s'/>
                      <model type='virtio'/>
                      <driver name='qemu'>
                        <host csum='off' gso='off' tso4='off' tso6='off' ecn='off' ufo='off'/>
                        <guest csum='off' tso4='off' tso6='off' ecn='off' ufo='off'/>
                      </driver>
                %s      <rom enabled='no'/>
                      <alias name='%s'/>
                    </interface>
                """.formatted(
                        escape(port.mac()),
                        escape(bridge),
                        escape(port.id()),
                        escape(port.tap()),
                        port.mtu() > 0 ? "      <mtu size='" + port.mtu() + "'/>\n" : "",
                        escape(PORT_ALIAS + port.id()));
    }

    String volume(VolumeDevice volume) {
        return """
                    <disk type='network' device='disk'>
                      <driver name='qemu' type='raw' cache='none' discard='unmap'/>
                %s      <target dev='%s' bus='virtio'/>
                      <serial>%s</serial>
                %s%s      <alias name='%s'/>
                    </disk>
                """.formatted(
                        source(volume.source()),
                        escape(volume.target()),
                        escape(volume.serial()),
                        volume.readOnly() ? "      <readonly/>\n" : "",
                        volume.bootIndex() >= 0 ? "      <boot order='" + (volume.bootIndex() + 1) + "'/>\n" : "",
                        escape(VOLUME_ALIAS + volume.attachmentId()));
    }

    private String source(VolumeSource source) {
        return switch (source) {
            case VolumeSource.Nbd nbd ->
                """
                      <source protocol='nbd' name='%s' %s>
                        <host name='%s' port='%d'/>
                        <reconnect delay='%d'/>
                      </source>
                """.formatted(
                                escape(nbd.export()),
                                nbd.tlsHostname().isEmpty()
                                        ? "tls='no'"
                                        : "tls='yes' tlsHostname='" + escape(nbd.tlsHostname()) + "'",
                                escape(nbd.host()),
                                nbd.port(),
                                nbdReconnectSeconds);
            case VolumeSource.Ceph image -> inCeph(image.pool(), image.image());
        };
    }

    private String inCeph(String pool, String image) {
        RbdAccess access = ceph.get();
        StringBuilder source =
                new StringBuilder("      <source protocol='rbd' name='" + escape(pool) + "/" + escape(image) + "'>\n");
        for (String monitor : access.monitors()) {
            int colon = monitor.lastIndexOf(':');
            source.append("        <host name='")
                    .append(escape(monitor.substring(0, colon)))
                    .append("' port='")
                    .append(escape(monitor.substring(colon + 1)))
                    .append("'/>\n");
        }
        if (access.key().isPresent()) {
            source.append("        <auth username='")
                    .append(escape(access.user()))
                    .append("'><secret type='ceph' uuid='")
                    .append(CephSecret.id(access.user()))
                    .append("'/></auth>\n");
        }
        return source.append("      </source>\n").toString();
    }

    private String rootDisk(DomainSpec spec) {
        return switch (spec.rootDisk()) {
            case RootDisk.None none -> "";
            case RootDisk.InCeph disk -> """
                    <disk type='network' device='disk'>
                      <driver name='qemu' type='raw' cache='none' discard='unmap'/>
                %s      <target dev='vda' bus='virtio'/>
                      <boot order='1'/>
                    </disk>
                """.formatted(inCeph(disk.pool(), disk.image()));
            case RootDisk.InFile disk -> """
                    <disk type='file' device='disk'>
                      <driver name='qemu' type='qcow2' cache='none' discard='unmap'/>
                      <source file='%s'/>
                      <target dev='vda' bus='virtio'/>
                      <boot order='1'/>
                    </disk>
                """.formatted(escape(disk.path().toString()));
        };
    }

    private String cpu(String topology) {
        if (virtType == VirtType.KVM) {
            return "<cpu mode='host-passthrough' check='none'>" + topology + "</cpu>";
        }
        return tcgCpu.equals("maximum")
                ? "<cpu mode='maximum'>" + topology + "</cpu>"
                : "<cpu mode='custom' match='exact' check='none'><model fallback='allow'>" + escape(tcgCpu) + "</model>"
                        + topology + "</cpu>";
    }

    private static String joined(java.util.stream.Stream<String> parts) {
        return String.join("", parts.toList());
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '\'' -> escaped.append("&apos;");
                case '"' -> escaped.append("&quot;");
                default -> {
                    // XML 1.0 has no way to write control characters.
                    if (c >= ' ') {
                        escaped.appendCodePoint(c);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
