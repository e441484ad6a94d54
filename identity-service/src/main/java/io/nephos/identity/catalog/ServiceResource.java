package io.nephos.identity.catalog;

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
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/services (Identity API reference, "Service catalog and endpoints"). */
@Path("/v3/services")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ServiceResource {
    private static final Set<String> KNOWN = Set.of("id", "type", "name", "enabled", "links");
    private final Database db;
    private final Access access;
    private final CatalogStore catalog;
    private final Links links;

    @Inject
    public ServiceResource(Database db, Access access, CatalogStore catalog, Links links) {
        this.db = db;
        this.access = access;
        this.catalog = catalog;
        this.links = links;
    }

    @GET
    public ObjectNode list(@QueryParam("type") @Nullable String type, @QueryParam("name") @Nullable String name) {
        access.require("identity:list_services");
        List<ServiceRow> rows = db.read(tx -> Selection.of(ServiceRow.class)
                .where("type", type)
                .where("name", name)
                .list(tx));
        return links.list("services", rows.stream().map(this::view).toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:create_service");
        Fields fields = Fields.of(body, "service");
        ServiceRow row = new ServiceRow();
        row.id = Ids.random();
        row.type = fields.text("type", 1, 255);
        apply(row, fields);
        db.run(tx -> {
            tx.insert(row);
            tx.afterCommit(catalog::forget);
        });
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        access.require("identity:get_service");
        return wrapped(db.read(tx -> find(tx, id)));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:update_service");
        Fields fields = Fields.of(body, "service");
        return wrapped(db.write(tx -> {
            ServiceRow row = find(tx, id);
            apply(row, fields);
            tx.update(row);
            tx.afterCommit(catalog::forget);
            return row;
        }));
    }

    /** Its endpoints go with it. */
    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.require("identity:delete_service");
        db.run(tx -> {
            ServiceRow row = find(tx, id);
            if (tx.count("select count(*) from RegisteredLimitRow where serviceId = :id", Map.of("id", id)) > 0) {
                throw Faults.forbiddenAction("delete service " + id + ", which registered limits refer to");
            }
            tx.delete(row);
            tx.afterCommit(catalog::forget);
        });
    }

    private static void apply(ServiceRow row, Fields fields) {
        fields.optionalText("type", 1, 255).ifPresent(type -> row.type = type);
        fields.optionalText("name", 0, 255).ifPresent(name -> row.name = name);
        fields.optionalText("description", 0, 65_535);
        row.enabled = flag(fields, row.enabled);
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    /** Services and endpoints, unlike the rest of Keystone, take true booleans only. */
    static boolean flag(Fields fields, boolean otherwise) {
        if (fields.has("enabled") && !fields.json().get("enabled").isBoolean()) {
            throw fields.invalid("enabled", "must be a boolean.");
        }
        return fields.flag("enabled", otherwise);
    }

    static ServiceRow find(Transaction tx, String id) {
        return tx.find(ServiceRow.class, id).orElseThrow(() -> Faults.notFound("service", id));
    }

    private ObjectNode view(ServiceRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("type", row.type).put("name", row.name).put("enabled", row.enabled);
        node.set("links", links.self("services/" + row.id));
        return node;
    }

    private ObjectNode wrapped(ServiceRow row) {
        return Attributes.object("{}").set("service", view(row));
    }
}
