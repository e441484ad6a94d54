package io.nephos.network.network;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.number;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** Networking API v2.0, networks. */
@Path("/v2.0/networks")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class NetworkResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("name", text("name")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("admin_state_up", flag("adminStateUp")),
            Map.entry("shared", flag("shared")),
            Map.entry("router:external", flag("external")),
            Map.entry("is_default", flag("isDefault")),
            Map.entry("mtu", number("mtu")),
            Map.entry("provider:network_type", text("networkType")),
            Map.entry("provider:physical_network", text("physicalNetwork")));

    private final Networks networks;
    private final Crud<NetworkRow> crud;

    public NetworkResource(Crud.Factory crud, Networks networks) {
        this.networks = networks;
        this.crud = crud.of("network", "networks", NetworkRow.class, COLUMNS, networks);
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
        return crud.update(id, body, networks::update);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
    }
}
