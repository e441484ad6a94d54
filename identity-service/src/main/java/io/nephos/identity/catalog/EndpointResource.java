package io.nephos.identity.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.region.RegionRow;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/endpoints (Identity API reference, "Service catalog and endpoints"). */
@Path("/v3/endpoints")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class EndpointResource {
    private static final Set<String> KNOWN =
            Set.of("id", "service_id", "region", "region_id", "interface", "url", "enabled", "links");
    private final Database db;
    private final Access access;
    private final CatalogStore catalog;
    private final EndpointView view;
    private final Links links;

    @Inject
    public EndpointResource(Database db, Access access, CatalogStore catalog, EndpointView view, Links links) {
        this.db = db;
        this.access = access;
        this.catalog = catalog;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("service_id") @Nullable String serviceId,
            @QueryParam("interface") @Nullable String face,
            @QueryParam("region_id") @Nullable String regionId,
            @QueryParam("region") @Nullable String region) {
        access.require("identity:list_endpoints");
        List<EndpointRow> rows = db.read(tx -> Selection.of(EndpointRow.class)
                .where("serviceId", serviceId)
                .where("face", face)
                .where("regionId", regionId)
                .where("regionId", region)
                .list(tx));
        return links.list("endpoints", rows.stream().map(view::of).toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:create_endpoint");
        Fields fields = Fields.of(body, "endpoint");
        EndpointRow row = new EndpointRow();
        row.id = Ids.random();
        fields.text("interface", 1, 16);
        fields.text("url", 1, 225);
        fields.text("service_id", 1, 64);
        db.run(tx -> {
            apply(tx, row, fields);
            tx.insert(row);
            tx.afterCommit(catalog::forget);
        });
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        access.require("identity:get_endpoint");
        return wrapped(db.read(tx -> find(tx, id)));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:update_endpoint");
        Fields fields = Fields.of(body, "endpoint");
        return wrapped(db.write(tx -> {
            EndpointRow row = find(tx, id);
            apply(tx, row, fields);
            tx.update(row);
            tx.afterCommit(catalog::forget);
            return row;
        }));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.require("identity:delete_endpoint");
        db.run(tx -> {
            tx.delete(find(tx, id));
            tx.afterCommit(catalog::forget);
        });
    }

    private static void apply(Transaction tx, EndpointRow row, Fields fields) {
        fields.optionalOneOf("interface", "public", "internal", "admin").ifPresent(face -> row.face = face);
        fields.optionalText("url", 1, 225).ifPresent(url -> {
            if (!url.matches("[a-zA-Z0-9+.-]+:.+")) {
                throw fields.invalid("url", "must be a URL.");
            }
            row.url = url;
        });
        fields.optionalText("service_id", 1, 64).ifPresent(id -> {
            if (tx.find(ServiceRow.class, id).isEmpty()) {
                throw Fault.badRequest("Endpoint creation failed: could not find service " + id + ".");
            }
            row.serviceId = id;
        });
        // A region that is not there: 400 by the new name of the field, made at once by the old one, as in Keystone.
        fields.optionalText("region_id", 1, 255).ifPresent(id -> {
            if (tx.find(RegionRow.class, id).isEmpty()) {
                throw Fault.badRequest("Endpoint creation failed: could not find region " + id + ".");
            }
            row.regionId = id;
        });
        fields.optionalText("region", 1, 255)
                .filter(id -> !fields.has("region_id"))
                .ifPresent(id -> {
                    if (tx.find(RegionRow.class, id).isEmpty()) {
                        RegionRow region = new RegionRow();
                        region.id = id;
                        tx.insert(region);
                    }
                    row.regionId = id;
                });
        fields.optionalText("name", 0, 255);
        fields.optionalText("description", 0, 65_535);
        row.enabled = ServiceResource.flag(fields, row.enabled);
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    private static EndpointRow find(Transaction tx, String id) {
        return tx.find(EndpointRow.class, id).orElseThrow(() -> Faults.notFound("endpoint", id));
    }

    private ObjectNode wrapped(EndpointRow row) {
        return Attributes.object("{}").set("endpoint", view.of(row));
    }
}
