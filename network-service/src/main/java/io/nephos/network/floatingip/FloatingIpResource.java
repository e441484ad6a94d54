package io.nephos.network.floatingip;

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

    private final Database database;
    private final FloatingIps floatingips;
    private final Access access;
    private final RequestContext request;

    public FloatingIpResource(Database database, FloatingIps floatingips, Access access, RequestContext request) {
        this.database = database;
        this.floatingips = floatingips;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<FloatingIpRow> listing = new Listing<>(FloatingIpRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where("r.projectId = :caller", Map.of("caller", caller.project()));
        }
        return database.read(tx -> {
            Listing.Slice<FloatingIpRow> slice = listing.fetch(tx);
            return query.page(
                    "floatingips",
                    slice.rows().stream().map(row -> floatingips.view(tx, row)).toList(),
                    slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "floatingip",
                "floatingips",
                all -> Attributes.write(
                        database,
                        tx -> all.stream()
                                .map(one -> floatingips.view(tx, floatingips.create(tx, caller, one)))
                                .toList()));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return database.read(tx -> Bulk.one(
                "floatingip",
                new Query(uri).select(floatingips.view(tx, floatingips.visible(tx, request.caller(), id)))));
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.of(body, "floatingip");
        return Attributes.write(
                database,
                tx -> Bulk.one("floatingip", floatingips.view(tx, floatingips.update(tx, caller, id, fields))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        Attributes.write(database, tx -> {
            floatingips.delete(tx, request.caller(), id);
            return true;
        });
    }
}
