package io.nephos.identity.region;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/regions (Identity API reference, "Regions"). */
@Path("/v3/regions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RegionResource {
    private static final Set<String> KNOWN = Set.of("id", "description", "parent_region_id", "links");
    private final Database db;
    private final Access access;
    private final Links links;

    @Inject
    public RegionResource(Database db, Access access, Links links) {
        this.db = db;
        this.access = access;
        this.links = links;
    }

    @GET
    public ObjectNode list(@QueryParam("parent_region_id") @Nullable String parent) {
        access.require("identity:list_regions");
        List<RegionRow> rows = db.read(
                tx -> Selection.of(RegionRow.class).where("parentId", parent).list(tx));
        return links.list("regions", rows.stream().map(this::view).toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        return create(Fields.of(body, "region"), Optional.empty());
    }

    /** With the id that the path says. */
    @PUT
    @Path("/{id}")
    public Response put(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:create_region");
        return create(Fields.of(body, "region"), Optional.of(Ids.named(id, 255)));
    }

    private Response create(Fields fields, Optional<String> pathId) {
        access.require("identity:create_region");
        Optional<String> bodyId = fields.optionalText("id", 0, 255).filter(id -> !id.isEmpty());
        if (pathId.isPresent() && bodyId.isPresent() && !pathId.equals(bodyId)) {
            throw Fault.badRequest("The id in the URL and the id of the region in the body differ.");
        }
        RegionRow row = new RegionRow();
        row.id = pathId.or(() -> bodyId).orElseGet(Ids::random);
        try {
            db.run(tx -> {
                apply(tx, row, fields);
                tx.insert(row);
            });
        } catch (UniqueViolation e) {
            throw Faults.duplicate("region", "Duplicate entry found with ID " + row.id);
        }
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        access.require("identity:get_region");
        return wrapped(db.read(tx -> find(tx, id)));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:update_region");
        Fields fields = Fields.of(body, "region");
        return wrapped(db.write(tx -> {
            RegionRow row = find(tx, id);
            apply(tx, row, fields);
            tx.update(row);
            return row;
        }));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.require("identity:delete_region");
        db.run(tx -> {
            RegionRow row = find(tx, id);
            if (tx.count("select count(*) from EndpointRow where regionId = :id", Map.of("id", id)) > 0) {
                throw Faults.forbiddenAction("delete region " + id + ", which endpoints refer to");
            }
            if (tx.count("select count(*) from RegionRow where parentId = :id", Map.of("id", id)) > 0) {
                throw Faults.forbiddenAction("delete region " + id + " because it or its child regions have endpoints");
            }
            if (tx.count("select count(*) from RegisteredLimitRow where regionId = :id", Map.of("id", id)) > 0) {
                throw Faults.forbiddenAction("delete region " + id + ", which registered limits refer to");
            }
            tx.delete(row);
        });
    }

    private static void apply(Transaction tx, RegionRow row, Fields fields) {
        if (fields.has("description")) {
            row.description = fields.optionalText("description", 0, 255).orElse("");
        }
        if (fields.has("parent_region_id")) {
            row.parentId = fields.optionalText("parent_region_id", 1, 255).orElse("");
            requireParent(tx, row);
        }
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    private static void requireParent(Transaction tx, RegionRow row) {
        Set<String> seen = new HashSet<>(Set.of(row.id));
        for (String above = row.parentId; !above.isEmpty(); above = find(tx, above).parentId) {
            if (!seen.add(above)) {
                throw Fault.badRequest("The regions would be in a circle.");
            }
        }
    }

    private static RegionRow find(Transaction tx, String id) {
        return tx.find(RegionRow.class, id).orElseThrow(() -> Faults.notFound("region", id));
    }

    private ObjectNode view(RegionRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("description", row.description);
        node.put("parent_region_id", row.parentId.isEmpty() ? null : row.parentId);
        node.set("links", links.self("regions/" + row.id));
        return node;
    }

    private ObjectNode wrapped(RegionRow row) {
        return Attributes.object("{}").set("region", view(row));
    }
}
