package io.nephos.network.subnet;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Stamp;

/** A subnet on the wire. */
final class SubnetView {
    private SubnetView() {}

    static ObjectNode of(SubnetRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("name", row.name);
        view.put("network_id", row.networkId);
        view.put("ip_version", row.ipVersion);
        view.put("cidr", row.cidr);
        view.put("gateway_ip", row.gatewayIp);
        view.put("enable_dhcp", row.enableDhcp);
        view.put("ipv6_ra_mode", row.ipv6RaMode);
        view.put("ipv6_address_mode", row.ipv6AddressMode);
        view.put("subnetpool_id", row.subnetpoolId);
        var pools = view.putArray("allocation_pools");
        row.allocationPools.forEach(pool -> {
            int dash = pool.indexOf('-');
            pools.addObject().put("start", pool.substring(0, dash)).put("end", pool.substring(dash + 1));
        });
        var servers = view.putArray("dns_nameservers");
        row.dnsNameservers.forEach(servers::add);
        var routes = view.putArray("host_routes");
        row.hostRoutes.forEach(route -> {
            int comma = route.indexOf(',');
            routes.addObject().put("destination", route.substring(0, comma)).put("nexthop", route.substring(comma + 1));
        });
        var types = view.putArray("service_types");
        row.serviceTypes.forEach(types::add);
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }
}
