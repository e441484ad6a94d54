package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** /v3/OS-FEDERATION/mappings (Identity API reference, "OS-FEDERATION: Mappings"). */
@Path("/v3/OS-FEDERATION/mappings")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class MappingResource {
    private static final int LONGEST = 1 << 20;

    private final Database db;
    private final Access access;
    private final FederationStore store;
    private final Links links;

    @Inject
    public MappingResource(Database db, Access access, FederationStore store, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.links = links;
    }

    @GET
    public ObjectNode list() {
        access.require("identity:list_mappings");
        return links.list(
                "mappings",
                db.read(tx -> Selection.of(MappingRow.class).list(tx).stream()
                        .map(this::view)
                        .toList()));
    }

    @PUT
    @Path("/{mapping}")
    public Response create(@PathParam("mapping") String id, @Nullable JsonNode body) {
        access.require("identity:create_mapping");
        Fields fields = Fields.of(body, "mapping").only("rules", "schema_version");
        Ids.named(id, 64);
        MappingRow row = new MappingRow();
        row.id = id;
        row.schemaVersion = "1.0";
        apply(row, fields);
        db.run(tx -> {
            if (tx.find(MappingRow.class, id).isPresent()) {
                throw Faults.duplicate("mapping", "Duplicate entry found with ID " + id);
            }
            tx.insert(row);
        });
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{mapping}")
    public ObjectNode show(@PathParam("mapping") String id) {
        access.require("identity:get_mapping");
        return wrapped(db.read(tx -> store.mapping(tx, id)));
    }

    @PATCH
    @Path("/{mapping}")
    public ObjectNode update(@PathParam("mapping") String id, @Nullable JsonNode body) {
        access.require("identity:update_mapping");
        Fields fields = Fields.of(body, "mapping").only("rules", "schema_version");
        return wrapped(db.write(tx -> {
            MappingRow row = store.mapping(tx, id);
            apply(row, fields);
            tx.update(row);
            return row;
        }));
    }

    @DELETE
    @Path("/{mapping}")
    public void delete(@PathParam("mapping") String id) {
        access.require("identity:delete_mapping");
        db.run(tx -> tx.delete(store.mapping(tx, id)));
    }

    private static void apply(MappingRow row, Fields fields) {
        row.schemaVersion = fields.optionalOneOf("schema_version", "1.0", "2.0").orElse(row.schemaVersion);
        MappingRules.of(fields);
        row.rules = fields.json().get("rules").toString();
        if (row.rules.length() > LONGEST) {
            throw fields.invalid("rules", "are too long.");
        }
    }

    private ObjectNode view(MappingRow row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", row.id).put("schema_version", row.schemaVersion);
        node.set("rules", store.tree(row.rules));
        node.set("links", links.self("OS-FEDERATION/mappings/" + row.id));
        return node;
    }

    private ObjectNode wrapped(MappingRow row) {
        return JsonNodeFactory.instance.objectNode().set("mapping", view(row));
    }
}
