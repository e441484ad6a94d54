package io.nephos.network.port;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Crud;
import io.nephos.network.api.Listing;
import io.nephos.network.api.Query;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Networking API v2.0, ports. */
@Path("/v2.0/ports")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class PortResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("name", text("name")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("network_id", text("networkId")),
            Map.entry("mac_address", text("macAddress")),
            Map.entry("admin_state_up", flag("adminStateUp")),
            Map.entry("status", text("status")),
            Map.entry("device_id", text("deviceId")),
            Map.entry("device_owner", text("deviceOwner")),
            Map.entry("binding:host_id", text("host")),
            Map.entry("port_security_enabled", flag("portSecurityEnabled")));

    private final PortRequests ports;
    private final Crud<PortRow> crud;

    public PortResource(Crud.Factory crud, PortRequests ports) {
        this.ports = ports;
        this.crud = crud.of("port", "ports", PortRow.class, COLUMNS, ports);
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return crud.list(uri, (listing, query) -> {
            byAddress(listing, query);
            if (query.asks("security_groups")) {
                listing.where(
                        "r.id in (select g.portId from PortGroupRow g where g.groupId in (:groups))",
                        Map.of("groups", query.values("security_groups")));
            }
        });
    }

    // fixed_ips=ip_address=A, subnet_id=S or ip_address_substr=T, repeated.
    private static void byAddress(Listing<PortRow> listing, Query query) {
        List<String> addresses = new ArrayList<>();
        List<String> subnets = new ArrayList<>();
        int parts = 0;
        for (String value : query.values("fixed_ips")) {
            int equals = value.indexOf('=');
            String wanted = value.substring(equals + 1);
            switch (value.substring(0, Math.max(0, equals))) {
                case "ip_address" -> addresses.add(wanted);
                case "subnet_id", "subnet" -> subnets.add(wanted);
                case "ip_address_substr" -> {
                    String name = "part" + parts++;
                    listing.where(
                            "r.id in (select i.portId from FixedIpRow i where i.ipAddress like :" + name + ")",
                            Map.of(name, "%" + wanted.replace("%", "").replace("_", "") + "%"));
                }
                default -> addresses.add("none");
            }
        }
        if (!addresses.isEmpty()) {
            listing.where(
                    "r.id in (select i.portId from FixedIpRow i where i.ipAddress in (:addresses))",
                    Map.of("addresses", addresses));
        }
        if (!subnets.isEmpty()) {
            listing.where(
                    "r.id in (select i.portId from FixedIpRow i where i.subnetId in (:subnets))",
                    Map.of("subnets", subnets));
        }
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        return crud.create(body);
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return crud.show(id, uri);
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        return crud.update(id, body, ports::update);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
    }
}
