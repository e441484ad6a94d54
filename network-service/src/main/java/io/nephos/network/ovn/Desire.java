package io.nephos.network.ovn;

import io.nephos.kit.data.Transaction;
import io.nephos.network.fabric.Scope;
import io.nephos.network.floatingip.FloatingIpRow;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortGroupRow;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.router.RouterRow;
import io.nephos.network.securitygroup.SecurityGroupRow;
import io.nephos.network.securitygroup.SecurityGroupRuleRow;
import io.nephos.network.subnet.SubnetRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what the rows ask of some scopes, or of all, and has it compiled: a few queries, however many scopes. */
final class Desire {
    private final Transaction tx;
    private final Optional<Set<Scope>> scopes;
    private final Function<String, List<String>> chassis;
    private final int leaseSeconds;
    private final List<Wanted> wanted = new ArrayList<>();

    /**
     * @param scopes empty: everything
     * @param chassis hosts that reach a physical network; of the empty name: all
     */
    private Desire(
            Transaction tx, Optional<Set<Scope>> scopes, Function<String, List<String>> chassis, int leaseSeconds) {
        this.tx = tx;
        this.scopes = scopes;
        this.chassis = chassis;
        this.leaseSeconds = leaseSeconds;
    }

    static List<Wanted> of(
            Transaction tx, Optional<Set<Scope>> scopes, Function<String, List<String>> chassis, int leaseSeconds) {
        Desire desire = new Desire(tx, scopes, chassis, leaseSeconds);
        desire.groups();
        desire.networks();
        desire.ports();
        desire.routers();
        if (scopes.isEmpty() || scopes.get().contains(Scope.guard())) {
            desire.wanted.addAll(GroupCompiler.guard());
        }
        return desire.wanted;
    }

    private void networks() {
        List<NetworkRow> networks = roots(NetworkRow.class, Scope.NETWORK);
        if (networks.isEmpty()) {
            return;
        }
        Map<String, List<SubnetRow>> subnets =
                among(SubnetRow.class, "networkId", ids(networks, row -> row.id)).stream()
                        .collect(Collectors.groupingBy(row -> row.networkId));
        List<PortRow> own = scopes.isEmpty()
                ? tx.list(PortRow.class, "from PortRow r where r.deviceOwner = :own", Map.of("own", Ports.DISTRIBUTED))
                : tx.list(
                        PortRow.class,
                        "from PortRow r where r.deviceOwner = :own and r.networkId in (:networks)",
                        Map.of("own", Ports.DISTRIBUTED, "networks", ids(networks, row -> row.id)));
        Map<String, String> networkOf = new HashMap<>();
        own.forEach(port -> networkOf.put(port.id, port.networkId));
        Map<String, List<FixedIpRow>> metadata = addresses(List.copyOf(networkOf.keySet())).stream()
                .collect(Collectors.groupingBy(ip -> networkOf.getOrDefault(ip.portId, "")));
        for (NetworkRow network : networks) {
            wanted.addAll(SwitchCompiler.compile(
                    network,
                    subnets.getOrDefault(network.id, List.of()),
                    metadata.getOrDefault(network.id, List.of()),
                    leaseSeconds));
        }
    }

    private void ports() {
        List<PortRow> ports = roots(PortRow.class, Scope.PORT);
        if (ports.isEmpty()) {
            return;
        }
        List<String> ids = ids(ports, row -> row.id);
        Map<String, List<FixedIpRow>> addresses =
                addresses(ids).stream().collect(Collectors.groupingBy(ip -> ip.portId));
        Map<String, SubnetRow> subnets = subnetsOf(addresses.values());
        Map<String, List<PortGroupRow>> groups =
                among(PortGroupRow.class, "portId", ids).stream().collect(Collectors.groupingBy(row -> row.portId));
        for (PortRow port : ports) {
            PortCompiler.compile(
                            port,
                            addresses.getOrDefault(port.id, List.of()),
                            subnets,
                            groups.getOrDefault(port.id, List.of()).stream()
                                    .map(member -> member.groupId)
                                    .toList())
                    .ifPresent(wanted::add);
        }
    }

    private void routers() {
        List<RouterRow> routers = roots(RouterRow.class, Scope.ROUTER);
        if (routers.isEmpty()) {
            return;
        }
        List<String> ids = ids(routers, row -> row.id);
        List<PortRow> ports = among(PortRow.class, "deviceId", ids).stream()
                .filter(port -> port.deviceOwner.startsWith("network:router"))
                .sorted(java.util.Comparator.comparing(port -> port.id))
                .toList();
        Map<String, List<FixedIpRow>> addresses =
                addresses(ids(ports, row -> row.id)).stream().collect(Collectors.groupingBy(ip -> ip.portId));
        Map<String, SubnetRow> subnets = subnetsOf(addresses.values());
        Map<String, NetworkRow> networks =
                among(
                                NetworkRow.class,
                                "id",
                                ports.stream()
                                        .map(port -> port.networkId)
                                        .distinct()
                                        .toList())
                        .stream()
                        .collect(Collectors.toMap(row -> row.id, row -> row));
        Map<String, List<FloatingIpRow>> floating = among(FloatingIpRow.class, "routerId", ids).stream()
                .collect(Collectors.groupingBy(row -> String.valueOf(row.routerId)));
        for (RouterRow router : routers) {
            List<RouterCompiler.Leg> legs = ports.stream()
                    .filter(port -> port.deviceId.equals(router.id))
                    .map(port -> leg(port, addresses, subnets, networks))
                    .toList();
            List<String> hosts = Optional.ofNullable(router.externalNetworkId)
                    .map(networks::get)
                    .map(network -> chassis.apply(
                            Optional.ofNullable(network.physicalNetwork).orElse("")))
                    .orElse(List.of());
            wanted.addAll(RouterCompiler.compile(router, legs, floating.getOrDefault(router.id, List.of()), hosts));
        }
    }

    private static RouterCompiler.Leg leg(
            PortRow port,
            Map<String, List<FixedIpRow>> addresses,
            Map<String, SubnetRow> subnets,
            Map<String, NetworkRow> networks) {
        List<RouterCompiler.Foot> feet = new ArrayList<>();
        for (FixedIpRow ip : addresses.getOrDefault(port.id, List.of())) {
            SubnetRow subnet = subnets.get(ip.subnetId);
            if (subnet != null) {
                feet.add(new RouterCompiler.Foot(ip.ipAddress, subnet));
            }
        }
        NetworkRow network = networks.get(port.networkId);
        return new RouterCompiler.Leg(port, feet, network == null ? 1500 : network.mtu);
    }

    private void groups() {
        List<SecurityGroupRow> groups = roots(SecurityGroupRow.class, Scope.SECURITY_GROUP);
        Map<String, List<SecurityGroupRuleRow>> rules =
                among(SecurityGroupRuleRow.class, "groupId", ids(groups, row -> row.id)).stream()
                        .collect(Collectors.groupingBy(row -> row.groupId));
        groups.forEach(group -> wanted.addAll(GroupCompiler.compile(group, rules.getOrDefault(group.id, List.of()))));
    }

    private <R> List<R> roots(Class<R> entity, String kind) {
        if (scopes.isEmpty()) {
            return tx.list(entity, "from " + entity.getSimpleName() + " r order by r.id", Map.of());
        }
        return among(
                entity,
                "id",
                scopes.get().stream()
                        .filter(scope -> scope.kind().equals(kind))
                        .map(Scope::id)
                        .toList());
    }

    private <R> List<R> among(Class<R> entity, String column, List<String> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        String from = "from " + entity.getSimpleName() + " r";
        return scopes.isEmpty()
                ? tx.list(entity, from + " where r." + column + " is not null order by r.id", Map.of())
                : tx.list(
                        entity, from + " where r." + column + " in (:values) order by r.id", Map.of("values", values));
    }

    private List<FixedIpRow> addresses(List<String> portIds) {
        return among(FixedIpRow.class, "portId", portIds).stream()
                .sorted(java.util.Comparator.comparingInt(ip -> ip.position))
                .toList();
    }

    private Map<String, SubnetRow> subnetsOf(java.util.Collection<List<FixedIpRow>> addresses) {
        List<String> ids = addresses.stream()
                .flatMap(List::stream)
                .map(ip -> ip.subnetId)
                .distinct()
                .toList();
        return among(SubnetRow.class, "id", ids).stream().collect(Collectors.toMap(row -> row.id, row -> row));
    }

    private static <R> List<String> ids(List<R> rows, Function<R, String> id) {
        return rows.stream().map(id).toList();
    }
}
