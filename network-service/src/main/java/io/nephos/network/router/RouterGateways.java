package io.nephos.network.router;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Stamp;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.network.Networks;
import io.nephos.network.port.AddressWish;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortDraft;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A router's way out: its port on an external network. */
@ApplicationScoped
public class RouterGateways {
    private final Access access;
    private final Networks networks;
    private final Ports ports;

    @Inject
    public RouterGateways(Access access, Networks networks, Ports ports) {
        this.access = access;
        this.networks = networks;
        this.ports = ports;
    }

    /** Makes the gateway what {@code external_gateway_info} says; an empty or null one takes it away. */
    void change(Transaction tx, Caller caller, RouterRow router, Fields body, String action) {
        Optional<Fields> info = body.optionalObject("external_gateway_info")
                .filter(fields -> !fields.json().isEmpty());
        if (info.isEmpty()) {
            remove(tx, router);
            router.enableSnat = true;
            return;
        }
        Fields wanted = info.get();
        Optional<Boolean> snat = wanted.optionalFlag("enable_snat");
        List<AddressWish> wishes = wishes(wanted);
        if (snat.isPresent()) {
            access.require(action + ":external_gateway_info:enable_snat", caller, router.projectId);
        }
        if (!wishes.isEmpty()) {
            access.require(action + ":external_gateway_info:external_fixed_ips", caller, router.projectId);
        }
        NetworkRow network = networks.visible(tx, caller, wanted.uuid("network_id"));
        if (!network.external) {
            throw Fault.badRequest(
                    "BadRequest", "Bad router request: Network " + network.id + " is not an external network.");
        }
        router.enableSnat = snat.orElse(router.enableSnat);
        if (network.id.equals(router.externalNetworkId) && wishes.isEmpty()) {
            return;
        }
        remove(tx, router);
        PortDraft draft = new PortDraft("", network.id)
                .device(Ports.ROUTER_GATEWAY, router.id)
                .trusted();
        if (!wishes.isEmpty()) {
            draft.addresses(wishes);
        }
        PortRow port = ports.create(tx, draft);
        if (ports.addressesOf(tx, List.of(port.id)).isEmpty()) {
            throw Fault.badRequest(
                    "BadRequest", "Bad router request: No IPs available for external network " + network.id + ".");
        }
        router.externalNetworkId = network.id;
        router.gatewayPortId = port.id;
    }

    void remove(Transaction tx, RouterRow router) {
        String portId = router.gatewayPortId;
        if (portId == null) {
            return;
        }
        if (tx.count("select count(*) from FloatingIpRow r where r.routerId = :router", Map.of("router", router.id))
                > 0) {
            throw Fault.conflict(
                    "RouterExternalGatewayInUseByFloatingIp",
                    "Gateway cannot be updated for router " + router.id + ", since a gateway to external network "
                            + router.externalNetworkId + " is required by one or more floating IPs.");
        }
        router.externalNetworkId = null;
        router.gatewayPortId = null;
        tx.execute("update RouterRow r set r.gatewayPortId = null where r.id = :id", Map.of("id", router.id));
        tx.find(PortRow.class, portId).ifPresent(port -> ports.delete(tx, port));
    }

    private static List<AddressWish> wishes(Fields info) {
        List<AddressWish> wishes = new ArrayList<>();
        for (Fields one : info.objects("external_fixed_ips")) {
            wishes.add(new AddressWish(
                    one.optionalUuid("subnet_id"),
                    one.optionalText("ip_address", 1, 64).map(text -> Attributes.address("ip_address", text)),
                    0));
        }
        return wishes;
    }

    ObjectNode view(Transaction tx, RouterRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("name", row.name);
        view.put("admin_state_up", row.adminStateUp);
        view.put("status", "ACTIVE");
        String gateway = row.gatewayPortId;
        if (gateway == null) {
            view.putNull("external_gateway_info");
        } else {
            ObjectNode info = view.putObject("external_gateway_info");
            info.put("network_id", row.externalNetworkId);
            var ips = info.putArray("external_fixed_ips");
            for (FixedIpRow ip : ports.addressesOf(tx, List.of(gateway))) {
                ips.addObject().put("subnet_id", ip.subnetId).put("ip_address", ip.ipAddress);
            }
            info.put("enable_snat", row.enableSnat);
        }
        var routes = view.putArray("routes");
        row.routes.forEach(route -> {
            int comma = route.indexOf(',');
            routes.addObject().put("destination", route.substring(0, comma)).put("nexthop", route.substring(comma + 1));
        });
        view.putArray("availability_zone_hints");
        view.putArray("availability_zones");
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }
}
