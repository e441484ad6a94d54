package io.nephos.scheduler.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a host may be given to a request, said once more and in other words than the filters': of one host, of one thing
 * after the other, for the words that {@link Worlds} and the simulation use.
 */
public final class Rules {
    private Rules() {}

    public static boolean allow(Host host, Request request) {
        return host.up()
                && host.enabled()
                && room(host, request)
                && allowLasting(host, request)
                && request.serverGroup().map(group -> group(group, host)).orElse(true)
                && CellReferee.wouldDo(host, request);
    }

    /** Whatever else is there at the moment. */
    static boolean allowLasting(Host host, Request request) {
        return named(host, request)
                && traits(host, request)
                && request.availabilityZone()
                        .map(host.availabilityZone()::equals)
                        .orElse(true)
                && aggregates(host, request)
                && hints(host, request.hints())
                && flavor(host, request.spec().extraSpecs())
                && image(host, request.spec().imageProperties());
    }

    private static boolean room(Host host, Request request) {
        for (String name : request.resources().keySet()) {
            long amount = request.resources().getOrDefault(name, 0L);
            Inventory inventory = host.inventories().get(name);
            if (inventory == null
                    || amount < inventory.minUnit()
                    || amount > inventory.maxUnit()
                    || amount % inventory.stepSize() != 0
                    || host.used().getOrDefault(name, 0L) + amount
                            > Math.floor((inventory.total() - inventory.reserved()) * inventory.allocationRatio())) {
                return false;
            }
        }
        return true;
    }

    private static boolean named(Host host, Request request) {
        String node = host.facts().node().isEmpty() ? host.name() : host.facts().node();
        return !request.excludedHosts().contains(host.name())
                && request.forcedHost().map(host.name()::equals).orElse(true)
                && request.forcedNode().map(node::equals).orElse(true);
    }

    private static boolean traits(Host host, Request request) {
        for (String trait : request.forbiddenTraits()) {
            if (host.traits().contains(trait)) {
                return false;
            }
        }
        return host.traits().containsAll(request.requiredTraits());
    }

    private static boolean aggregates(Host host, Request request) {
        List<String> ids = host.aggregates().stream().map(Aggregate::id).toList();
        return request.aggregates().stream().noneMatch(set -> set.stream().noneMatch(ids::contains));
    }

    static boolean group(ServerGroup group, Host host) {
        int there = group.members().getOrDefault(host.name(), 0);
        return switch (group.policy()) {
            case AFFINITY -> group.members().isEmpty() || there > 0;
            case ANTI_AFFINITY -> there < group.maxPerHost();
            case SOFT_AFFINITY, SOFT_ANTI_AFFINITY -> true;
        };
    }

    private static boolean hints(Host host, Request.Hints hints) {
        return (hints.sameHost().isEmpty() || hints.sameHost().contains(host.name()))
                && !hints.differentHost().contains(host.name())
                && hints.near()
                        .map(network -> third(network.address())
                                .equals(third(host.facts().address())))
                        .orElse(true)
                && (hints.query().isEmpty() || query(host, hints.query()));
    }

    /** The networks here are of 24 bits. */
    private static String third(String address) {
        return address.substring(0, address.lastIndexOf('.'));
    }

    /** {@code ["or", [">=", "$free_ram_mb", 5], ["=", "$host", "a"]]} and nothing else. */
    private static boolean query(Host host, List<Object> query) {
        List<?> memory = (List<?>) query.get(1);
        List<?> name = (List<?>) query.get(2);
        return host.free("MEMORY_MB") >= ((Number) memory.getLast()).longValue()
                || host.name().equals(name.getLast());
    }

    private static boolean flavor(Host host, Map<String, String> extraSpecs) {
        Optional<String> color = Optional.ofNullable(extraSpecs.get("capabilities:color"));
        Optional<String> disk = Optional.ofNullable(extraSpecs.get("aggregate_instance_extra_specs:disk"));
        String is = host.facts().properties().getOrDefault("color", "none");
        return color.map(wanted ->
                                List.of(wanted.replace("<or> ", "").split(" ")).contains(is))
                        .orElse(true)
                && disk.map(wanted -> host.aggregates().stream()
                                .anyMatch(aggregate -> List.of(aggregate
                                                .metadata()
                                                .getOrDefault("disk", "")
                                                .split(","))
                                        .contains(wanted)))
                        .orElse(true);
    }

    private static boolean image(Host host, Map<String, String> image) {
        String hypervisor = host.facts().hypervisorType().equals("QEMU") ? "kvm" : "xen";
        String architecture = host.facts().properties().getOrDefault("arch", "");
        String version = image.getOrDefault("hypervisor_version_requires", ">= 0");
        return image.getOrDefault("img_hv_type", hypervisor).equals(hypervisor)
                && (architecture.isEmpty()
                        || image.getOrDefault("hw_architecture", architecture).equals(architecture))
                && host.facts().hypervisorVersion() >= Integer.parseInt(version.substring(3));
    }
}
