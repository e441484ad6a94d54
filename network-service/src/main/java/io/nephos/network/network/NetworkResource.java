package io.nephos.network.network;

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
import java.util.List;
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

    private final Database database;
    private final Networks networks;
    private final Access access;
    private final RequestContext request;

    public NetworkResource(Database database, Networks networks, Access access, RequestContext request) {
        this.database = database;
        this.networks = networks;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<NetworkRow> listing = new Listing<>(NetworkRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where(Networks.VISIBLE, Map.of("caller", caller.project()));
        }
        return database.read(tx -> {
            Listing.Slice<NetworkRow> slice = listing.fetch(tx);
            return query.page("networks", networks.views(tx, caller, slice.rows()), slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "network",
                "networks",
                all -> Attributes.write(database, tx -> {
                    List<NetworkRow> rows = all.stream()
                            .map(one -> networks.create(tx, caller, one))
                            .toList();
                    return networks.views(tx, caller, rows);
                }));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        Caller caller = request.caller();
        return database.read(tx -> Bulk.one(
                "network",
                new Query(uri)
                        .select(networks.views(tx, caller, List.of(networks.visible(tx, caller, id)))
                                .getFirst())));
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.of(body, "network");
        return Attributes.write(
                database,
                tx -> Bulk.one(
                        "network",
                        networks.views(tx, caller, List.of(networks.update(tx, caller, id, fields)))
                                .getFirst()));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        Attributes.write(database, tx -> {
            networks.delete(tx, request.caller(), id);
            return true;
        });
    }
}
