package io.nephos.network.subnetpool;

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

/** Networking API v2.0, subnet pools. */
@Path("/v2.0/subnetpools")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SubnetpoolResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("name", text("name")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("ip_version", number("ipVersion")),
            Map.entry("shared", flag("shared")),
            Map.entry("is_default", flag("isDefault")));

    private final Subnetpools subnetpools;
    private final Crud<SubnetpoolRow> crud;

    public SubnetpoolResource(Crud.Factory crud, Subnetpools subnetpools) {
        this.subnetpools = subnetpools;
        this.crud = crud.of("subnetpool", "subnetpools", SubnetpoolRow.class, COLUMNS, subnetpools);
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
        return crud.update(id, body, subnetpools::update);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
    }
}
