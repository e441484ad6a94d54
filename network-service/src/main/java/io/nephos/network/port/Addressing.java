package io.nephos.network.port;

import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.network.ipam.AddressPool;
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.ipam.MacAddress;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Gives ports their addresses. Who allocates on a subnet holds its lock until the transaction ends, and the primary key
 * of the addresses stands behind that.
 */
@ApplicationScoped
public class Addressing {

    /** Makes the port's addresses what is wished for; those it keeps are not touched. */
    void assign(Transaction tx, PortRow port, Optional<List<AddressWish>> wishes) {
        List<SubnetRow> subnets = tx.list(
                SubnetRow.class,
                "from SubnetRow r where r.networkId = :network order by r.createdAt, r.id",
                Map.of("network", port.networkId));
        List<FixedIpRow> had = of(tx, List.of(port.id));
        List<FixedIpRow> spare = new ArrayList<>(had);
        List<FixedIpRow> wanted = new ArrayList<>();
        List<SubnetRow> fitting = wishes.isEmpty() ? fitting(port, subnets) : subnets;
        for (AddressWish wish : wishes.orElseGet(() -> unasked(fitting))) {
            wanted.add(keep(spare, wish).orElseGet(() -> fulfil(tx, port, fitting, wish, wanted)));
        }
        if (wishes.isEmpty() && !port.deviceOwner.startsWith("network:")) {
            fitting.stream()
                    .filter(Addressing::selfAssigned)
                    .forEach(subnet ->
                            wanted.add(row(port, subnet, MacAddress.eui64(Cidr.of(subnet.cidr), port.macAddress))));
        }
        had.stream().filter(row -> !wanted.contains(row)).forEach(tx::delete);
        for (int i = 0; i < wanted.size(); i++) {
            FixedIpRow row = wanted.get(i);
            boolean moved = row.position != i;
            row.position = i;
            if (!had.contains(row)) {
                tx.insert(row);
            } else if (moved) {
                tx.update(row);
            }
        }
    }

    // Some subnets are for ports of certain owners only (service_types).
    private static List<SubnetRow> fitting(PortRow port, List<SubnetRow> subnets) {
        List<SubnetRow> fitting = subnets.stream()
                .filter(subnet -> subnet.serviceTypes.isEmpty()
                        || subnet.serviceTypes.stream().anyMatch(port.deviceOwner::startsWith))
                .toList();
        if (fitting.isEmpty() && !subnets.isEmpty()) {
            throw Fault.conflict(
                    "IpAddressGenerationFailureNoMatchingSubnet",
                    "No valid service subnet for the given device owner, network " + port.networkId + ", service type "
                            + port.deviceOwner + ".");
        }
        return fitting;
    }

    /** One more address on that subnet, after those the port has. */
    void add(Transaction tx, PortRow port, SubnetRow subnet) {
        List<FixedIpRow> had = of(tx, List.of(port.id));
        FixedIpRow row = fulfil(tx, port, List.of(subnet), AddressWish.in(subnet.id), List.of());
        row.position = had.size();
        tx.insert(row);
    }

    /** Addresses of these ports, in their order. */
    public List<FixedIpRow> of(Transaction tx, List<String> portIds) {
        return portIds.isEmpty()
                ? List.of()
                : tx.list(
                        FixedIpRow.class,
                        "from FixedIpRow r where r.portId in (:ports) order by r.portId, r.position",
                        Map.of("ports", portIds));
    }

    /** Hosts make up their own address there (SLAAC, stateless DHCPv6). */
    public static boolean selfAssigned(SubnetRow subnet) {
        return "slaac".equals(subnet.ipv6AddressMode) || "dhcpv6-stateless".equals(subnet.ipv6AddressMode);
    }

    // One IPv4 and one IPv6 address, from whichever subnet of the family has one.
    private static List<AddressWish> unasked(List<SubnetRow> subnets) {
        return IntStream.of(4, 6)
                .filter(version ->
                        subnets.stream().anyMatch(subnet -> subnet.ipVersion == version && !selfAssigned(subnet)))
                .mapToObj(AddressWish::ofFamily)
                .toList();
    }

    private static Optional<FixedIpRow> keep(List<FixedIpRow> spare, AddressWish wish) {
        Optional<FixedIpRow> kept = spare.stream()
                .filter(row -> wish.named()
                        && wish.subnetId().map(row.subnetId::equals).orElse(true)
                        && wish.address()
                                .map(address -> address.toString().equals(row.ipAddress))
                                .orElse(true))
                .findFirst();
        kept.ifPresent(spare::remove);
        return kept;
    }

    private static FixedIpRow fulfil(
            Transaction tx, PortRow port, List<SubnetRow> subnets, AddressWish wish, List<FixedIpRow> chosen) {
        if (!wish.named()) {
            return anyAddress(
                    tx,
                    port,
                    subnets.stream()
                            .filter(subnet ->
                                    wish.family() == 0 || (subnet.ipVersion == wish.family() && !selfAssigned(subnet)))
                            .toList(),
                    chosen);
        }
        SubnetRow subnet = subnetOf(port, subnets, wish);
        if (wish.address().isEmpty()) {
            return anyAddress(tx, port, List.of(subnet), chosen);
        }
        IpAddress address = wish.address().get();
        if (!Cidr.of(subnet.cidr).usable(address)) {
            throw Fault.badRequest(
                    "InvalidIpForSubnet", "IP address " + address + " is not a valid IP for the specified subnet.");
        }
        if (tx.find(FixedIpRow.class, subnet.id + "/" + address).isPresent()) {
            throw Fault.conflict(
                    "IpAddressAlreadyAllocated", "IP address " + address + " already allocated in subnet " + subnet.id);
        }
        return row(port, subnet, address);
    }

    private static SubnetRow subnetOf(PortRow port, List<SubnetRow> subnets, AddressWish wish) {
        if (wish.subnetId().isPresent()) {
            String id = wish.subnetId().get();
            return subnets.stream()
                    .filter(subnet -> subnet.id.equals(id))
                    .findFirst()
                    .orElseThrow(() -> Fault.badRequest(
                            "InvalidInput",
                            "Invalid input for operation: Failed to create port on network " + port.networkId
                                    + ", because fixed_ips included invalid subnet " + id + "."));
        }
        return subnets.stream()
                .filter(subnet ->
                        wish.address().map(Cidr.of(subnet.cidr)::contains).orElse(false))
                .findFirst()
                .orElseThrow(() -> Fault.badRequest(
                        "InvalidIpForNetwork",
                        "IP address " + wish.address().map(IpAddress::toString).orElse("")
                                + " is not a valid IP for any of the subnets on the specified network."));
    }

    private static FixedIpRow anyAddress(
            Transaction tx, PortRow port, List<SubnetRow> subnets, List<FixedIpRow> chosen) {
        for (SubnetRow subnet : subnets) {
            if (selfAssigned(subnet) && !port.deviceOwner.startsWith("network:")) {
                return row(port, subnet, MacAddress.eui64(Cidr.of(subnet.cidr), port.macAddress));
            }
            tx.serialize("subnet/" + subnet.id);
            Set<IpAddress> taken = taken(tx, subnet);
            chosen.forEach(row -> taken.add(IpAddress.of(row.ipAddress)));
            Optional<IpAddress> free = AddressPool.choose(pools(subnet), taken, ThreadLocalRandom.current());
            if (free.isPresent()) {
                return row(port, subnet, free.get());
            }
        }
        throw Fault.conflict(
                "IpAddressGenerationFailure", "No more IP addresses available on network " + port.networkId + ".");
    }

    private static Set<IpAddress> taken(Transaction tx, SubnetRow subnet) {
        Set<IpAddress> taken = new HashSet<>();
        tx.list(FixedIpRow.class, "from FixedIpRow r where r.subnetId = :subnet", Map.of("subnet", subnet.id))
                .forEach(row -> taken.add(IpAddress.of(row.ipAddress)));
        Optional.ofNullable(subnet.gatewayIp).map(IpAddress::of).ifPresent(taken::add);
        return taken;
    }

    public static List<AddressPool> pools(SubnetRow subnet) {
        return subnet.allocationPools.stream().map(AddressPool::of).toList();
    }

    private static FixedIpRow row(PortRow port, SubnetRow subnet, IpAddress address) {
        FixedIpRow row = new FixedIpRow();
        row.id = subnet.id + "/" + address;
        row.portId = port.id;
        row.subnetId = subnet.id;
        row.ipAddress = address.toString();
        row.position = -1;
        return row;
    }
}
