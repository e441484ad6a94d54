package io.nephos.network.router;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.port.AddressWish;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortDraft;
import io.nephos.network.port.PortRequests;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.subnet.SubnetRow;
import io.nephos.network.subnet.Subnets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A router's feet in its project's subnets: ports that it owns. */
@ApplicationScoped
public class RouterInterfaces {
    private final Routers routers;
    private final Subnets subnets;
    private final Ports ports;
    private final PortRequests portRequests;

    @Inject
    public RouterInterfaces(Routers routers, Subnets subnets, Ports ports, PortRequests portRequests) {
        this.routers = routers;
        this.subnets = subnets;
        this.ports = ports;
        this.portRequests = portRequests;
    }

    ObjectNode add(Transaction tx, Caller caller, String id, Fields body) {
        RouterRow router = routers.held(tx, caller, id, "add_router_interface");
        Optional<String> subnetId = body.optionalUuid("subnet_id");
        Optional<String> portId = body.optionalUuid("port_id");
        if (subnetId.isPresent() == portId.isPresent()) {
            throw bad(
                    subnetId.isPresent()
                            ? "Cannot specify both subnet-id and port-id"
                            : "Either subnet_id or port_id must be specified");
        }
        PortRow port = subnetId.isPresent()
                ? ofSubnet(tx, router, subnets.visible(tx, caller, subnetId.get()))
                : ofPort(tx, router, portRequests.visible(tx, caller, portId.orElseThrow()));
        return answer(tx, router, port);
    }

    private PortRow ofSubnet(Transaction tx, RouterRow router, SubnetRow subnet) {
        String gateway = subnet.gatewayIp;
        if (gateway == null) {
            throw bad("Subnet for router interface must have a gateway IP");
        }
        refuseOverlap(tx, router, List.of(subnet));
        return ports.create(
                tx,
                new PortDraft(router.projectId, subnet.networkId)
                        .device(Ports.ROUTER_INTERFACE, router.id)
                        .addresses(List.of(AddressWish.exactly(subnet.id, IpAddress.of(gateway))))
                        .trusted());
    }

    private PortRow ofPort(Transaction tx, RouterRow router, PortRow seen) {
        PortRow port = tx.lock(PortRow.class, seen.id).orElseThrow(() -> Ports.notFound(seen.id));
        if (!port.deviceId.isEmpty()) {
            throw Fault.conflict(
                    "PortInUse",
                    "Unable to complete operation on port " + port.id + " for network " + port.networkId
                            + ". Port already has an attached device " + port.deviceId + ".");
        }
        List<SubnetRow> on = ports.addressesOf(tx, List.of(port.id)).stream()
                .map(ip -> tx.find(SubnetRow.class, ip.subnetId).orElseThrow())
                .toList();
        if (on.isEmpty()) {
            throw bad("Router port must have at least one fixed IP");
        }
        refuseOverlap(tx, router, on);
        port.deviceId = router.id;
        port.deviceOwner = Ports.ROUTER_INTERFACE;
        port.portSecurityEnabled = false;
        ports.setGroups(tx, port, List.of());
        ports.adopt(tx, port);
        return port;
    }

    private static void refuseOverlap(Transaction tx, RouterRow router, List<SubnetRow> more) {
        for (SubnetRow has : Routers.connected(tx, router)) {
            for (SubnetRow one : more) {
                if (has.id.equals(one.id)) {
                    throw bad("Router already has a port on subnet " + one.id);
                }
                if (Cidr.of(has.cidr).overlaps(Cidr.of(one.cidr))) {
                    throw bad("Cidr " + one.cidr + " of subnet " + one.id + " overlaps with cidr " + has.cidr
                            + " of subnet " + has.id);
                }
            }
        }
    }

    ObjectNode remove(Transaction tx, Caller caller, String id, Fields body) {
        RouterRow router = routers.held(tx, caller, id, "remove_router_interface");
        Optional<String> subnetId = body.optionalUuid("subnet_id");
        Optional<String> portId = body.optionalUuid("port_id");
        if (subnetId.isEmpty() && portId.isEmpty()) {
            throw bad("Either subnet_id or port_id must be specified");
        }
        PortRow port = portId.isPresent()
                ? tx.find(PortRow.class, portId.get())
                        .filter(row -> row.deviceId.equals(id) && row.deviceOwner.equals(Ports.ROUTER_INTERFACE))
                        .orElseThrow(() -> Fault.notFound(
                                "RouterInterfaceNotFound",
                                "Router " + id + " does not have an interface with id " + portId.get()))
                : onSubnet(tx, id, subnetId.orElseThrow());
        for (FixedIpRow ip : ports.addressesOf(tx, List.of(port.id))) {
            if (subnetId.isPresent() && portId.isPresent() && !ip.subnetId.equals(subnetId.get())) {
                throw Fault.conflict(
                        "SubnetMismatchForPort",
                        "Subnet on port " + port.id + " does not match the requested subnet " + subnetId.get());
            }
            refuseWhileTranslated(tx, id, ip.subnetId);
        }
        ObjectNode answer = answer(tx, router, port);
        ports.delete(tx, port);
        return answer;
    }

    /** All of a router's interfaces, for its owner is gone. */
    public void removeAll(Transaction tx, Caller caller, String id) {
        routers.held(tx, caller, id, "remove_router_interface");
        for (PortRow port : tx.list(
                PortRow.class,
                "from PortRow r where r.deviceId = :router and r.deviceOwner = :owner",
                Map.of("router", id, "owner", Ports.ROUTER_INTERFACE))) {
            ports.addressesOf(tx, List.of(port.id)).forEach(ip -> refuseWhileTranslated(tx, id, ip.subnetId));
            ports.delete(tx, port);
        }
    }

    private static PortRow onSubnet(Transaction tx, String routerId, String subnetId) {
        return tx.first(
                        PortRow.class,
                        "from PortRow r where r.deviceId = :router and r.deviceOwner = :owner and r.id in"
                                + " (select i.portId from FixedIpRow i where i.subnetId = :subnet)",
                        Map.of("router", routerId, "owner", Ports.ROUTER_INTERFACE, "subnet", subnetId))
                .orElseThrow(() -> Fault.notFound(
                        "RouterInterfaceNotFoundForSubnet",
                        "Router " + routerId + " has no interface on subnet " + subnetId));
    }

    private static void refuseWhileTranslated(Transaction tx, String routerId, String subnetId) {
        long floating = tx.count(
                "select count(*) from FloatingIpRow r where r.routerId = :router and exists (select 1 from FixedIpRow i"
                        + " where i.portId = r.portId and i.ipAddress = r.fixedIpAddress and i.subnetId = :subnet)",
                Map.of("router", routerId, "subnet", subnetId));
        if (floating > 0) {
            throw Fault.conflict(
                    "RouterInterfaceInUseByFloatingIP",
                    "Router interface for subnet " + subnetId + " on router " + routerId
                            + " cannot be deleted, as it is required by one or more floating IPs.");
        }
    }

    private ObjectNode answer(Transaction tx, RouterRow router, PortRow port) {
        List<FixedIpRow> addresses = ports.addressesOf(tx, List.of(port.id));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("id", router.id);
        answer.put("project_id", router.projectId);
        answer.put("tenant_id", router.projectId);
        answer.put("port_id", port.id);
        answer.put("network_id", port.networkId);
        addresses.stream().findFirst().ifPresent(ip -> answer.put("subnet_id", ip.subnetId));
        var ids = answer.putArray("subnet_ids");
        addresses.forEach(ip -> ids.add(ip.subnetId));
        answer.putArray("tags");
        return answer;
    }

    private static io.nephos.kit.fault.FaultException bad(String message) {
        return Fault.badRequest("BadRequest", "Bad router request: " + message + ".");
    }
}
