package io.nephos.agent.libvirt;

import io.nephos.agent.hypervisor.DomainSpec;
import io.nephos.agent.hypervisor.Hypervisor;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.hypervisor.HypervisorKind;
import io.nephos.agent.hypervisor.ObservedDomain;
import io.nephos.agent.hypervisor.ObservedDomain.Devices;
import io.nephos.agent.hypervisor.PortDevice;
import io.nephos.agent.hypervisor.Power;
import io.nephos.agent.hypervisor.VolumeDevice;
import io.nephos.rbd.RbdAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.DomainInfo.DomainState;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;

/** Guests under QEMU, run by the host's libvirtd. */
public final class LibvirtHypervisor implements Hypervisor {
    private static final int XML_INACTIVE = 2;
    private static final int AFFECT_LIVE = 1;
    private static final int AFFECT_CONFIG = 2;
    private static final int METADATA_ELEMENT = 2;
    // managed save image, snapshot metadata, NVRAM, checkpoint metadata
    private static final int UNDEFINE_ALL = 1 | 2 | 4 | 16;
    private static final int REBOOT_ACPI = 1;

    private final LibvirtConnection connection;
    private final LibvirtSettings settings;
    private final Supplier<VirtType> virtType;
    private final CephSecret ceph;

    /**
     * How guests are made.
     *
     * @param ceph how QEMU reaches disks in Ceph; empty when this host has no configuration for that
     */
    public record LibvirtSettings(
            String uri,
            int threads,
            String tcgCpu,
            String bridge,
            int nbdReconnectSeconds,
            Supplier<Optional<RbdAccess>> ceph,
            CpuPlacement placement) {}

    public LibvirtHypervisor(LibvirtSettings settings, BootProbe probe) {
        this.settings = settings;
        this.virtType = probe::virtType;
        this.connection = new LibvirtConnection(settings.uri(), settings.threads());
        this.ceph = new CephSecret(connection, settings.ceph());
    }

    @Override
    public HypervisorKind kind() {
        VirtType type = virtType.get();
        int version = connection.call("getVersion", Connect::getVersion).intValue();
        boolean kvm = type == VirtType.KVM;
        return new HypervisorKind(kvm ? "KVM" : "QEMU", version, kvm ? "host-passthrough" : settings.tcgCpu(), kvm);
    }

    @Override
    public void check() {
        connection.call("getLibVersion", Connect::getLibVersion);
    }

    @Override
    public List<ObservedDomain> list() {
        return connection.call("list domains", connect -> {
            List<ObservedDomain> found = new ArrayList<>();
            for (Domain domain : connect.listAllDomains(0)) {
                try {
                    observe(connect, domain).ifPresent(found::add);
                } catch (LibvirtException e) {
                    // It may end between being listed and being looked at.
                    if (e.getError() == null || e.getError().getCode() != ErrorNumber.VIR_ERR_NO_DOMAIN) {
                        throw e;
                    }
                } finally {
                    domain.free();
                }
            }
            return List.copyOf(found);
        });
    }

    @Override
    public Optional<ObservedDomain> find(String id) {
        try {
            return connection.call("find " + id, connect -> {
                Domain domain = connect.domainLookupByUUIDString(id);
                try {
                    return observe(connect, domain);
                } finally {
                    domain.free();
                }
            });
        } catch (HypervisorException.Gone e) {
            return Optional.empty();
        }
    }

    private static Optional<ObservedDomain> observe(Connect connect, Domain domain) throws LibvirtException {
        DomainXmlReader configured = new DomainXmlReader(domain.getXMLDesc(XML_INACTIVE));
        Optional<DomainXmlReader.Identity> identity = configured.identity();
        if (identity.isEmpty()) {
            return Optional.empty();
        }
        Power power = power(domain.getInfo().state);
        String id = domain.getUUIDString();
        Devices live = power.on() ? new DomainXmlReader(domain.getXMLDesc(0)).devices() : Devices.NONE;
        int reason = power == Power.SHUTOFF ? LibvirtConnection.stateReason(connect, id) : -1;
        return Optional.of(new ObservedDomain(
                id,
                configured.name(),
                identity.get().generation(),
                identity.get().fingerprint(),
                reason == LibvirtNative.SHUTOFF_CRASHED ? Power.CRASHED : power,
                reason == LibvirtNative.SHUTOFF_SHUTDOWN,
                configured.devices(),
                live));
    }

    private static Power power(DomainState state) {
        return switch (state) {
            case VIR_DOMAIN_RUNNING, VIR_DOMAIN_BLOCKED, VIR_DOMAIN_SHUTDOWN -> Power.RUNNING;
            case VIR_DOMAIN_PAUSED -> Power.PAUSED;
            case VIR_DOMAIN_PMSUSPENDED -> Power.SUSPENDED;
            case VIR_DOMAIN_CRASHED -> Power.CRASHED;
            case VIR_DOMAIN_SHUTOFF, VIR_DOMAIN_NOSTATE -> Power.SHUTOFF;
        };
    }

    @Override
    public void define(DomainSpec spec) {
        long generation = find(spec.id()).map(ObservedDomain::generation).orElse(0L);
        String xml = xml().domain(spec, generation);
        connection.call(
                "define " + spec.id(), connect -> connect.domainDefineXML(xml).free());
    }

    @Override
    public void mark(String id, long generation) {
        connection.domain("mark " + id, id, domain -> {
            String fingerprint = new DomainXmlReader(domain.getXMLDesc(XML_INACTIVE))
                    .identity()
                    .map(DomainXmlReader.Identity::fingerprint)
                    .orElse("");
            domain.setMetadata(
                    METADATA_ELEMENT,
                    DomainXml.mark(id, generation, fingerprint, ""),
                    DomainXml.NAMESPACE_PREFIX,
                    DomainXml.NAMESPACE,
                    domain.isActive() == 1 ? AFFECT_LIVE | AFFECT_CONFIG : AFFECT_CONFIG);
            return true;
        });
    }

    @Override
    public void start(String id) {
        connection.domain("start " + id, id, domain -> {
            if (domain.isActive() == 1) {
                return 0;
            }
            StrayQemu.end(id);
            return domain.create();
        });
    }

    @Override
    public void powerOff(String id) {
        try {
            connection.domain("power off " + id, id, domain -> {
                if (domain.isActive() == 1) {
                    domain.destroy();
                }
                return true;
            });
        } catch (HypervisorException.Gone e) {
            return;
        } catch (HypervisorException.Refused e) {
            // It may have ended by itself in between.
            if (find(id).map(found -> found.power().on()).orElse(false)) {
                throw e;
            }
        }
    }

    @Override
    public void pressPowerButton(String id) {
        ignoringWhenOff(id, "shut down " + id, Domain::shutdown);
    }

    @Override
    public void askToReboot(String id) {
        ignoringWhenOff(id, "reboot " + id, domain -> domain.reboot(REBOOT_ACPI));
    }

    @Override
    public void reset(String id) {
        act("reset " + id, id, Domain::reset);
    }

    @Override
    public void suspend(String id) {
        act("suspend " + id, id, Domain::suspend);
    }

    @Override
    public void resume(String id) {
        act("resume " + id, id, domain -> {
            if (domain.getInfo().state == DomainState.VIR_DOMAIN_PMSUSPENDED) {
                domain.PMwakeup();
            } else {
                domain.resume();
            }
        });
    }

    @Override
    public void attachPort(String id, PortDevice port) {
        attach(id, xml().port(port));
    }

    @Override
    public void detachPort(String id, String portId) {
        detach(id, DomainXml.PORT_ALIAS + portId);
    }

    @Override
    public void attachVolume(String id, VolumeDevice volume) {
        attach(id, xml().volume(volume));
    }

    @Override
    public void detachVolume(String id, String attachmentId) {
        detach(id, DomainXml.VOLUME_ALIAS + attachmentId);
    }

    @Override
    public void undefine(String id) {
        try {
            act("undefine " + id, id, domain -> domain.undefine(UNDEFINE_ALL));
        } catch (HypervisorException.Gone e) {
            // That is what was wanted.
        }
        StrayQemu.end(id);
        connection.forget(id);
    }

    @Override
    public long rebootsSeen(String id) {
        return connection.rebootsSeen(id);
    }

    @Override
    public void onChange(Consumer<String> listener) {
        connection.onChange(listener);
    }

    @Override
    public void close() {
        connection.close();
    }

    /** Something done to a domain. */
    @FunctionalInterface
    private interface Act {
        void on(Domain domain) throws LibvirtException;
    }

    private void act(String what, String id, Act act) {
        connection.domain(what, id, domain -> {
            act.on(domain);
            return true;
        });
    }

    private void ignoringWhenOff(String id, String what, Act act) {
        act(what, id, domain -> {
            try {
                act.on(domain);
            } catch (LibvirtException e) {
                if (domain.isActive() == 1) {
                    throw e;
                }
            }
        });
    }

    private void attach(String id, String device) {
        act("attach to " + id, id, domain -> domain.attachDeviceFlags(device, AFFECT_LIVE));
    }

    private void detach(String id, String alias) {
        act("detach from " + id, id, domain -> {
            Optional<String> device = new DomainXmlReader(domain.getXMLDesc(0)).device(alias);
            if (device.isEmpty()) {
                return;
            }
            try {
                domain.detachDeviceFlags(device.get(), AFFECT_LIVE);
            } catch (LibvirtException e) {
                // A second request while the guest still thinks about the first is refused; asking was the point.
                ErrorNumber code = e.getError() == null ? null : e.getError().getCode();
                if (code != ErrorNumber.VIR_ERR_DEVICE_MISSING && code != ErrorNumber.VIR_ERR_OPERATION_FAILED) {
                    throw e;
                }
            }
        });
    }

    private DomainXml xml() {
        return new DomainXml(
                virtType.get(),
                settings.tcgCpu(),
                settings.bridge(),
                settings.nbdReconnectSeconds(),
                settings.placement(),
                ceph);
    }
}
