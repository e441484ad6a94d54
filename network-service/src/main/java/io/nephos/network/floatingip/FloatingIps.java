package io.nephos.network.floatingip;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Noun;
import io.nephos.network.api.Stamp;
import io.nephos.network.fabric.Scope;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.network.Networks;
import io.nephos.network.port.AddressWish;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortDraft;
import io.nephos.network.port.PortRequests;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.quota.Quotas;
import io.nephos.network.router.RouterRow;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Floating IPs: addresses of an external network that stand for a port's own. */
@ApplicationScoped
public class FloatingIps implements Noun<FloatingIpRow> {
    private static final Set<String> SETTABLE = Set.of(
            "floating_network_id",
            "floating_ip_address",
            "subnet_id",
            "port_id",
            "fixed_ip_address",
            "description",
            "project_id",
            "tenant_id");

    private final Access access;
    private final Quotas quotas;
    private final Networks networks;
    private final Ports ports;
    private final PortRequests portRequests;

    @Inject
    public FloatingIps(Access access, Quotas quotas, Networks networks, Ports ports, PortRequests portRequests) {
        this.access = access;
        this.quotas = quotas;
        this.networks = networks;
        this.ports = ports;
        this.portRequests = portRequests;
    }

    @Override
    public FloatingIpRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(FloatingIpRow.class, id)
                .filter(row -> access.allows("get_floatingip", caller, row.projectId))
                .orElseThrow(() -> notFound(id));
    }

    private static FaultException notFound(String id) {
        return Fault.notFound("FloatingIPNotFound", "Floating IP " + id + " could not be found");
    }

    @Override
    public FloatingIpRow create(Transaction tx, Caller caller, Fields body) {
        Attributes.only(body, SETTABLE);
        String project = access.owner(caller, body);
        access.require("create_floatingip", caller, project);
        NetworkRow network = networks.visible(tx, caller, body.uuid("floating_network_id"));
        if (!network.external) {
            throw bad("Network " + network.id + " is not a valid external network");
        }
        Optional<IpAddress> wanted = body.optionalText("floating_ip_address", 1, 64)
                .map(text -> Attributes.address("floating_ip_address", text));
        if (wanted.isPresent()) {
            access.require("create_floatingip:floating_ip_address", caller, project);
        }
        quotas.take(tx, project, Quotas.FLOATINGIP, 1);
        FloatingIpRow row = new FloatingIpRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = project;
        row.description = body.optionalText("description", 0, 255).orElse("");
        row.floatingNetworkId = network.id;
        PortRow port = ports.create(
                tx,
                new PortDraft("", network.id)
                        .device(Ports.FLOATING_IP, row.id)
                        .addresses(List.of(outside(tx, network, body.optionalUuid("subnet_id"), wanted)))
                        .trusted());
        row.floatingPortId = port.id;
        row.floatingIpAddress = ports.addressesOf(tx, List.of(port.id)).getFirst().ipAddress;
        row.createdAt = Stamp.now();
        row.updatedAt = row.createdAt;
        associate(tx, caller, row, body);
        tx.insert(row);
        tellPort(tx, row.portId);
        return row;
    }

    // IPv4 only, as Neutron: on the subnet named, or on the first of the network that has room.
    private static AddressWish outside(
            Transaction tx, NetworkRow network, Optional<String> subnetId, Optional<IpAddress> wanted) {
        List<SubnetRow> subnets = tx.list(
                SubnetRow.class,
                "from SubnetRow r where r.networkId = :network and r.ipVersion = 4 order by r.createdAt",
                Map.of("network", network.id));
        if (subnets.isEmpty()) {
            throw bad("Network " + network.id + " does not contain any IPv4 subnet");
        }
        if (wanted.isPresent() && subnetId.isEmpty()) {
            return AddressWish.address(wanted.get());
        }
        if (subnetId.isPresent()) {
            return new AddressWish(subnetId, wanted, 0);
        }
        return AddressWish.ofFamily(4);
    }

    FloatingIpRow update(Transaction tx, Caller caller, String id, Fields body) {
        visible(tx, caller, id);
        FloatingIpRow row = tx.lock(FloatingIpRow.class, id).orElseThrow(() -> notFound(id));
        Attributes.only(body, Set.of("port_id", "fixed_ip_address", "description"));
        access.require("update_floatingip", caller, row.projectId);
        body.optionalText("description", 0, 255).ifPresent(text -> row.description = text);
        if (body.has("port_id") || body.has("fixed_ip_address") || body.json().isEmpty()) {
            Optional.ofNullable(row.routerId)
                    .ifPresent(router -> Scope.router(router).wake(tx));
            String before = row.portId;
            tellPort(tx, before);
            row.portId = null;
            row.fixedIpAddress = null;
            row.routerId = null;
            associate(
                    tx,
                    caller,
                    row,
                    body,
                    body.has("port_id") ? body.optionalUuid("port_id") : Optional.ofNullable(before));
        }
        row.updatedAt = Stamp.now();
        tx.update(row);
        tellPort(tx, row.portId);
        return row;
    }

    /** The addresses of the server behind it changed. */
    private void tellPort(Transaction tx, @Nullable String portId) {
        Optional.ofNullable(portId)
                .flatMap(id -> tx.find(PortRow.class, id))
                .ifPresent(port -> ports.shownDifferently(tx, port));
    }

    private void associate(Transaction tx, Caller caller, FloatingIpRow row, Fields body) {
        associate(tx, caller, row, body, body.optionalUuid("port_id"));
    }

    private void associate(Transaction tx, Caller caller, FloatingIpRow row, Fields body, Optional<String> portId) {
        if (portId.isEmpty()) {
            if (body.optionalText("fixed_ip_address", 1, 64).isPresent()) {
                throw bad("fixed_ip_address cannot be specified without a port_id");
            }
            return;
        }
        PortRow port = portRequests.visible(tx, caller, portId.get());
        FixedIpRow inside = inside(tx, port, body);
        Optional<FloatingIpRow> other = ports.floatingIps(tx, port.id).stream()
                .filter(floating -> !floating.id.equals(row.id)
                        && floating.floatingNetworkId.equals(row.floatingNetworkId)
                        && inside.ipAddress.equals(floating.fixedIpAddress))
                .findFirst();
        if (other.isPresent()) {
            throw Fault.conflict(
                    "FloatingIPPortAlreadyAssociated",
                    "Cannot associate floating IP " + row.floatingIpAddress + " (" + row.id + ") with port " + port.id
                            + " using fixed IP " + inside.ipAddress + ", as that fixed IP already has a floating IP on"
                            + " external network " + row.floatingNetworkId + ".");
        }
        row.portId = port.id;
        row.fixedIpAddress = inside.ipAddress;
        row.routerId = router(tx, row, port, inside);
        Scope.router(row.routerId).wake(tx);
    }

    private FixedIpRow inside(Transaction tx, PortRow port, Fields body) {
        List<FixedIpRow> candidates = new ArrayList<>(ports.addressesOf(tx, List.of(port.id)).stream()
                .filter(ip -> IpAddress.of(ip.ipAddress).version() == 4)
                .toList());
        Optional<String> named = body.optionalText("fixed_ip_address", 1, 64)
                .map(text -> Attributes.address("fixed_ip_address", text).toString());
        if (named.isPresent()) {
            return candidates.stream()
                    .filter(ip -> ip.ipAddress.equals(named.get()))
                    .findFirst()
                    .orElseThrow(() -> bad("Port " + port.id + " does not have fixed ip " + named.get()));
        }
        if (candidates.isEmpty()) {
            throw bad("Cannot add floating IP to port " + port.id + " that has no fixed IPv4 addresses");
        }
        if (candidates.size() > 1) {
            throw bad("Port " + port.id + " has multiple fixed IPv4 addresses.  Must provide a specific IPv4 address"
                    + " when assigning a floating IP");
        }
        return candidates.getFirst();
    }

    // The router between the port's subnet and the floating IP's network; the one on the subnet's gateway address
    // first.
    private static String router(Transaction tx, FloatingIpRow row, PortRow port, FixedIpRow inside) {
        List<RouterRow> routers = tx.list(
                RouterRow.class,
                "from RouterRow r where r.externalNetworkId = :network and r.id in (select p.deviceId from PortRow p,"
                        + " FixedIpRow i where i.portId = p.id and p.deviceOwner = :owner and i.subnetId = :subnet)"
                        + " order by r.createdAt",
                Map.of(
                        "network", row.floatingNetworkId,
                        "owner", Ports.ROUTER_INTERFACE,
                        "subnet", inside.subnetId));
        return routers.stream()
                .map(router -> router.id)
                .findFirst()
                .orElseThrow(() -> Fault.notFound(
                        "ExternalGatewayForFloatingIPNotFound",
                        "External network " + row.floatingNetworkId + " is not reachable from subnet "
                                + inside.subnetId + ". Therefore, cannot associate Port " + port.id
                                + " with a Floating IP."));
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        visible(tx, caller, id);
        FloatingIpRow row = tx.lock(FloatingIpRow.class, id).orElseThrow(() -> notFound(id));
        access.require("delete_floatingip", caller, row.projectId);
        Optional.ofNullable(row.routerId)
                .ifPresent(router -> Scope.router(router).wake(tx));
        tx.delete(row);
        tellPort(tx, row.portId);
        tx.find(PortRow.class, row.floatingPortId).ifPresent(port -> ports.delete(tx, port));
    }

    ObjectNode view(Transaction tx, FloatingIpRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("floating_network_id", row.floatingNetworkId);
        view.put("floating_ip_address", row.floatingIpAddress);
        view.put("fixed_ip_address", row.fixedIpAddress);
        view.put("port_id", row.portId);
        view.put("router_id", row.routerId);
        view.put("status", row.portId == null ? "DOWN" : "ACTIVE");
        Optional<PortRow> port = Optional.ofNullable(row.portId).flatMap(id -> tx.find(PortRow.class, id));
        if (port.isPresent()) {
            PortRow inside = port.get();
            view.putObject("port_details")
                    .put("name", inside.name)
                    .put("network_id", inside.networkId)
                    .put("mac_address", inside.macAddress)
                    .put("admin_state_up", inside.adminStateUp)
                    .put("status", inside.status)
                    .put("device_id", inside.deviceId)
                    .put("device_owner", inside.deviceOwner);
        } else {
            view.putNull("port_details");
        }
        view.putArray("port_forwardings");
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }

    private static FaultException bad(String message) {
        return Fault.badRequest("BadRequest", "Bad floatingip request: " + message + ".");
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<FloatingIpRow> rows) {
        return rows.stream().map(row -> view(tx, row)).toList();
    }
}
