package io.nephos.network.router;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Bulk;
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
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Networking API v2.0, routers. */
@Path("/v2.0/routers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RouterResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("name", text("name")),
            Map.entry("admin_state_up", flag("adminStateUp")));

    private final Database database;
    private final Routers routers;
    private final RouterInterfaces interfaces;
    private final RouterGateways gateways;
    private final Access access;
    private final RequestContext request;

    public RouterResource(
            Database database,
            Routers routers,
            RouterInterfaces interfaces,
            RouterGateways gateways,
            Access access,
            RequestContext request) {
        this.database = database;
        this.routers = routers;
        this.interfaces = interfaces;
        this.gateways = gateways;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<RouterRow> listing = new Listing<>(RouterRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where("r.projectId = :caller", Map.of("caller", caller.project()));
        }
        return database.read(tx -> {
            Listing.Slice<RouterRow> slice = listing.fetch(tx);
            return query.page(
                    "routers",
                    slice.rows().stream().map(row -> gateways.view(tx, row)).toList(),
                    slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "router",
                "routers",
                all -> Attributes.write(
                        database,
                        tx -> all.stream()
                                .map(one -> gateways.view(tx, routers.create(tx, caller, one)))
                                .toList()));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return database.read(tx -> Bulk.one(
                "router", new Query(uri).select(gateways.view(tx, routers.visible(tx, request.caller(), id)))));
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.of(body, "router");
        return Attributes.write(
                database, tx -> Bulk.one("router", gateways.view(tx, routers.update(tx, caller, id, fields))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        Attributes.write(database, tx -> {
            routers.delete(tx, request.caller(), id);
            return true;
        });
    }

    /** Body: {@code {"subnet_id": ...}} or {@code {"port_id": ...}}. */
    @PUT
    @Path("/{id}/add_router_interface")
    public ObjectNode addInterface(@PathParam("id") String id, JsonNode body) {
        Fields fields = Fields.ofBody(body);
        return Attributes.write(database, tx -> interfaces.add(tx, request.caller(), id, fields));
    }

    @PUT
    @Path("/{id}/remove_router_interface")
    public ObjectNode removeInterface(@PathParam("id") String id, JsonNode body) {
        Fields fields = Fields.ofBody(body);
        return Attributes.write(database, tx -> interfaces.remove(tx, request.caller(), id, fields));
    }
}
