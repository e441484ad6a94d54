package io.nephos.network.ovn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.network.floatingip.FloatingIpRow;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.router.RouterRow;
import io.nephos.network.securitygroup.SecurityGroupRow;
import io.nephos.network.securitygroup.SecurityGroupRuleRow;
import io.nephos.network.subnet.SubnetRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is asked of OVN for each resource, word for word. */
class CompilerTest {

    @Test
    void aNetworkIsASwitchWithAMetadataPortAndDhcpForEachSubnet() {
        assertEquals(
                """
                Logical_Switch network/n1 {name=nephos-n1, other_config={mcast_snoop=false, requested-tnl-key=1000001}}
                Logical_Switch_Port network/n1/metadata {name=metadata-n1, type=localport, addresses=fa:16:3f:67:6b:8b 169.254.169.254 10.0.0.7}
                DHCP_Options network/n1/dhcp/s1 {cidr=10.0.0.0/24, options={classless_static_route={169.254.169.254/32,10.0.0.7, 10.9.0.0/16,10.0.0.9, 0.0.0.0/0,10.0.0.1}, dns_server={8.8.8.8, 9.9.9.9}, lease_time=600, mtu=1442, router=10.0.0.1, server_id=10.0.0.1, server_mac=fa:16:3e:e8:bc:16}}
                """,
                text(SwitchCompiler.compile(network(), List.of(subnet()), List.of(address("own", "10.0.0.7")), 600)));
    }

    @Test
    void aFlatNetworkHasAWayToTheWireAndNoTunnelKey() {
        NetworkRow network = network();
        network.networkType = "flat";
        network.physicalNetwork = "public";
        network.segmentationId = null;
        assertEquals("""
                Logical_Switch network/n1 {name=nephos-n1, other_config={mcast_snoop=false}}
                Logical_Switch_Port network/n1/localnet {name=provnet-n1, type=localnet, addresses=unknown, options={network_name=public}}
                Logical_Switch_Port network/n1/metadata {name=metadata-n1, type=localport, addresses=fa:16:3f:67:6b:8b 169.254.169.254}
                """, text(SwitchCompiler.compile(network, List.of(), List.of(), 600)));
    }

    @Test
    void aGuestsPortIsHeldToItsAddressesAndItsGroups() {
        PortRow port = port("compute:nova");
        port.host = "node-1";
        port.allowedAddressPairs = List.of("fa:16:3e:00:00:01,10.0.0.100", "fa:16:3e:00:00:02,10.0.0.101");
        Wanted row = compile(port, List.of("g1", "g2"));
        assertEquals("""
                Logical_Switch_Port port/p1 {name=p1, enabled=true, type=, addresses=[fa:16:3e:00:00:01 10.0.0.5, fa:16:3e:00:00:02], port_security=[fa:16:3e:00:00:01 10.0.0.5 10.0.0.100, fa:16:3e:00:00:02 10.0.0.101], options={requested-chassis=node-1}, dhcpv4_options=Ref[table=DHCP_Options, key=network/n1/dhcp/s1], dhcpv6_options=[]}
                """, text(List.of(row)));
        assertEquals(
                List.of("guard/all", "security-group/g1", "security-group/g2"),
                row.portGroups.stream().map(Datum.Ref::key).toList());
    }

    @Test
    void aPortWithoutPortSecurityIsInNoGroupAndMayHaveAnyAddress() {
        PortRow port = port("compute:nova");
        port.portSecurityEnabled = false;
        Wanted row = compile(port, List.of());
        assertEquals(List.of(), row.portGroups);
        assertEquals(Datum.none(), row.columns.get("port_security"));
        assertTrue(
                Datum.atoms(row.columns.getOrDefault("addresses", Datum.none())).contains("unknown"));
    }

    @Test
    void whatIsNotPluggedInAnywhereIsNoPortOfTheSwitch() {
        for (String owner : List.of(Ports.DISTRIBUTED, Ports.FLOATING_IP)) {
            assertEquals(Optional.empty(), PortCompiler.compile(port(owner), List.of(), Map.of(), List.of()), owner);
        }
    }

    @Test
    void aRouterTranslatesBehindItsGatewayAndForItsFloatingIps() {
        RouterRow router = new RouterRow();
        router.id = "r1";
        router.name = "router";
        router.adminStateUp = true;
        router.enableSnat = true;
        router.routes = List.of("192.168.0.0/16,10.0.0.9");
        PortRow inside = port(Ports.ROUTER_INTERFACE);
        inside.id = "in";
        PortRow outside = port(Ports.ROUTER_GATEWAY);
        outside.id = "out";
        outside.macAddress = "fa:16:3e:00:00:09";
        SubnetRow external = subnet();
        external.id = "s9";
        external.cidr = "172.24.4.0/24";
        external.gatewayIp = "172.24.4.1";
        FloatingIpRow floating = new FloatingIpRow();
        floating.id = "f1";
        floating.floatingIpAddress = "172.24.4.20";
        floating.fixedIpAddress = "10.0.0.5";
        List<RouterCompiler.Leg> legs = List.of(
                new RouterCompiler.Leg(inside, List.of(new RouterCompiler.Foot("10.0.0.1", subnet())), 1442),
                new RouterCompiler.Leg(outside, List.of(new RouterCompiler.Foot("172.24.4.10", external)), 1500));
        assertEquals("""
                Logical_Router router/r1 {name=nephos-r1, enabled=true, options={always_learn_from_arp_request=false, dynamic_neigh_routers=true}}
                Logical_Router_Port router/r1/port/in {name=lrp-in, mac=fa:16:3e:00:00:01, networks=10.0.0.1/24, enabled=true, ipv6_ra_configs={}}
                Logical_Router_Port router/r1/port/out {name=lrp-out, mac=fa:16:3e:00:00:09, networks=172.24.4.10/24, enabled=true, ipv6_ra_configs={}}
                Gateway_Chassis router/r1/chassis/node-1 {name=lrp-out_node-1, chassis_name=node-1, priority=1}
                Logical_Router_Static_Route router/r1/route/default/s9 {ip_prefix=0.0.0.0/0, nexthop=172.24.4.1, output_port=lrp-out}
                Logical_Router_Static_Route router/r1/route/extra/192.168.0.0/16,10.0.0.9 {ip_prefix=192.168.0.0/16, nexthop=10.0.0.9}
                NAT router/r1/nat/source/s1 {type=snat, external_ip=172.24.4.10, logical_ip=10.0.0.0/24}
                NAT router/r1/nat/floating/f1 {type=dnat_and_snat, external_ip=172.24.4.20, logical_ip=10.0.0.5}
                """, text(RouterCompiler.compile(router, legs, List.of(floating), List.of("node-1"))));
        router.enableSnat = false;
        assertFalse(
                text(RouterCompiler.compile(router, legs, List.of(), List.of())).contains("snat"));
    }

    @Test
    void rulesNameGroupsAndNeverPorts() {
        SecurityGroupRuleRow rule = rule("ingress", "IPv4");
        assertEquals("outport == @pg_g_1 && ip4", GroupCompiler.match(rule));
        rule.protocol = "tcp";
        rule.portRangeMin = 22;
        rule.portRangeMax = 22;
        rule.remoteIpPrefix = "10.0.0.0/8";
        assertEquals(
                "outport == @pg_g_1 && ip4 && ip4.src == 10.0.0.0/8 && tcp && tcp.dst == 22",
                GroupCompiler.match(rule));
        rule.portRangeMax = 80;
        rule.remoteIpPrefix = null;
        rule.remoteGroupId = "g-2";
        assertEquals(
                "outport == @pg_g_1 && ip4 && ip4.src == $pg_g_2_ip4 && tcp && tcp.dst >= 22 && tcp.dst <= 80",
                GroupCompiler.match(rule));
        SecurityGroupRuleRow out = rule("egress", "IPv6");
        out.protocol = "ipv6-icmp";
        out.portRangeMin = 128;
        out.portRangeMax = 0;
        assertEquals(
                "inport == @pg_g_1 && ip6 && icmp6 && icmp6.type == 128 && icmp6.code == 0", GroupCompiler.match(out));
        SecurityGroupRuleRow other = rule("ingress", "IPv4");
        other.protocol = "47";
        assertEquals("outport == @pg_g_1 && ip4 && ip.proto == 47", GroupCompiler.match(other));
    }

    @Test
    void aStatelessGroupsRulesTrackNoConnections() {
        SecurityGroupRow group = new SecurityGroupRow();
        group.id = "g-1";
        group.name = "web";
        group.stateful = false;
        assertEquals(
                Set.of("allow-stateless"),
                GroupCompiler.compile(group, List.of(rule("ingress", "IPv4"))).stream()
                        .filter(row -> row.table.equals("ACL"))
                        .flatMap(row -> Datum.atoms(row.columns.getOrDefault("action", Datum.none())).stream())
                        .collect(java.util.stream.Collectors.toSet()));
    }

    private static Wanted compile(PortRow port, List<String> groups) {
        return PortCompiler.compile(port, List.of(address("p1", "10.0.0.5")), Map.of("s1", subnet()), groups)
                .orElseThrow();
    }

    static NetworkRow network() {
        NetworkRow network = new NetworkRow();
        network.id = "n1";
        network.name = "net";
        network.mtu = 1442;
        network.networkType = "geneve";
        network.segmentationId = 1_000_001L;
        return network;
    }

    static SubnetRow subnet() {
        SubnetRow subnet = new SubnetRow();
        subnet.id = "s1";
        subnet.networkId = "n1";
        subnet.ipVersion = 4;
        subnet.cidr = "10.0.0.0/24";
        subnet.gatewayIp = "10.0.0.1";
        subnet.enableDhcp = true;
        subnet.dnsNameservers = List.of("8.8.8.8", "9.9.9.9");
        subnet.hostRoutes = List.of("10.9.0.0/16,10.0.0.9");
        return subnet;
    }

    static PortRow port(String owner) {
        PortRow port = new PortRow();
        port.id = "p1";
        port.name = "";
        port.networkId = "n1";
        port.projectId = "project";
        port.macAddress = "fa:16:3e:00:00:01";
        port.adminStateUp = true;
        port.deviceId = "d1";
        port.deviceOwner = owner;
        port.host = "";
        port.portSecurityEnabled = true;
        port.allowedAddressPairs = List.of();
        return port;
    }

    static FixedIpRow address(String port, String address) {
        FixedIpRow ip = new FixedIpRow();
        ip.portId = port;
        ip.subnetId = "s1";
        ip.ipAddress = address;
        return ip;
    }

    private static SecurityGroupRuleRow rule(String direction, String ethertype) {
        SecurityGroupRuleRow rule = new SecurityGroupRuleRow();
        rule.id = direction;
        rule.groupId = "g-1";
        rule.direction = direction;
        rule.ethertype = ethertype;
        return rule;
    }

    private static String text(List<Wanted> rows) {
        StringBuilder text = new StringBuilder();
        for (Wanted row : rows) {
            text.append(row.table).append(' ').append(row.key).append(" {");
            String separator = "";
            for (Map.Entry<String, Datum> column : row.columns.entrySet()) {
                if (!column.getKey().equals("external_ids")) {
                    text.append(separator).append(column.getKey()).append('=').append(text(column.getValue()));
                    separator = ", ";
                }
            }
            text.append("}\n");
        }
        return text.toString();
    }

    private static String text(Datum value) {
        return switch (value) {
            case Datum.Entries entries -> entries.map().toString();
            case Datum.Many many ->
                many.atoms().size() == 1
                        ? String.valueOf(many.atoms().iterator().next())
                        : many.atoms().toString();
        };
    }
}
