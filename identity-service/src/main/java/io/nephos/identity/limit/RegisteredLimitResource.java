package io.nephos.identity.limit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.contracts.events.v1.Change;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** /v3/registered_limits (Identity API reference, "Unified limits"). */
@Path("/v3/registered_limits")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RegisteredLimitResource {
    private final Database db;
    private final Access access;
    private final LimitStore store;
    private final Links links;

    @Inject
    public RegisteredLimitResource(Database db, Access access, LimitStore store, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("service_id") @Nullable String service,
            @QueryParam("region_id") @Nullable String region,
            @QueryParam("resource_name") @Nullable String resource,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        access.require("identity:list_registered_limits");
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        List<RegisteredLimitRow> rows = db.read(tx -> Selection.of(RegisteredLimitRow.class)
                .where("serviceId", service)
                .where("regionId", region)
                .where("resourceName", resource)
                .page(tx, page));
        return links.page("registered_limits", rows, page, this::view, row -> row.id);
    }

    /** Several at once: all or none. */
    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:create_registered_limits");
        List<RegisteredLimitRow> rows = LimitFields.items(Fields.ofBody(body), "registered_limits").stream()
                .map(RegisteredLimitResource::row)
                .toList();
        unique(() -> db.write(tx -> {
            rows.forEach(row -> {
                LimitFields.requireCatalog(tx, row.serviceId, row.regionId, "registered_limit");
                tx.insert(row);
                LimitStore.changed(tx, row, Change.CHANGE_CREATED);
            });
            return rows;
        }));
        ObjectNode shown = Attributes.object("{}");
        shown.putArray("registered_limits").addAll(rows.stream().map(this::view).toList());
        return Response.status(201).entity(shown).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        access.require("identity:get_registered_limit");
        return wrapped(db.read(tx -> store.requireRegistered(tx, id)));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:update_registered_limit");
        Fields fields = Fields.of(body, "registered_limit");
        return wrapped(unique(() -> db.write(tx -> {
            RegisteredLimitRow row = store.requireUnused(tx, id);
            apply(row, fields);
            LimitFields.requireCatalog(tx, row.serviceId, row.regionId, "registered_limit");
            tx.update(row);
            LimitStore.changed(tx, row, Change.CHANGE_UPDATED);
            return row;
        })));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.require("identity:delete_registered_limit");
        db.run(tx -> {
            RegisteredLimitRow row = store.requireUnused(tx, id);
            tx.delete(row);
            LimitStore.changed(tx, row, Change.CHANGE_DELETED);
        });
    }

    private static RegisteredLimitRow row(Fields fields) {
        LimitFields.id(fields, "service_id");
        fields.text("resource_name", 1, 255);
        LimitFields.amount(fields, "default_limit");
        RegisteredLimitRow row = new RegisteredLimitRow();
        row.id = Ids.random();
        apply(row, fields);
        return row;
    }

    private static void apply(RegisteredLimitRow row, Fields fields) {
        fields.only("service_id", "region_id", "resource_name", "default_limit", "description");
        LimitFields.optionalId(fields, "service_id").ifPresent(id -> row.serviceId = id);
        if (fields.has("region_id")) {
            row.regionId = fields.optionalText("region_id", 1, 255).orElse(null);
        }
        fields.optionalText("resource_name", 1, 255).ifPresent(name -> row.resourceName = name);
        LimitFields.optionalAmount(fields, "default_limit").ifPresent(amount -> row.defaultLimit = amount);
        if (fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse(null);
        }
    }

    private static <T> T unique(Supplier<T> write) {
        try {
            return write.get();
        } catch (UniqueViolation e) {
            throw Faults.duplicate("registered_limit", "Duplicate entry");
        }
    }

    private ObjectNode view(RegisteredLimitRow row) {
        ObjectNode node = Attributes.object("{}");
        node.put("id", row.id).put("service_id", row.serviceId).put("region_id", row.regionId);
        node.put("resource_name", row.resourceName).put("default_limit", row.defaultLimit);
        node.put("description", row.description);
        node.set("links", links.self("registered_limits/" + row.id));
        return node;
    }

    private ObjectNode wrapped(RegisteredLimitRow row) {
        return Attributes.object("{}").set("registered_limit", view(row));
    }
}
