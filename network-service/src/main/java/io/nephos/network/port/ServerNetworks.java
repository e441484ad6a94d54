package io.nephos.network.port;

import io.nephos.contracts.network.v1.RequestedNetwork;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.network.Networks;
import io.nephos.network.quota.Quotas;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The networks that a server is to have: checked before there is a server. */
@ApplicationScoped
public class ServerNetworks {
    private final Access access;
    private final Networks networks;
    private final PortRequests ports;
    private final Quotas quotas;

    @Inject
    public ServerNetworks(Access access, Networks networks, PortRequests ports, Quotas quotas) {
        this.access = access;
        this.networks = networks;
        this.ports = ports;
        this.quotas = quotas;
    }

    List<RequestedNetwork> resolve(
            Transaction tx, Caller caller, List<RequestedNetwork> requested, boolean auto, int count) {
        List<RequestedNetwork> resolved = new ArrayList<>();
        if (auto) {
            own(tx, caller)
                    .ifPresent(network -> resolved.add(RequestedNetwork.newBuilder()
                            .setNetworkId(network.id)
                            .build()));
        } else {
            requested.forEach(one -> resolved.add(check(tx, caller, one, count)));
        }
        int fresh =
                (int) resolved.stream().filter(one -> one.getPortId().isEmpty()).count() * Math.max(1, count);
        if (fresh > 0) {
            quotas.take(tx, caller.project(), Quotas.PORT, fresh);
        }
        return resolved;
    }

    private RequestedNetwork check(Transaction tx, Caller caller, RequestedNetwork asked, int count) {
        if (!asked.getPortId().isEmpty()) {
            PortRow port = ports.visible(tx, caller, asked.getPortId());
            if (count > 1) {
                throw Fault.badRequest("A port can only be given to one server.");
            }
            if (!port.deviceId.isEmpty()) {
                throw Fault.conflict("PortInUse", "Port " + port.id + " is still in use.");
            }
            return asked.toBuilder().setNetworkId(port.networkId).build();
        }
        NetworkRow network = networks.visible(tx, caller, asked.getNetworkId());
        if (network.external && !network.shared && !access.allows("get_network", caller, network.projectId)) {
            throw Fault.forbidden("It is not allowed to create an interface on external network " + network.id);
        }
        List<SubnetRow> subnets = subnets(tx, network);
        if (subnets.isEmpty()) {
            throw Fault.badRequest("Network " + network.id + " requires a subnet in order to boot instances on.");
        }
        if (!asked.getFixedIp().isEmpty()) {
            checkAddress(tx, asked, network, subnets, count);
        }
        return asked;
    }

    private static void checkAddress(
            Transaction tx, RequestedNetwork asked, NetworkRow network, List<SubnetRow> subnets, int count) {
        IpAddress address = IpAddress.parse(asked.getFixedIp())
                .orElseThrow(() -> Fault.badRequest("Fixed IP address " + asked.getFixedIp() + " is not an address."));
        if (count > 1) {
            throw Fault.badRequest("A fixed IP address can only be given to one server.");
        }
        SubnetRow subnet = subnets.stream()
                .filter(one -> Cidr.of(one.cidr).usable(address))
                .findFirst()
                .orElseThrow(() -> Fault.badRequest(
                        "Fixed IP " + address + " is not a valid ip address for network " + network.id + "."));
        if (tx.find(FixedIpRow.class, subnet.id + "/" + address).isPresent()) {
            throw Fault.badRequest("Fixed IP address " + address + " is already in use on network " + network.id + ".");
        }
    }

    // Nova's choice: the project's networks and the shared ones; one is taken, more are ambiguous.
    private Optional<NetworkRow> own(Transaction tx, Caller caller) {
        List<NetworkRow> usable = tx
                .list(
                        NetworkRow.class,
                        "from NetworkRow r where (r.projectId = :project and r.external = false) or r.shared = true"
                                + " order by r.createdAt",
                        Map.of("project", caller.project()))
                .stream()
                .filter(network -> !subnets(tx, network).isEmpty())
                .toList();
        if (usable.size() > 1) {
            throw Fault.conflict(
                    "NetworkAmbiguous", "Multiple possible networks found, use a Network ID to be more specific.");
        }
        return usable.stream().findFirst();
    }

    private static List<SubnetRow> subnets(Transaction tx, NetworkRow network) {
        return tx.list(SubnetRow.class, "from SubnetRow r where r.networkId = :network", Map.of("network", network.id));
    }
}
