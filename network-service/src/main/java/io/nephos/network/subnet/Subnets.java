package io.nephos.network.subnet;

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
import io.nephos.network.ipam.AddressPool;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.network.Networks;
import io.nephos.network.port.Addressing;
import io.nephos.network.port.FixedIpRow;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.network.quota.Quotas;
import io.nephos.network.subnetpool.Subnetpools;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Subnets: the addresses of a network and what guests are told over DHCP. */
@ApplicationScoped
public class Subnets implements Noun<SubnetRow> {
    /** What a caller that is no administrator sees: its subnets and those of its and of shared networks. */
    static final String VISIBLE = "r.projectId = :caller or r.networkId in"
            + " (select n.id from NetworkRow n where n.projectId = :caller or n.shared = true)";

    private static final Set<String> SETTABLE = Set.of(
            "name",
            "description",
            "gateway_ip",
            "allocation_pools",
            "dns_nameservers",
            "host_routes",
            "enable_dhcp",
            "service_types");
    private static final Set<String> AT_CREATION = Set.of(
            "project_id",
            "tenant_id",
            "network_id",
            "ip_version",
            "cidr",
            "prefixlen",
            "subnetpool_id",
            "use_default_subnetpool",
            "ipv6_ra_mode",
            "ipv6_address_mode");

    private final Access access;
    private final Quotas quotas;
    private final Networks networks;
    private final Subnetpools pools;
    private final Ports ports;

    @Inject
    public Subnets(Access access, Quotas quotas, Networks networks, Subnetpools pools, Ports ports) {
        this.access = access;
        this.quotas = quotas;
        this.networks = networks;
        this.pools = pools;
        this.ports = ports;
    }

    @Override
    public SubnetRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(SubnetRow.class, id)
                .filter(row -> access.allows("get_subnet", caller, row.projectId)
                        || tx.find(NetworkRow.class, row.networkId)
                                .filter(network ->
                                        network.shared || access.allows("get_network", caller, network.projectId))
                                .isPresent())
                .orElseThrow(() -> notFound(id));
    }

    public static FaultException notFound(String id) {
        return Fault.notFound("SubnetNotFound", "Subnet " + id + " could not be found.");
    }

    @Override
    public SubnetRow create(Transaction tx, Caller caller, Fields body) {
        Set<String> known = new HashSet<>(SETTABLE);
        known.addAll(AT_CREATION);
        Attributes.only(body, known);
        NetworkRow network = networks.visible(tx, caller, body.uuid("network_id"));
        String project = access.owner(caller, body);
        access.requireOnNetwork("create_subnet", caller, project, network.projectId);
        quotas.take(tx, project, Quotas.SUBNET, 1);
        SubnetRow row = new SubnetRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = project;
        row.networkId = network.id;
        row.name = body.optionalText("name", 0, 255).orElse("");
        row.description = body.optionalText("description", 0, 255).orElse("");
        row.enableDhcp = body.flag("enable_dhcp", true);
        row.serviceTypes = body.texts("service_types", 1, 255);
        row.dnsNameservers = List.of();
        row.hostRoutes = List.of();
        Cidr cidr = prefix(tx, caller, row, body);
        row.cidr = cidr.toString();
        row.ipVersion = cidr.version();
        ipv6Modes(row, body);
        tx.serialize("subnets/" + network.id);
        refuseOverlap(tx, network, cidr);
        Optional<IpAddress> gateway = gateway(cidr, body);
        row.gatewayIp = gateway.map(IpAddress::toString).orElse(null);
        row.allocationPools = texts(poolsOf(cidr, gateway, body));
        servers(row, body);
        row.createdAt = Stamp.now();
        row.updatedAt = row.createdAt;
        tx.insert(row);
        if (row.ipVersion == 4 && row.enableDhcp) {
            ports.extendMetadataPort(tx, row);
        }
        if (Addressing.selfAssigned(row)) {
            ports.extendSelfAssigned(tx, row);
        }
        Scope.network(network.id).wake(tx);
        return row;
    }

    private Cidr prefix(Transaction tx, Caller caller, SubnetRow row, Fields body) {
        Optional<Integer> version = body.optionalInteger("ip_version", 4, 6);
        Optional<String> pool = body.optionalUuid("subnetpool_id")
                .or(() -> body.flag("use_default_subnetpool", false)
                        ? Optional.of(pools.defaultOf(tx, version.orElse(4)).id)
                        : Optional.empty());
        Optional<Cidr> asked = body.optionalText("cidr", 1, 64).map(text -> strict(text));
        if (pool.isPresent()) {
            row.subnetpoolId = pool.get();
            return pools.allocate(
                    tx, caller, pool.get(), asked, body.optionalInteger("prefixlen", 0, 128), row.projectId);
        }
        Cidr cidr = asked.orElseThrow(() -> Fault.badRequest(
                "BadRequest", "Bad subnets request: a subnetpool must be specified in the absence of a cidr."));
        if (version.isEmpty()) {
            throw Fault.badRequest("Invalid input for operation: 'ip_version' is required.");
        }
        if (version.get() != cidr.version()) {
            throw Fault.badRequest(
                    "InvalidInput",
                    "Invalid input for operation: ip_version " + version.get() + " does not match cidr " + cidr + ".");
        }
        return cidr;
    }

    private static Cidr strict(String text) {
        Cidr cidr = Attributes.cidr("cidr", text);
        String written = text.contains("/") ? text.substring(0, text.indexOf('/')) : text;
        if (!IpAddress.of(written).equals(cidr.network())) {
            throw Fault.badRequest("Invalid input for cidr. Reason: '" + text + "' isn't a recognized IP subnet cidr, '"
                    + cidr + "' is recommended.");
        }
        return cidr;
    }

    private static void ipv6Modes(SubnetRow row, Fields body) {
        String[] modes = {"slaac", "dhcpv6-stateful", "dhcpv6-stateless"};
        row.ipv6RaMode = body.optionalOneOf("ipv6_ra_mode", modes).orElse(null);
        row.ipv6AddressMode = body.optionalOneOf("ipv6_address_mode", modes).orElse(null);
        if (row.ipv6RaMode == null && row.ipv6AddressMode == null) {
            return;
        }
        if (row.ipVersion == 4) {
            throw invalid("ipv6_ra_mode and ipv6_address_mode are not valid when ip_version is 4");
        }
        if (!row.enableDhcp) {
            throw invalid("ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False");
        }
        if (row.ipv6RaMode != null && row.ipv6AddressMode != null && !row.ipv6RaMode.equals(row.ipv6AddressMode)) {
            throw invalid("ipv6_ra_mode set to '" + row.ipv6RaMode + "' with ipv6_address_mode set to '"
                    + row.ipv6AddressMode + "' is not valid. If both attributes are set, they must be the same value");
        }
        if (Addressing.selfAssigned(row) && Cidr.of(row.cidr).prefix() != 64) {
            throw invalid("Invalid CIDR " + row.cidr + " for IPv6 address mode. OpenStack uses the EUI-64 address"
                    + " format, which requires the prefix to be /64");
        }
    }

    private static void refuseOverlap(Transaction tx, NetworkRow network, Cidr cidr) {
        tx
                .list(SubnetRow.class, "from SubnetRow r where r.networkId = :network", Map.of("network", network.id))
                .stream()
                .filter(other -> Cidr.of(other.cidr).overlaps(cidr))
                .findFirst()
                .ifPresent(other -> {
                    throw invalid("Requested subnet with cidr: " + cidr + " for network: " + network.id
                            + " overlaps with another subnet");
                });
    }

    private static Optional<IpAddress> gateway(Cidr cidr, Fields body) {
        if (body.isNull("gateway_ip")) {
            return Optional.empty();
        }
        return Optional.of(body.optionalText("gateway_ip", 1, 64)
                .map(text -> gateway(cidr, text))
                .orElseGet(() -> cidr.network().bits() - cidr.prefix() <= 1
                        ? cidr.network()
                        : cidr.network().plus(1)));
    }

    private static IpAddress gateway(Cidr cidr, String text) {
        IpAddress gateway = Attributes.address("gateway_ip", text);
        if (gateway.version() != cidr.version() || (cidr.contains(gateway) && !cidr.usable(gateway))) {
            throw invalid("Gateway is not valid on subnet");
        }
        return gateway;
    }

    private static List<AddressPool> poolsOf(Cidr cidr, Optional<IpAddress> gateway, Fields body) {
        if (!body.has("allocation_pools") || body.isNull("allocation_pools")) {
            return AddressPool.around(cidr, gateway);
        }
        List<AddressPool> pools = new ArrayList<>();
        for (Fields one : body.objects("allocation_pools")) {
            IpAddress start = Attributes.address("allocation_pools", one.text("start", 1, 64));
            IpAddress end = Attributes.address("allocation_pools", one.text("end", 1, 64));
            AddressPool pool = new AddressPool(start, end);
            if (start.version() != cidr.version() || end.version() != cidr.version() || end.compareTo(start) < 0) {
                throw Fault.badRequest(
                        "InvalidAllocationPool", "The allocation pool " + start + "-" + end + " is not valid.");
            }
            if (!cidr.contains(start) || !cidr.contains(end)) {
                throw Fault.badRequest(
                        "OutOfBoundsAllocationPool",
                        "The allocation pool " + start + "-" + end + " spans beyond the subnet cidr " + cidr + ".");
            }
            pools.stream().filter(pool::overlaps).findFirst().ifPresent(other -> {
                throw Fault.conflict(
                        "OverlappingAllocationPools",
                        "Found overlapping allocation pools: " + other + ", " + pool + " for subnet " + cidr + ".");
            });
            gateway.filter(pool::contains).ifPresent(address -> {
                throw Fault.conflict(
                        "GatewayConflictWithAllocationPools",
                        "Gateway ip " + address + " conflicts with allocation pool " + pool + ".");
            });
            pools.add(pool);
        }
        return pools;
    }

    private static void servers(SubnetRow row, Fields body) {
        if (body.has("dns_nameservers")) {
            row.dnsNameservers = body.texts("dns_nameservers", 1, 64).stream()
                    .map(text -> Attributes.address("dns_nameservers", text).toString())
                    .distinct()
                    .toList();
        }
        if (body.has("host_routes")) {
            row.hostRoutes = Attributes.routes(body, "host_routes");
        }
    }

    SubnetRow update(Transaction tx, Caller caller, String id, Fields body) {
        visible(tx, caller, id);
        SubnetRow row = tx.lock(SubnetRow.class, id).orElseThrow(() -> notFound(id));
        NetworkRow network = tx.find(NetworkRow.class, row.networkId).orElseThrow();
        Attributes.only(body, SETTABLE);
        if (!access.allows("update_subnet", caller, network.projectId)) {
            access.require("update_subnet", caller, row.projectId);
        }
        Cidr cidr = Cidr.of(row.cidr);
        body.optionalText("name", 0, 255).ifPresent(value -> row.name = value);
        body.optionalText("description", 0, 255).ifPresent(value -> row.description = value);
        if (body.has("service_types")) {
            row.serviceTypes = body.texts("service_types", 1, 255);
        }
        if (body.has("gateway_ip")) {
            Optional<String> gateway = gateway(cidr, body).map(IpAddress::toString);
            if (!gateway.equals(Optional.ofNullable(row.gatewayIp))) {
                refuseWhileRouted(tx, row);
                row.gatewayIp = gateway.orElse(null);
            }
        }
        Optional<IpAddress> gateway = Optional.ofNullable(row.gatewayIp).map(IpAddress::of);
        if (body.has("allocation_pools")) {
            row.allocationPools = texts(poolsOf(cidr, gateway, body));
        } else {
            gateway.ifPresent(address -> Addressing.pools(row).stream()
                    .filter(pool -> body.has("gateway_ip") && pool.contains(address))
                    .findFirst()
                    .ifPresent(pool -> {
                        throw Fault.conflict(
                                "GatewayConflictWithAllocationPools",
                                "Gateway ip " + address + " conflicts with allocation pool " + pool + ".");
                    }));
        }
        servers(row, body);
        body.optionalFlag("enable_dhcp")
                .filter(value -> value != row.enableDhcp)
                .ifPresent(value -> {
                    row.enableDhcp = value;
                    if (value && row.ipVersion == 4) {
                        ports.extendMetadataPort(tx, row);
                    }
                    addresses(tx, id).forEach(ip -> Scope.port(ip.portId).wake(tx));
                });
        row.updatedAt = Stamp.now();
        tx.update(row);
        Scope.network(row.networkId).wake(tx);
        return row;
    }

    private static void refuseWhileRouted(Transaction tx, SubnetRow row) {
        String gateway = row.gatewayIp;
        if (gateway == null) {
            return;
        }
        tx.find(FixedIpRow.class, row.id + "/" + gateway)
                .flatMap(ip -> tx.find(PortRow.class, ip.portId))
                .filter(port -> port.deviceOwner.equals(Ports.ROUTER_INTERFACE))
                .ifPresent(port -> {
                    throw Fault.conflict(
                            "GatewayIpInUse",
                            "Current gateway ip " + gateway + " already in use by port " + port.id
                                    + ". Unable to update.");
                });
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        visible(tx, caller, id);
        SubnetRow row = tx.lock(SubnetRow.class, id).orElseThrow(() -> notFound(id));
        NetworkRow network = tx.find(NetworkRow.class, row.networkId).orElseThrow();
        if (!access.allows("delete_subnet", caller, network.projectId)) {
            access.require("delete_subnet", caller, row.projectId);
        }
        for (FixedIpRow ip : addresses(tx, id)) {
            PortRow port = tx.find(PortRow.class, ip.portId).orElseThrow();
            boolean goesAlong = port.deviceOwner.equals(Ports.DISTRIBUTED)
                    || (Addressing.selfAssigned(row) && !port.deviceOwner.startsWith("network:router"));
            if (!goesAlong) {
                throw Fault.conflict(
                        "SubnetInUse",
                        "Unable to complete operation on subnet " + id
                                + ": One or more ports have an IP allocation from this subnet.");
            }
            tx.delete(ip);
            Scope.port(port.id).wake(tx);
        }
        tx.delete(row);
        Scope.network(row.networkId).wake(tx);
    }

    private static List<FixedIpRow> addresses(Transaction tx, String subnetId) {
        return tx.list(FixedIpRow.class, "from FixedIpRow r where r.subnetId = :subnet", Map.of("subnet", subnetId));
    }

    private static List<String> texts(List<AddressPool> pools) {
        return pools.stream().map(AddressPool::toString).toList();
    }

    private static FaultException invalid(String message) {
        return Fault.badRequest("InvalidInput", "Invalid input for operation: " + message + ".");
    }

    @Override
    public String visibleInLists() {
        return VISIBLE;
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<SubnetRow> rows) {
        return rows.stream().map(row -> SubnetView.of(row)).toList();
    }
}
