package io.nephos.network.port;

import io.nephos.contracts.network.v1.FixedIp;
import io.nephos.contracts.network.v1.Port;
import io.nephos.kit.data.Transaction;
import io.nephos.network.floatingip.FloatingIpRow;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.securitygroup.SecurityGroupRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Ports as other services are told of them. */
@ApplicationScoped
public class PortMessages {
    private final Ports ports;

    @Inject
    public PortMessages(Ports ports) {
        this.ports = ports;
    }

    List<Port> of(Transaction tx, List<PortRow> rows) {
        List<String> ids = rows.stream().map(row -> row.id).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, List<FixedIpRow>> addresses =
                ports.addressesOf(tx, ids).stream().collect(Collectors.groupingBy(ip -> ip.portId));
        Map<String, List<PortGroupRow>> members =
                ports.groupsOf(tx, ids).stream().collect(Collectors.groupingBy(member -> member.portId));
        Map<String, NetworkRow> networks = byId(
                tx, NetworkRow.class, rows.stream().map(row -> row.networkId).toList(), row -> row.id);
        Map<String, SecurityGroupRow> groups = byId(
                tx,
                SecurityGroupRow.class,
                members.values().stream()
                        .flatMap(Collection::stream)
                        .map(member -> member.groupId)
                        .toList(),
                row -> row.id);
        List<FloatingIpRow> floating =
                tx.list(FloatingIpRow.class, "from FloatingIpRow r where r.portId in (:ports)", Map.of("ports", ids));
        return rows.stream()
                .map(row -> of(
                        row,
                        addresses.getOrDefault(row.id, List.of()),
                        Objects.requireNonNull(networks.get(row.networkId)),
                        members.getOrDefault(row.id, List.of()).stream()
                                .map(member -> Objects.requireNonNull(groups.get(member.groupId)))
                                .toList(),
                        floating.stream().filter(ip -> row.id.equals(ip.portId)).toList()))
                .toList();
    }

    private static Port of(
            PortRow row,
            List<FixedIpRow> addresses,
            NetworkRow network,
            List<SecurityGroupRow> groups,
            List<FloatingIpRow> floating) {
        Port.Builder port = Port.newBuilder()
                .setId(row.id)
                .setNetworkId(row.networkId)
                .setNetworkName(network.name)
                .setMacAddress(row.macAddress)
                .setMtu(network.mtu)
                .setDeviceId(row.deviceId)
                .setHost(row.host)
                .setUp(row.status.equals(Ports.ACTIVE))
                .setProjectId(row.projectId);
        for (FixedIpRow ip : addresses) {
            port.addFixedIps(FixedIp.newBuilder().setSubnetId(ip.subnetId).setIpAddress(ip.ipAddress));
            floating.stream()
                    .filter(one -> ip.ipAddress.equals(one.fixedIpAddress))
                    .forEach(one -> port.addFloatingIps(one.floatingIpAddress));
        }
        groups.forEach(group -> port.addSecurityGroupIds(group.id).addSecurityGroupNames(group.name));
        return port.build();
    }

    private static <R> Map<String, R> byId(Transaction tx, Class<R> entity, List<String> ids, Function<R, String> id) {
        return ids.isEmpty()
                ? Map.of()
                : tx
                        .list(
                                entity,
                                "from " + entity.getSimpleName() + " r where r.id in (:ids)",
                                Map.of("ids", ids.stream().distinct().toList()))
                        .stream()
                        .collect(Collectors.toMap(id, row -> row));
    }
}
