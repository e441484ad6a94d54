package io.nephos.network.subnetpool;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.number;
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

    private final Database database;
    private final Subnetpools subnetpools;
    private final Access access;
    private final RequestContext request;

    public SubnetpoolResource(Database database, Subnetpools subnetpools, Access access, RequestContext request) {
        this.database = database;
        this.subnetpools = subnetpools;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<SubnetpoolRow> listing = new Listing<>(SubnetpoolRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where("r.projectId = :caller or r.shared = true", Map.of("caller", caller.project()));
        }
        return database.read(tx -> {
            Listing.Slice<SubnetpoolRow> slice = listing.fetch(tx);
            return query.page(
                    "subnetpools", slice.rows().stream().map(SubnetpoolView::of).toList(), slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "subnetpool",
                "subnetpools",
                all -> Attributes.write(
                        database,
                        tx -> all.stream()
                                .map(one -> SubnetpoolView.of(subnetpools.create(tx, caller, one)))
                                .toList()));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return database.read(tx -> Bulk.one(
                "subnetpool", new Query(uri).select(SubnetpoolView.of(subnetpools.visible(tx, request.caller(), id)))));
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.of(body, "subnetpool");
        return Attributes.write(
                database, tx -> Bulk.one("subnetpool", SubnetpoolView.of(subnetpools.update(tx, caller, id, fields))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        Attributes.write(database, tx -> {
            subnetpools.delete(tx, request.caller(), id);
            return true;
        });
    }
}
