package io.nephos.network.ovn;

import io.nephos.network.fabric.Scope;
import io.nephos.network.floatingip.FloatingIpRow;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.router.RouterRow;
import io.nephos.network.subnet.SubnetRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A router as Northbound rows: its ports, routes, gateway and translations. Pure. */
final class RouterCompiler {
    private RouterCompiler() {}

    /** An address of one of the router's ports, and the subnet it is on. */
    record Foot(String address, SubnetRow subnet) {}

    /** One of the router's ports. */
    record Leg(PortRow port, List<Foot> feet, int mtu) {
        boolean gateway() {
            return port.deviceOwner.equals(Ports.ROUTER_GATEWAY);
        }
    }

    /**
     * @param chassis the hosts that reach the external network, the preferred one first
     */
    static List<Wanted> compile(RouterRow router, List<Leg> legs, List<FloatingIpRow> floating, List<String> chassis) {
        String key = Scope.router(router.id).toString();
        List<Wanted> rows = new ArrayList<>();
        rows.add(new Wanted("Logical_Router", key)
                .with("name", "nephos-" + router.id)
                .with("enabled", router.adminStateUp)
                .with("options", Map.of("always_learn_from_arp_request", "false", "dynamic_neigh_routers", "true"))
                .id("nephos:router_name", router.name));
        for (Leg leg : legs) {
            rows.add(port(key, leg));
            if (leg.gateway()) {
                gateway(key, leg, chassis, rows);
            }
        }
        for (String route : router.routes) {
            int comma = route.indexOf(',');
            rows.add(route(key, "extra/" + route, route.substring(0, comma), route.substring(comma + 1)));
        }
        legs.stream().filter(Leg::gateway).findFirst().ifPresent(out -> translations(key, router, legs, out, rows));
        for (FloatingIpRow ip : floating) {
            String inside = ip.fixedIpAddress;
            if (inside != null) {
                rows.add(nat(key, "floating/" + ip.id, "dnat_and_snat", ip.floatingIpAddress, inside)
                        .id("nephos:floatingip_id", ip.id));
            }
        }
        return rows;
    }

    static String portName(PortRow port) {
        return "lrp-" + port.id;
    }

    private static String portKey(String router, Leg leg) {
        return router + "/port/" + leg.port().id;
    }

    private static Wanted port(String router, Leg leg) {
        List<String> networks = leg.feet().stream()
                .map(foot -> foot.address() + "/" + Cidr.of(foot.subnet().cidr).prefix())
                .toList();
        return new Wanted("Logical_Router_Port", portKey(router, leg))
                .in("Logical_Router", router, "ports")
                .with("name", portName(leg.port()))
                .with("mac", leg.port().macAddress)
                .with("networks", Datum.set(networks))
                .with("enabled", leg.port().adminStateUp)
                .with("ipv6_ra_configs", advertisements(leg));
    }

    private static Map<String, String> advertisements(Leg leg) {
        Optional<SubnetRow> advertised = leg.feet().stream()
                .map(Foot::subnet)
                .filter(subnet -> subnet.ipv6RaMode != null)
                .findFirst();
        if (advertised.isEmpty()) {
            return Map.of();
        }
        Map<String, String> configs = new TreeMap<>();
        configs.put("address_mode", String.valueOf(advertised.get().ipv6RaMode).replace('-', '_'));
        configs.put("send_periodic", "true");
        configs.put("mtu", String.valueOf(leg.mtu()));
        return configs;
    }

    private static void gateway(String router, Leg leg, List<String> chassis, List<Wanted> rows) {
        int priority = chassis.size();
        for (String name : chassis) {
            rows.add(new Wanted("Gateway_Chassis", router + "/chassis/" + name)
                    .in("Logical_Router_Port", portKey(router, leg), "gateway_chassis")
                    .with("name", portName(leg.port()) + "_" + name)
                    .with("chassis_name", name)
                    .with("priority", (long) priority--));
        }
        for (Foot foot : leg.feet()) {
            String nexthop = foot.subnet().gatewayIp;
            if (nexthop != null) {
                boolean four = foot.subnet().ipVersion == 4;
                rows.add(route(router, "default/" + foot.subnet().id, four ? "0.0.0.0/0" : "::/0", nexthop)
                        .with("output_port", portName(leg.port())));
            }
        }
    }

    private static Wanted route(String router, String part, String destination, String nexthop) {
        return new Wanted("Logical_Router_Static_Route", router + "/route/" + part)
                .in("Logical_Router", router, "static_routes")
                .with("ip_prefix", destination)
                .with("nexthop", nexthop);
    }

    // Source NAT behind the gateway's first IPv4 address, for each IPv4 subnet inside.
    private static void translations(String key, RouterRow router, List<Leg> legs, Leg out, List<Wanted> rows) {
        Optional<String> outside = out.feet().stream()
                .map(Foot::address)
                .filter(address -> IpAddress.of(address).version() == 4)
                .findFirst();
        if (outside.isEmpty() || !router.enableSnat) {
            return;
        }
        for (Leg leg : legs) {
            if (leg.gateway()) {
                continue;
            }
            for (Foot foot : leg.feet()) {
                if (foot.subnet().ipVersion == 4) {
                    rows.add(nat(key, "source/" + foot.subnet().id, "snat", outside.get(), foot.subnet().cidr));
                }
            }
        }
    }

    private static Wanted nat(String router, String part, String type, String outside, String inside) {
        return new Wanted("NAT", router + "/nat/" + part)
                .in("Logical_Router", router, "nat")
                .with("type", type)
                .with("external_ip", outside)
                .with("logical_ip", inside);
    }
}
