package io.nephos.network.project;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.tenant.ProjectBelongings;
import io.nephos.kit.tenant.Purge;
import io.nephos.kit.token.Caller;
import io.nephos.network.floatingip.FloatingIps;
import io.nephos.network.network.Networks;
import io.nephos.network.port.PortRequests;
import io.nephos.network.port.Ports;
import io.nephos.network.router.RouterInterfaces;
import io.nephos.network.router.Routers;
import io.nephos.network.securitygroup.SecurityGroups;
import io.nephos.network.subnet.Subnets;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A project's networks and all around them. The ports of servers are not deleted: they go with their servers, and until then
 * hold what they are on.
 */
@ApplicationScoped
class NetworkBelongings implements ProjectBelongings {
    private final Database database;
    private final FloatingIps floatingIps;
    private final RouterInterfaces interfaces;
    private final Routers routers;
    private final PortRequests ports;
    private final Subnets subnets;
    private final Networks networks;
    private final SecurityGroups groups;

    @Inject
    NetworkBelongings(
            Database database,
            FloatingIps floatingIps,
            RouterInterfaces interfaces,
            Routers routers,
            PortRequests ports,
            Subnets subnets,
            Networks networks,
            SecurityGroups groups) {
        this.database = database;
        this.floatingIps = floatingIps;
        this.interfaces = interfaces;
        this.routers = routers;
        this.ports = ports;
        this.subnets = subnets;
        this.networks = networks;
        this.groups = groups;
    }

    @Override
    public Map<String, String> owners() {
        Map<String, String> owners = new LinkedHashMap<>();
        for (String kind : List.of("floating_ip", "router", "port", "subnet", "network", "security_group")) {
            owners.put(kind + "s", "select project_id from " + kind);
        }
        return owners;
    }

    @Override
    public void forget(String projectId) {
        database.execute("delete from quota where project_id = $1", projectId);
    }

    /** In the order in which one holds the other. */
    @Override
    public void purge(Caller administrator, String projectId, Purge purge) {
        each(
                purge,
                "floating_ips",
                owned("floating_ip", projectId),
                (tx, id) -> floatingIps.delete(tx, administrator, id));
        each(purge, "routers", owned("router", projectId), (tx, id) -> {
            interfaces.removeAll(tx, administrator, id);
            routers.delete(tx, administrator, id);
        });
        each(purge, "ports", unattached(projectId), (tx, id) -> ports.delete(tx, administrator, id));
        each(purge, "subnets", owned("subnet", projectId), (tx, id) -> subnets.delete(tx, administrator, id));
        each(purge, "networks", owned("network", projectId), (tx, id) -> networks.delete(tx, administrator, id));
        each(
                purge,
                "security_groups",
                owned("security_group", projectId),
                (tx, id) -> groups.delete(tx, administrator, id));
    }

    private void each(Purge purge, String kind, List<String> ids, BiConsumer<Transaction, String> delete) {
        purge.each(kind, ids, id -> database.run(tx -> delete.accept(tx, id)));
    }

    private List<String> owned(String table, String projectId) {
        return ids("select id from " + table + " where project_id = $1 order by id", projectId);
    }

    private List<String> unattached(String projectId) {
        return ids(
                "select id from port where project_id = $1 and device_owner not like 'compute:%'"
                        + " and device_owner not in ($2, $3, $4, $5) order by id",
                projectId, Ports.ROUTER_INTERFACE, Ports.ROUTER_GATEWAY, Ports.FLOATING_IP, Ports.DISTRIBUTED);
    }

    private List<String> ids(String sql, Object... parameters) {
        return database.rows(sql, parameters).stream()
                .map(row -> row.getString("id"))
                .toList();
    }
}
