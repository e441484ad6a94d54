package io.nephos.network.subnet;

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

/** Networking API v2.0, subnets. */
@Path("/v2.0/subnets")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SubnetResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("name", text("name")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("network_id", text("networkId")),
            Map.entry("ip_version", number("ipVersion")),
            Map.entry("cidr", text("cidr")),
            Map.entry("gateway_ip", text("gatewayIp")),
            Map.entry("enable_dhcp", flag("enableDhcp")),
            Map.entry("ipv6_ra_mode", text("ipv6RaMode")),
            Map.entry("ipv6_address_mode", text("ipv6AddressMode")),
            Map.entry("subnetpool_id", text("subnetpoolId")));

    private final Database database;
    private final Subnets subnets;
    private final Access access;
    private final RequestContext request;

    public SubnetResource(Database database, Subnets subnets, Access access, RequestContext request) {
        this.database = database;
        this.subnets = subnets;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<SubnetRow> listing = new Listing<>(SubnetRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where(Subnets.VISIBLE, Map.of("caller", caller.project()));
        }
        return database.read(tx -> {
            Listing.Slice<SubnetRow> slice = listing.fetch(tx);
            return query.page(
                    "subnets", slice.rows().stream().map(SubnetView::of).toList(), slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "subnet",
                "subnets",
                all -> Attributes.write(
                        database,
                        tx -> all.stream()
                                .map(one -> SubnetView.of(subnets.create(tx, caller, one)))
                                .toList()));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return database.read(tx ->
                Bulk.one("subnet", new Query(uri).select(SubnetView.of(subnets.visible(tx, request.caller(), id)))));
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.of(body, "subnet");
        return Attributes.write(
                database, tx -> Bulk.one("subnet", SubnetView.of(subnets.update(tx, caller, id, fields))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        Attributes.write(database, tx -> {
            subnets.delete(tx, request.caller(), id);
            return true;
        });
    }
}
