package io.nephos.network.floatingip;

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

/** Networking API v2.0, floating IPs. */
@Path("/v2.0/floatingips")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FloatingIpResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("floating_network_id", text("floatingNetworkId")),
            Map.entry("floating_ip_address", text("floatingIpAddress")),
            Map.entry("fixed_ip_address", text("fixedIpAddress")),
            Map.entry("port_id", text("portId")),
            Map.entry("router_id", text("routerId")));

    private final FloatingIps floatingIps;
    private final Crud<FloatingIpRow> crud;

    public FloatingIpResource(Crud.Factory crud, FloatingIps floatingIps) {
        this.floatingIps = floatingIps;
        this.crud = crud.of("floatingip", "floatingips", FloatingIpRow.class, COLUMNS, floatingIps);
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
        return crud.update(id, body, floatingIps::update);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
    }
}
