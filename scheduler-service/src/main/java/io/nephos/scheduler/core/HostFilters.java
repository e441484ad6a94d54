package io.nephos.scheduler.core;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nova's filters that look at one host by itself. */
final class HostFilters {
    private static final String CAPABILITIES = "capabilities:";

    /** What runsImage looks at. */
    private static final Set<String> OF_IMAGES = Set.of(
            "img_hv_type",
            "hypervisor_type",
            "hw_architecture",
            "architecture",
            "hypervisor_version_requires",
            "hw_vm_mode",
            "vm_mode");

    private HostFilters() {}

    static final List<Filter> ALL = List.of(
            Filter.of(
                    "ComputeFilter",
                    request -> true,
                    (host, request) -> host.up() && host.enabled(),
                    (table, request, mask) -> {
                        table.keepOpen(mask);
                        return true;
                    },
                    request -> "are down or disabled"),
            Filter.of(
                    "AvailabilityZoneFilter",
                    request -> request.availabilityZone().isPresent(),
                    (host, request) -> request.availabilityZone()
                            .map(host.availabilityZone()::equals)
                            .orElse(true),
                    (table, request, mask) -> {
                        request.availabilityZone()
                                .ifPresent(zone -> table.zones().keep(mask, zone));
                        return true;
                    },
                    request -> "are outside availability zone "
                            + request.availabilityZone().orElse("")),
            Filter.of(
                    "ComputeCapabilitiesFilter",
                    request -> request.spec().extraSpecs().keySet().stream()
                            .anyMatch(key -> capability(key).isPresent()),
                    HostFilters::capable,
                    Filter.UNINDEXED,
                    request -> "lack a capability that the flavor asks for"
                            + Filter.shown(
                                    request.spec().extraSpecs(),
                                    key -> capability(key).isPresent())),
            Filter.of(
                    "ImagePropertiesFilter",
                    request -> !request.spec().imageProperties().isEmpty(),
                    HostFilters::runsImage,
                    Filter.UNINDEXED,
                    request -> "cannot run what the image's properties ask for"
                            + Filter.shown(request.spec().imageProperties(), OF_IMAGES::contains)),
            Filter.of(
                    "IoOpsFilter",
                    request -> true,
                    (host, request) -> host.facts().ioOps() < AggregateFilters.MAX_IO_OPS,
                    "are busy with too many IO operations"),
            Filter.of(
                    "NumInstancesFilter",
                    request -> true,
                    (host, request) -> host.servers() < AggregateFilters.MAX_INSTANCES,
                    "run too many servers"),
            Filter.of(
                    "SimpleCIDRAffinityFilter",
                    request -> request.hints().near().isPresent(),
                    (host, request) -> request.hints()
                            .near()
                            .map(network -> inNetwork(host.facts().address(), network))
                            .orElse(true),
                    "are in another network than build_near_host_ip asks for"),
            Filter.of(
                    "JsonFilter",
                    request -> !request.hints().query().isEmpty(),
                    (host, request) -> JsonQuery.matches(host, request.hints().query()),
                    "do not match the scheduler hint query"),
            new TopologyFilter());

    /** The host's attribute that an extra spec names: scoped by capabilities: or not scoped at all. */
    private static Optional<String> capability(String key) {
        if (key.startsWith(CAPABILITIES)) {
            return Optional.of(key.substring(CAPABILITIES.length()));
        }
        return key.contains(":") ? Optional.empty() : Optional.of(key);
    }

    private static boolean capable(Host host, Request request) {
        for (Map.Entry<String, String> spec : request.spec().extraSpecs().entrySet()) {
            Optional<String> name = capability(spec.getKey());
            if (name.isPresent()) {
                Optional<String> value = attribute(host, name.get());
                if (value.isEmpty() || !ExtraSpec.matches(value.get(), spec.getValue())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What a host has under Nova's name for it. */
    static Optional<String> attribute(Host host, String name) {
        @Nullable
        String known = switch (name) {
            case "host", "hypervisor_hostname", "nodename" -> host.name();
            case "hypervisor_type" -> host.facts().hypervisorType();
            case "hypervisor_version" -> Integer.toString(host.facts().hypervisorVersion());
            case "free_ram_mb" -> Long.toString(host.free("MEMORY_MB"));
            case "total_usable_ram_mb" -> Long.toString(total(host, "MEMORY_MB"));
            case "free_disk_mb" -> Long.toString(host.free("DISK_GB") * 1024);
            case "vcpus_total" -> Long.toString(total(host, "VCPU"));
            case "vcpus_used" -> Long.toString(host.used().getOrDefault("VCPU", 0L));
            case "num_instances" -> Integer.toString(host.servers());
            case "num_io_ops" -> Integer.toString(host.facts().ioOps());
            case "host_ip" -> host.facts().address();
            default -> host.facts().properties().get(name);
        };
        return Optional.ofNullable(known);
    }

    private static long total(Host host, String resourceClass) {
        Inventory inventory = host.inventories().get(resourceClass);
        return inventory == null ? 0 : inventory.total();
    }

    /**
     * hw_architecture, img_hv_type, hw_vm_mode and the hypervisor version that an image may require; what a host does not
     * tell passes.
     */
    private static boolean runsImage(Host host, Request request) {
        Map<String, String> image = request.spec().imageProperties();
        String type = image.getOrDefault("img_hv_type", image.getOrDefault("hypervisor_type", ""));
        String architecture = image.getOrDefault("hw_architecture", image.getOrDefault("architecture", ""));
        String version = image.getOrDefault("hypervisor_version_requires", "");
        String mode = image.getOrDefault("hw_vm_mode", image.getOrDefault("vm_mode", ""));
        return (mode.isEmpty() || offers(host, "vm_modes", mode))
                && (type.isEmpty()
                        || kind(type).equalsIgnoreCase(kind(host.facts().hypervisorType())))
                && (architecture.isEmpty()
                        || offers(
                                host,
                                host.facts().properties().containsKey("guest_archs") ? "guest_archs" : "arch",
                                architecture))
                && (version.isEmpty()
                        || ExtraSpec.matches(Integer.toString(host.facts().hypervisorVersion()), version));
    }

    /** A list with commas of what there is; who does not tell has it. */
    private static boolean offers(Host host, String property, String wanted) {
        String offered = host.facts().properties().get(property);
        return offered == null || List.of(offered.split(",")).contains(wanted);
    }

    /** KVM is QEMU with help of the processor: an image for the one runs on the other. */
    private static String kind(String type) {
        return type.equalsIgnoreCase("kvm") ? "qemu" : type;
    }

    private static boolean inNetwork(String address, Request.Network network) {
        try {
            byte[] one = literal(address).getAddress();
            byte[] other = literal(network.address()).getAddress();
            if (one.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < network.prefix() && bit < one.length * 8; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((one[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Never asks a name server. */
    private static InetAddress literal(String address) throws UnknownHostException {
        if (!address.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new UnknownHostException(address);
        }
        return InetAddress.getByName(address);
    }
}
