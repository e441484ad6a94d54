package io.nephos.network.ovn;

import io.nephos.network.fabric.Scope;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.subnet.SubnetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A port as its Northbound row and its memberships of port groups. Pure. */
final class PortCompiler {
    private PortCompiler() {}

    /**
     * @param subnets those of the addresses, by id
     * @param groups ids of its security groups
     */
    static Optional<Wanted> compile(
            PortRow port, List<FixedIpRow> addresses, Map<String, SubnetRow> subnets, List<String> groups) {
        Wanted row = new Wanted("Logical_Switch_Port", Scope.port(port.id).toString())
                .in("Logical_Switch", Scope.network(port.networkId).toString(), "ports")
                .with("name", port.id)
                .with("enabled", port.adminStateUp)
                .id("nephos:port_name", port.name)
                .id("nephos:device_id", port.deviceId)
                .id("nephos:device_owner", port.deviceOwner)
                .id("nephos:project_id", port.projectId);
        return switch (port.deviceOwner) {
            // The network's own port is part of the network; a floating IP's only keeps the address.
            case Ports.DISTRIBUTED, Ports.FLOATING_IP -> Optional.empty();
            case Ports.ROUTER_INTERFACE, Ports.ROUTER_GATEWAY -> Optional.of(ofRouter(port, row));
            default -> Optional.of(ofGuest(port, row, addresses, subnets, groups));
        };
    }

    private static Wanted ofRouter(PortRow port, Wanted row) {
        Map<String, String> options = new TreeMap<>();
        options.put("router-port", RouterCompiler.portName(port));
        if (port.deviceOwner.equals(Ports.ROUTER_GATEWAY)) {
            // The gateway announces the addresses it translates.
            options.put("nat-addresses", "router");
        }
        return row.with("type", "router").with("addresses", "router").with("options", options);
    }

    private static Wanted ofGuest(
            PortRow port, Wanted row, List<FixedIpRow> addresses, Map<String, SubnetRow> subnets, List<String> groups) {
        List<String> own = new ArrayList<>(List.of(port.macAddress));
        addresses.forEach(ip -> own.add(ip.ipAddress));
        String identity = String.join(" ", own);
        List<String> reachable = new ArrayList<>(List.of(identity));
        List<String> allowed = new ArrayList<>();
        if (port.portSecurityEnabled) {
            allowed.add(withPairs(port, identity));
            otherMacs(port, reachable, allowed);
            row.member(Scope.guard().toString());
            groups.forEach(group -> row.member(Scope.securityGroup(group).toString()));
        } else {
            reachable.add("unknown");
        }
        return row.with("type", "")
                .with("addresses", Datum.set(reachable))
                .with("port_security", Datum.set(allowed))
                .with("options", port.host.isEmpty() ? Map.of() : Map.of("requested-chassis", port.host))
                .with("dhcpv4_options", dhcp(4, addresses, subnets))
                .with("dhcpv6_options", dhcp(6, addresses, subnets));
    }

    private static String withPairs(PortRow port, String identity) {
        StringBuilder text = new StringBuilder(identity);
        for (String pair : port.allowedAddressPairs) {
            int comma = pair.indexOf(',');
            if (pair.substring(0, comma).equals(port.macAddress)) {
                text.append(' ').append(pair.substring(comma + 1));
            }
        }
        return text.toString();
    }

    private static void otherMacs(PortRow port, List<String> reachable, List<String> allowed) {
        Map<String, List<String>> byMac = new TreeMap<>();
        for (String pair : port.allowedAddressPairs) {
            int comma = pair.indexOf(',');
            if (!pair.substring(0, comma).equals(port.macAddress)) {
                byMac.computeIfAbsent(pair.substring(0, comma), mac -> new ArrayList<>())
                        .add(pair.substring(comma + 1));
            }
        }
        byMac.forEach((mac, addresses) -> {
            reachable.add(mac);
            allowed.add(mac + " " + String.join(" ", addresses));
        });
    }

    // OVN answers a port's DHCP from one subnet of each family: that of its first address.
    private static Datum dhcp(int version, List<FixedIpRow> addresses, Map<String, SubnetRow> subnets) {
        for (FixedIpRow ip : addresses) {
            SubnetRow subnet = subnets.get(ip.subnetId);
            if (subnet != null && subnet.ipVersion == version && SwitchCompiler.offersDhcp(subnet)) {
                return Datum.of(new Datum.Ref("DHCP_Options", SwitchCompiler.dhcpKey(subnet)));
            }
        }
        return Datum.none();
    }
}
