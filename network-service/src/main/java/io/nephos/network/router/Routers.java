package io.nephos.network.router;

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
import io.nephos.network.ipam.Cidr;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.port.Ports;
import io.nephos.network.quota.Quotas;
import io.nephos.network.subnet.SubnetRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Routers: between the subnets of a project, and to the outside. */
@ApplicationScoped
public class Routers implements Noun<RouterRow> {
    private static final Set<String> SETTABLE =
            Set.of("name", "description", "admin_state_up", "external_gateway_info", "routes");
    private static final Set<String> AT_CREATION = Set.of("project_id", "tenant_id");

    private final Access access;
    private final Quotas quotas;
    private final RouterGateways gateways;

    @Inject
    public Routers(Access access, Quotas quotas, RouterGateways gateways) {
        this.access = access;
        this.quotas = quotas;
        this.gateways = gateways;
    }

    @Override
    public RouterRow visible(Transaction tx, Caller caller, String id) {
        return tx.find(RouterRow.class, id)
                .filter(row -> access.allows("get_router", caller, row.projectId))
                .orElseThrow(() -> notFound(id));
    }

    static FaultException notFound(String id) {
        return Fault.notFound("RouterNotFound", "Router " + id + " could not be found");
    }

    /** The router, held until the transaction ends, of one who may do that to it. */
    RouterRow held(Transaction tx, Caller caller, String id, String rule) {
        visible(tx, caller, id);
        RouterRow row = tx.lock(RouterRow.class, id).orElseThrow(() -> notFound(id));
        access.require(rule, caller, row.projectId);
        return row;
    }

    @Override
    public RouterRow create(Transaction tx, Caller caller, Fields body) {
        Set<String> known = new HashSet<>(SETTABLE);
        known.addAll(AT_CREATION);
        Attributes.only(body, known);
        String project = access.owner(caller, body);
        access.require("create_router", caller, project);
        quotas.take(tx, project, Quotas.ROUTER, 1);
        RouterRow row = new RouterRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = project;
        row.name = body.optionalText("name", 0, 255).orElse("");
        row.description = body.optionalText("description", 0, 255).orElse("");
        row.adminStateUp = body.flag("admin_state_up", true);
        row.enableSnat = true;
        row.routes = List.of();
        row.createdAt = Stamp.now();
        row.updatedAt = row.createdAt;
        tx.insert(row);
        if (body.has("external_gateway_info")) {
            gateways.change(tx, caller, row, body, "create_router");
            tx.update(row);
        }
        Scope.router(row.id).wake(tx);
        return row;
    }

    RouterRow update(Transaction tx, Caller caller, String id, Fields body) {
        RouterRow row = held(tx, caller, id, "update_router");
        Attributes.only(body, SETTABLE);
        body.optionalText("name", 0, 255).ifPresent(value -> row.name = value);
        body.optionalText("description", 0, 255).ifPresent(value -> row.description = value);
        body.optionalFlag("admin_state_up").ifPresent(value -> row.adminStateUp = value);
        if (body.has("external_gateway_info")) {
            gateways.change(tx, caller, row, body, "update_router");
        }
        if (body.has("routes")) {
            row.routes = Attributes.routes(body, "routes");
            checkRoutes(tx, row);
        }
        row.updatedAt = Stamp.now();
        tx.update(row);
        Scope.router(id).wake(tx);
        return row;
    }

    private static void checkRoutes(Transaction tx, RouterRow row) {
        List<Cidr> connected =
                connected(tx, row).stream().map(subnet -> Cidr.of(subnet.cidr)).toList();
        for (String route : row.routes) {
            String nexthop = route.substring(route.indexOf(',') + 1);
            if (connected.stream().noneMatch(cidr -> cidr.contains(IpAddress.of(nexthop)))) {
                throw Fault.badRequest(
                        "InvalidRoutes",
                        "Invalid format for routes: " + route + ", the nexthop is not connected with router");
            }
        }
    }

    /** The subnets that the router has an address on. */
    static List<SubnetRow> connected(Transaction tx, RouterRow row) {
        return tx.list(
                SubnetRow.class,
                "from SubnetRow r where r.id in (select i.subnetId from FixedIpRow i where i.portId in"
                        + " (select p.id from PortRow p where p.deviceId = :router and p.deviceOwner like"
                        + " 'network:router%'))",
                Map.of("router", row.id));
    }

    @Override
    public void delete(Transaction tx, Caller caller, String id) {
        RouterRow row = held(tx, caller, id, "delete_router");
        if (tx.count(
                        "select count(*) from PortRow r where r.deviceId = :router and r.deviceOwner = :owner",
                        Map.of("router", id, "owner", Ports.ROUTER_INTERFACE))
                > 0) {
            throw Fault.conflict("RouterInUse", "Router " + id + " still has ports");
        }
        gateways.remove(tx, row);
        tx.execute("delete from RouterRow r where r.id = :id", Map.of("id", id));
        Scope.router(id).wake(tx);
    }

    @Override
    public List<ObjectNode> views(Transaction tx, Caller caller, List<RouterRow> rows) {
        return rows.stream().map(row -> gateways.view(tx, row)).toList();
    }
}
