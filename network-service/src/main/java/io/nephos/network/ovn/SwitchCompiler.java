package io.nephos.network.ovn;

import io.nephos.network.fabric.Scope;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.MacAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.subnet.SubnetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A network as Northbound rows: the switch, its way to the wire, its metadata port, DHCP for each subnet. Pure. */
final class SwitchCompiler {
    private static final String METADATA = "169.254.169.254";

    private SwitchCompiler() {}

    /**
     * @param metadataAddresses of the network's own port, on subnets with DHCP
     */
    static List<Wanted> compile(
            NetworkRow network, List<SubnetRow> subnets, List<FixedIpRow> metadataAddresses, int leaseSeconds) {
        String key = Scope.network(network.id).toString();
        List<Wanted> rows = new ArrayList<>();
        Map<String, String> config = new TreeMap<>();
        config.put("mcast_snoop", "false");
        Optional.ofNullable(network.segmentationId)
                .ifPresent(segment -> config.put("requested-tnl-key", String.valueOf(segment)));
        rows.add(new Wanted("Logical_Switch", key)
                .with("name", "nephos-" + network.id)
                .with("other_config", config)
                .id("nephos:network_name", network.name)
                .id("nephos:mtu", String.valueOf(network.mtu)));
        if (network.physicalNetwork != null) {
            rows.add(port(key, "localnet", "provnet-" + network.id)
                    .with("type", "localnet")
                    .with("addresses", "unknown")
                    .with("options", Map.of("network_name", network.physicalNetwork)));
        }
        List<String> addresses = new ArrayList<>(List.of(MacAddress.ofMetadata(network.id), METADATA));
        metadataAddresses.forEach(ip -> addresses.add(ip.ipAddress));
        rows.add(port(key, "metadata", "metadata-" + network.id)
                .with("type", "localport")
                .with("addresses", String.join(" ", addresses)));
        for (SubnetRow subnet : subnets) {
            if (offersDhcp(subnet)) {
                Optional<String> metadata = metadataAddresses.stream()
                        .filter(ip -> ip.subnetId.equals(subnet.id))
                        .map(ip -> ip.ipAddress)
                        .findFirst();
                rows.add(dhcp(network, subnet, metadata, leaseSeconds));
            }
        }
        return rows;
    }

    private static Wanted port(String network, String part, String name) {
        return new Wanted("Logical_Switch_Port", network + "/" + part)
                .in("Logical_Switch", network, "ports")
                .with("name", name);
    }

    /** Of the DHCP options of a subnet. */
    static String dhcpKey(SubnetRow subnet) {
        return Scope.network(subnet.networkId) + "/dhcp/" + subnet.id;
    }

    /** Guests on it are answered; with SLAAC the router's advertisements say it all. */
    static boolean offersDhcp(SubnetRow subnet) {
        return subnet.enableDhcp && !"slaac".equals(subnet.ipv6AddressMode);
    }

    private static Wanted dhcp(NetworkRow network, SubnetRow subnet, Optional<String> metadata, int leaseSeconds) {
        Map<String, String> options = new TreeMap<>();
        if (subnet.ipVersion == 4) {
            options.put(
                    "server_id",
                    Optional.ofNullable(subnet.gatewayIp).or(() -> metadata).orElse(METADATA));
            options.put("server_mac", MacAddress.ofDhcp(subnet.id));
            options.put("lease_time", String.valueOf(leaseSeconds));
            options.put("mtu", String.valueOf(network.mtu));
            Optional.ofNullable(subnet.gatewayIp).ifPresent(gateway -> options.put("router", gateway));
            routes(subnet, metadata).ifPresent(text -> options.put("classless_static_route", text));
        } else {
            options.put("server_id", MacAddress.ofDhcp(subnet.id));
            if ("dhcpv6-stateless".equals(subnet.ipv6AddressMode)) {
                options.put("dhcpv6_stateless", "true");
            }
        }
        if (!subnet.dnsNameservers.isEmpty()) {
            options.put("dns_server", "{" + String.join(", ", subnet.dnsNameservers) + "}");
        }
        return new Wanted("DHCP_Options", dhcpKey(subnet))
                .with("cidr", Cidr.of(subnet.cidr).toString())
                .with("options", options);
    }

    // A client that takes option 121 ignores the router option (RFC 3442), so the default route is in both.
    private static Optional<String> routes(SubnetRow subnet, Optional<String> metadata) {
        List<String> routes = new ArrayList<>();
        metadata.ifPresent(address -> routes.add(METADATA + "/32," + address));
        routes.addAll(subnet.hostRoutes);
        if (routes.isEmpty()) {
            return Optional.empty();
        }
        Optional.ofNullable(subnet.gatewayIp).ifPresent(gateway -> routes.add("0.0.0.0/0," + gateway));
        return Optional.of("{" + String.join(", ", routes) + "}");
    }
}
