package io.nephos.network.router;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Crud;
import io.nephos.network.api.Listing;
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

    private final Routers routers;
    private final Crud<RouterRow> crud;
    private final RouterInterfaces interfaces;
    private final Database database;
    private final RequestContext request;

    public RouterResource(
            Crud.Factory crud,
            Routers routers,
            RouterInterfaces interfaces,
            Database database,
            RequestContext request) {
        this.routers = routers;
        this.crud = crud.of("router", "routers", RouterRow.class, COLUMNS, routers);
        this.interfaces = interfaces;
        this.database = database;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return crud.list(uri);
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
        return crud.update(id, body, routers::update);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
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
