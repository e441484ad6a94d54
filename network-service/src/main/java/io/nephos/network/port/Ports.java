package io.nephos.network.port;

import io.nephos.contracts.events.v1.PortChange;
import io.nephos.contracts.events.v1.PortEvent;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.network.api.Stamp;
import io.nephos.network.fabric.Scope;
import io.nephos.network.floatingip.FloatingIpRow;
import io.nephos.network.ipam.MacAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.quota.Quotas;
import io.nephos.network.securitygroup.SecurityGroups;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Ports: made, changed, bound and deleted in the caller's transaction, with their event and the call for OVN. */
@ApplicationScoped
public class Ports {
    public static final String DISTRIBUTED = "network:distributed";
    public static final String ROUTER_INTERFACE = "network:router_interface";
    public static final String ROUTER_GATEWAY = "network:router_gateway";
    public static final String FLOATING_IP = "network:floatingip";
    public static final String COMPUTE_PREFIX = "compute:";
    public static final String ACTIVE = "ACTIVE";
    public static final String DOWN = "DOWN";

    private static final String TOPIC = "nephos.network.port";

    private final Quotas quotas;
    private final SecurityGroups groups;
    private final Addressing addressing;

    @Inject
    public Ports(Quotas quotas, SecurityGroups groups, Addressing addressing) {
        this.quotas = quotas;
        this.groups = groups;
        this.addressing = addressing;
    }

    public static FaultException notFound(String id) {
        return Fault.notFound("PortNotFound", "Port " + id + " could not be found.");
    }

    public PortRow create(Transaction tx, PortDraft draft) {
        PortRow row = draft.row;
        quotas.take(tx, row.projectId, Quotas.PORT, 1);
        chooseMac(tx, row);
        if (row.deviceOwner.equals(FLOATING_IP)) {
            row.status = "N/A";
        }
        tx.insert(row);
        addressing.assign(tx, row, draft.addresses);
        List<String> wanted = draft.groups.orElseGet(
                () -> row.portSecurityEnabled ? List.of(groups.ensureDefault(tx, row.projectId).id) : List.of());
        setGroups(tx, row, wanted);
        if (!row.host.isEmpty()) {
            publish(tx, row, PortChange.PORT_CHANGE_BOUND);
        }
        wake(tx, row);
        return row;
    }

    private static void chooseMac(Transaction tx, PortRow row) {
        if (!row.macAddress.isEmpty()) {
            if (macTaken(tx, row)) {
                throw Fault.conflict(
                        "MacAddressInUse",
                        "Unable to complete operation for network " + row.networkId + ". The mac address "
                                + row.macAddress + " is in use.");
            }
            return;
        }
        do {
            row.macAddress = MacAddress.random(ThreadLocalRandom.current());
        } while (macTaken(tx, row));
    }

    private static boolean macTaken(Transaction tx, PortRow row) {
        return tx.count(
                        "select count(*) from PortRow r where r.networkId = :network and r.macAddress = :mac and r.id <> :id",
                        Map.of("network", row.networkId, "mac", row.macAddress, "id", row.id))
                > 0;
    }

    /** Writes what was changed on the row. */
    void save(Transaction tx, PortRow row) {
        row.updatedAt = Stamp.now();
        tx.update(row);
        wake(tx, row);
    }

    /** The row was given to another owner: write it, and tell all whom that concerns. */
    public void adopt(Transaction tx, PortRow row) {
        save(tx, row);
        Scope.port(row.id).wake(tx);
    }

    void setMac(Transaction tx, PortRow row, String mac) {
        row.macAddress = mac;
        chooseMac(tx, row);
    }

    /** Replaces the addresses; a floating IP of one that goes is dissociated. */
    void setAddresses(Transaction tx, PortRow row, List<AddressWish> wishes) {
        addressing.assign(tx, row, Optional.of(wishes));
        List<String> left = addressing.of(tx, List.of(row.id)).stream()
                .map(ip -> ip.ipAddress)
                .toList();
        floatingIps(tx, row.id).stream()
                .filter(floating -> !left.contains(floating.fixedIpAddress))
                .forEach(floating -> dissociate(tx, floating));
    }

    public void setGroups(Transaction tx, PortRow row, List<String> wanted) {
        List<PortGroupRow> had = groupsOf(tx, List.of(row.id));
        had.stream().filter(member -> !wanted.contains(member.groupId)).forEach(tx::delete);
        for (String group : wanted.stream().distinct().toList()) {
            if (had.stream().noneMatch(member -> member.groupId.equals(group))) {
                PortGroupRow member = new PortGroupRow();
                member.id = row.id + "/" + group;
                member.portId = row.id;
                member.groupId = group;
                tx.insert(member);
            }
        }
        shownDifferently(tx, row);
        wake(tx, row);
    }

    public List<PortGroupRow> groupsOf(Transaction tx, List<String> portIds) {
        return portIds.isEmpty()
                ? List.of()
                : tx.list(
                        PortGroupRow.class,
                        "from PortGroupRow r where r.portId in (:ports) order by r.id",
                        Map.of("ports", portIds));
    }

    public List<FixedIpRow> addressesOf(Transaction tx, List<String> portIds) {
        return addressing.of(tx, portIds);
    }

    /** What is shown of it beside its own row changed (floating IPs, security groups): whoever shows it asks again. */
    public void shownDifferently(Transaction tx, PortRow row) {
        if (!row.host.isEmpty()) {
            publish(tx, row, row.status.equals(ACTIVE) ? PortChange.PORT_CHANGE_UP : PortChange.PORT_CHANGE_BOUND);
        }
    }

    /** Binds to that host, or to none when it is empty; nothing happens when it is so already. */
    public void bind(Transaction tx, PortRow row, String host) {
        if (row.host.equals(host)) {
            return;
        }
        row.host = host;
        // OVN tells when the new host has it.
        if (row.status.equals(ACTIVE)) {
            row.status = DOWN;
        }
        save(tx, row);
        if (!host.isEmpty()) {
            publish(tx, row, PortChange.PORT_CHANGE_BOUND);
        }
    }

    /** OVN says that the port's host serves it, or does so no longer. */
    public void report(Transaction tx, String id, boolean up) {
        tx.lock(PortRow.class, id).ifPresent(row -> {
            String status = up ? ACTIVE : DOWN;
            if (!row.status.equals(status) && !row.status.equals("N/A")) {
                row.status = status;
                row.updatedAt = Stamp.now();
                tx.update(row);
                publish(tx, row, up ? PortChange.PORT_CHANGE_UP : PortChange.PORT_CHANGE_DOWN);
            }
        });
    }

    /** Its server is done with it: what compute made goes, what the user made is free again. Says whether it was held. */
    public boolean release(Transaction tx, PortRow row) {
        if (row.madeByCompute) {
            delete(tx, row);
            return true;
        }
        boolean held = !row.deviceId.isEmpty() || !row.host.isEmpty();
        if (held) {
            detach(tx, row);
        }
        return held;
    }

    private void detach(Transaction tx, PortRow row) {
        row.deviceId = "";
        row.deviceOwner = "";
        row.dnsName = "";
        if (row.host.isEmpty()) {
            save(tx, row);
        } else {
            bind(tx, row, "");
        }
    }

    public void delete(Transaction tx, PortRow row) {
        floatingIps(tx, row.id).forEach(floating -> dissociate(tx, floating));
        tx.execute("delete from FixedIpRow r where r.portId = :port", Map.of("port", row.id));
        tx.execute("delete from PortGroupRow r where r.portId = :port", Map.of("port", row.id));
        // Not by generation: OVN may report on it meanwhile, and it goes whatever that says.
        tx.execute("delete from PortRow r where r.id = :port", Map.of("port", row.id));
        wake(tx, row);
        publish(tx, row, PortChange.PORT_CHANGE_DELETED);
    }

    public List<FloatingIpRow> floatingIps(Transaction tx, String portId) {
        return tx.list(FloatingIpRow.class, "from FloatingIpRow r where r.portId = :port", Map.of("port", portId));
    }

    private static void dissociate(Transaction tx, FloatingIpRow floating) {
        Optional.ofNullable(floating.routerId)
                .ifPresent(router -> Scope.router(router).wake(tx));
        floating.portId = null;
        floating.fixedIpAddress = null;
        floating.routerId = null;
        floating.updatedAt = Stamp.now();
        tx.update(floating);
    }

    /** Each network has a port on which the hosts answer for 169.254.169.254. */
    public void createMetadataPort(Transaction tx, NetworkRow network) {
        create(
                tx,
                new PortDraft(network.projectId, network.id)
                        .device(DISTRIBUTED, "ovnmeta-" + network.id)
                        .mac(MacAddress.ofMetadata(network.id))
                        .addresses(List.of())
                        .trusted());
    }

    public Optional<PortRow> metadataPort(Transaction tx, String networkId) {
        return tx.first(
                PortRow.class,
                "from PortRow r where r.networkId = :network and r.deviceOwner = :own",
                Map.of("network", networkId, "own", DISTRIBUTED));
    }

    public void deleteMetadataPort(Transaction tx, String networkId) {
        metadataPort(tx, networkId).ifPresent(port -> delete(tx, port));
    }

    /** A subnet with DHCP came: guests route to the metadata service by an address of it. */
    public void extendMetadataPort(Transaction tx, SubnetRow subnet) {
        metadataPort(tx, subnet.networkId).ifPresent(port -> {
            if (addressing.of(tx, List.of(port.id)).stream().noneMatch(ip -> ip.subnetId.equals(subnet.id))) {
                addressing.add(tx, port, subnet);
            }
        });
    }

    /** A subnet came on which hosts make up their own addresses: those that are there do so too. */
    public void extendSelfAssigned(Transaction tx, SubnetRow subnet) {
        tx.list(
                        PortRow.class,
                        "from PortRow r where r.networkId = :network and r.deviceOwner not like 'network:%'",
                        Map.of("network", subnet.networkId))
                .forEach(port -> {
                    addressing.add(tx, port, subnet);
                    wake(tx, port);
                });
    }

    private static void wake(Transaction tx, PortRow row) {
        switch (row.deviceOwner) {
            case DISTRIBUTED -> Scope.network(row.networkId).wake(tx);
            case FLOATING_IP -> {
                // It only keeps the address; the router translates.
            }
            case ROUTER_INTERFACE, ROUTER_GATEWAY -> {
                Scope.port(row.id).wake(tx);
                Scope.router(row.deviceId).wake(tx);
            }
            default -> Scope.port(row.id).wake(tx);
        }
    }

    private static void publish(Transaction tx, PortRow row, PortChange change) {
        tx.publish(
                TOPIC,
                row.id,
                PortEvent.newBuilder()
                        .setId(row.id)
                        .setDeviceId(row.deviceId)
                        .setHost(row.host)
                        .setChange(change)
                        .setGeneration(row.generation)
                        .build());
    }
}
