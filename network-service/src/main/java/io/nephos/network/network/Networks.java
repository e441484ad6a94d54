package io.nephos.network.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Noun;
import io.nephos.network.api.Stamp;
import io.nephos.network.fabric.Scope;
import io.nephos.network.floatingip.FloatingIpRow;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.quota.Quotas;
import io.nephos.network.securitygroup.SecurityGroups;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Networks: what they are, who sees them, how they come and go. */
@ApplicationScoped
public class Networks implements Noun<NetworkRow> {
    /** What a caller that is no administrator sees, on {@code r} and {@code :caller}. */
    public static final String VISIBLE = "r.projectId = :caller or r.shared = true or r.external = true";

    private static final Set<String> SETTABLE = Set.of(
            "name",
            "description",
            "admin_state_up",
            "shared",
            "router:external",
            "is_default",
            "port_security_enabled",
            "mtu");
    private static final Set<String> AT_CREATION = Set.of(
            "project_id",
            "tenant_id",
            "provider:network_type",
            "provider:physical_network",
            "provider:segmentation_id");

    private final Access access;
    private final Quotas quotas;
    private final Ports ports;
    private final SecurityGroups groups;
    private final List<String> physicalNetworks;
    private final int geneveMtu;
    private final int physicalMtu;

    @Inject
    public Networks(
            Access access,
            Quotas quotas,
            Ports ports,
            SecurityGroups groups,
            @ConfigProperty(name = "nephos.network.physical-networks") Optional<List<String>> physicalNetworks,
            @ConfigProperty(name = "nephos.network.geneve-mtu") int geneveMtu,
            @ConfigProperty(name = "nephos.network.physical-mtu") int physicalMtu) {
        this.access = access;
        this.quotas = quotas;
        this.ports = ports;
        this.groups = groups;
        this.physicalNetworks = physicalNetworks.orElse(List.of());
        this.geneveMtu = geneveMtu;
        this.physicalMtu = physicalMtu;
    }

    /** The network as the caller may see it; 404 otherwise. */
    @Override
    public NetworkRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(NetworkRow.class, id)
                .filter(row -> access.admin(caller)
                        || row.shared
                        || row.external
                        || access.allows("get_network", caller, row.projectId))
                .orElseThrow(() -> notFound(id));
    }

    public static io.nephos.kit.fault.FaultException notFound(String id) {
        return Fault.notFound("NetworkNotFound", "Network " + id + " could not be found.");
    }

    @Override
    public NetworkRow create(Transaction tx, Caller caller, Fields body) {
        Set<String> known = new java.util.HashSet<>(SETTABLE);
        known.addAll(AT_CREATION);
        Attributes.only(body, known);
        String project = access.owner(caller, body);
        access.require("create_network", caller, project);
        requireEach(caller, project, "create_network", body);
        quotas.take(tx, project, Quotas.NETWORK, 1);
        NetworkRow row = new NetworkRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = project;
        row.name = body.optionalText("name", 0, 255).orElse("");
        row.description = body.optionalText("description", 0, 255).orElse("");
        row.adminStateUp = body.flag("admin_state_up", true);
        row.shared = body.flag("shared", false);
        row.external = body.flag("router:external", false);
        row.isDefault = body.flag("is_default", false);
        row.portSecurityEnabled = body.flag("port_security_enabled", true);
        provide(tx, row, body);
        int largest = row.networkType.equals("geneve") ? geneveMtu : physicalMtu;
        row.mtu = body.optionalInteger("mtu", 0, largest).filter(mtu -> mtu > 0).orElse(largest);
        row.createdAt = Stamp.now();
        row.updatedAt = row.createdAt;
        tx.insert(row);
        groups.ensureDefault(tx, project);
        ports.createMetadataPort(tx, row);
        Scope.network(row.id).wake(tx);
        return row;
    }

    private void provide(Transaction tx, NetworkRow row, Fields body) {
        String type = body.optionalText("provider:network_type", 1, 32).orElse("geneve");
        Optional<String> physical = body.optionalText("provider:physical_network", 1, 64);
        Optional<Integer> segment = body.optionalInteger("provider:segmentation_id", 1, 16_000_000);
        switch (type) {
            case "geneve" -> {
                if (physical.isPresent()) {
                    throw invalid("provider:physical_network specified for geneve network");
                }
                row.segmentationId = segment.map(Integer::longValue)
                        .orElseGet(() -> tx.listNative(Long.class, "select nextval('segmentation_id')", Map.of())
                                .getFirst());
            }
            case "flat" -> {
                String name =
                        physical.orElseThrow(() -> invalid("physical_network required for flat provider network"));
                if (!physicalNetworks.contains(name)) {
                    throw invalid("physical_network '" + name + "' unknown for flat provider network");
                }
                if (segment.isPresent()) {
                    throw invalid("segmentation_id prohibited for flat provider network");
                }
                if (tx.count(
                                "select count(*) from NetworkRow r where r.networkType = 'flat' and r.physicalNetwork = :name",
                                Map.of("name", name))
                        > 0) {
                    throw Fault.conflict(
                            "FlatNetworkInUse",
                            "Unable to create the flat network. Physical network " + name + " is in use.");
                }
                row.physicalNetwork = name;
            }
            default -> throw invalid("provider:network_type " + type + " not supported");
        }
        row.networkType = type;
    }

    NetworkRow update(Transaction tx, Caller caller, String id, Fields body) {
        visible(tx, caller, id);
        NetworkRow row = tx.lock(NetworkRow.class, id).orElseThrow(() -> notFound(id));
        Attributes.only(body, SETTABLE);
        access.require("update_network", caller, row.projectId);
        requireEach(caller, row.projectId, "update_network", body);
        body.optionalText("name", 0, 255).ifPresent(value -> row.name = value);
        body.optionalText("description", 0, 255).ifPresent(value -> row.description = value);
        body.optionalFlag("admin_state_up").ifPresent(value -> row.adminStateUp = value);
        body.optionalFlag("shared").ifPresent(value -> row.shared = value);
        body.optionalFlag("is_default").ifPresent(value -> row.isDefault = value);
        body.optionalFlag("port_security_enabled").ifPresent(value -> row.portSecurityEnabled = value);
        body.optionalInteger("mtu", 68, row.networkType.equals("geneve") ? geneveMtu : physicalMtu)
                .ifPresent(value -> row.mtu = value);
        body.optionalFlag("router:external").ifPresent(value -> {
            if (row.external && !value && gatewayPorts(tx, id) > 0) {
                throw Fault.conflict(
                        "ExternalNetworkInUse",
                        "External network " + id + " cannot be updated to be made non-external, since it has existing"
                                + " gateway ports.");
            }
            row.external = value;
        });
        row.updatedAt = Stamp.now();
        tx.update(row);
        Scope.network(id).wake(tx);
        return row;
    }

    private static long gatewayPorts(Transaction tx, String networkId) {
        return tx.count(
                "select count(*) from PortRow r where r.networkId = :network and r.deviceOwner in"
                        + " ('network:router_gateway', 'network:floatingip')",
                Map.of("network", networkId));
    }

    private void requireEach(Caller caller, String project, String action, Fields body) {
        for (String attribute : List.of(
                "shared",
                "router:external",
                "is_default",
                "provider:network_type",
                "provider:physical_network",
                "provider:segmentation_id")) {
            boolean usual = (attribute.equals("shared") || attribute.startsWith("router:"))
                    && action.startsWith("create")
                    && !body.flag(attribute, false);
            if (body.has(attribute) && !body.isNull(attribute) && !usual) {
                access.require(action + ":" + attribute, caller, project);
            }
        }
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        visible(tx, caller, id);
        NetworkRow row = tx.lock(NetworkRow.class, id).orElseThrow(() -> notFound(id));
        access.require("delete_network", caller, row.projectId);
        // Floating IPs that stand for nothing go with their network.
        for (FloatingIpRow idle : tx.list(
                FloatingIpRow.class,
                "from FloatingIpRow r where r.floatingNetworkId = :network and r.portId is null",
                Map.of("network", id))) {
            tx.delete(idle);
            tx.find(PortRow.class, idle.floatingPortId).ifPresent(port -> ports.delete(tx, port));
        }
        if (tx.count(
                        "select count(*) from PortRow r where r.networkId = :network and r.deviceOwner <> :own",
                        Map.of("network", id, "own", Ports.DISTRIBUTED))
                > 0) {
            throw Fault.conflict(
                    "NetworkInUse",
                    "Unable to complete operation on network " + id
                            + ". There are one or more ports still in use on the network.");
        }
        ports.deleteMetadataPort(tx, id);
        tx.execute("delete from SubnetRow r where r.networkId = :network", Map.of("network", id));
        tx.delete(row);
        Scope.network(id).wake(tx);
    }

    /** The views of these networks, in their order. */
    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<NetworkRow> rows) {
        Map<String, List<String>> subnets = new HashMap<>();
        if (!rows.isEmpty()) {
            tx.list(
                            SubnetRow.class,
                            "from SubnetRow r where r.networkId in (:networks) order by r.createdAt",
                            Map.of("networks", rows.stream().map(row -> row.id).toList()))
                    .forEach(subnet -> subnets.computeIfAbsent(subnet.networkId, key -> new ArrayList<>())
                            .add(subnet.id));
        }
        boolean provider = access.allows("get_network:provider:network_type", caller, "");
        return rows.stream()
                .map(row -> NetworkView.of(row, subnets.getOrDefault(row.id, List.of()), provider))
                .toList();
    }

    private static io.nephos.kit.fault.FaultException invalid(String message) {
        return Fault.badRequest("InvalidInput", "Invalid input for operation: " + message + ".");
    }

    @Override
    public String visibleInLists() {
        return VISIBLE;
    }
}
