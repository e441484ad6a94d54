package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
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

/** The protocols of an identity provider (Identity API reference, "OS-FEDERATION: Protocols"). */
@Path("/v3/OS-FEDERATION/identity_providers/{idp}/protocols")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ProtocolResource {
    private final Database db;
    private final Access access;
    private final FederationStore store;
    private final Links links;

    @Inject
    public ProtocolResource(Database db, Access access, FederationStore store, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.links = links;
    }

    @GET
    public ObjectNode list(@PathParam("idp") String idp) {
        access.require("identity:list_protocols");
        return links.list("protocols", db.read(tx -> {
            store.provider(tx, idp);
            return store.protocols(tx, idp).stream()
                    .map(row -> view(row).put("idp_id", row.idpId))
                    .toList();
        }));
    }

    @PUT
    @Path("/{protocol}")
    public Response create(@PathParam("idp") String idp, @PathParam("protocol") String name, @Nullable JsonNode body) {
        access.require("identity:create_protocol");
        Fields fields = Fields.of(body, "protocol").only("mapping_id", "remote_id_attribute");
        Ids.named(name, 64);
        ProtocolRow row = new ProtocolRow();
        row.id = ProtocolRow.key(idp, name);
        row.idpId = idp;
        row.name = name;
        row.mappingId = fields.text("mapping_id", 1, 64);
        db.run(tx -> {
            store.provider(tx, idp);
            if (tx.find(ProtocolRow.class, row.id).isPresent()) {
                throw Faults.duplicate("federation_protocol", "Duplicate entry found with ID " + name);
            }
            apply(tx, row, fields);
            tx.insert(row);
        });
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{protocol}")
    public ObjectNode show(@PathParam("idp") String idp, @PathParam("protocol") String name) {
        access.require("identity:get_protocol");
        return wrapped(db.read(tx -> store.protocol(tx, idp, name)));
    }

    @PATCH
    @Path("/{protocol}")
    public ObjectNode update(
            @PathParam("idp") String idp, @PathParam("protocol") String name, @Nullable JsonNode body) {
        access.require("identity:update_protocol");
        Fields fields = Fields.of(body, "protocol").only("mapping_id", "remote_id_attribute");
        return wrapped(db.write(tx -> {
            ProtocolRow row = store.protocol(tx, idp, name);
            row.mappingId = fields.optionalText("mapping_id", 1, 64).orElse(row.mappingId);
            apply(tx, row, fields);
            tx.update(row);
            return row;
        }));
    }

    @DELETE
    @Path("/{protocol}")
    public void delete(@PathParam("idp") String idp, @PathParam("protocol") String name) {
        access.require("identity:delete_protocol");
        db.run(tx -> {
            ProtocolRow row = store.protocol(tx, idp, name);
            store.revoke(tx, idp);
            tx.delete(row);
        });
    }

    private static void apply(Transaction tx, ProtocolRow row, Fields fields) {
        if (tx.find(MappingRow.class, row.mappingId).isEmpty()) {
            throw fields.invalid("mapping_id", "there is no mapping '" + row.mappingId + "'.");
        }
        if (fields.has("remote_id_attribute")) {
            row.remoteIdAttribute =
                    fields.optionalText("remote_id_attribute", 0, 64).orElse(null);
        }
    }

    private ObjectNode view(ProtocolRow row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", row.name).put("mapping_id", row.mappingId).put("remote_id_attribute", row.remoteIdAttribute);
        String provider = "OS-FEDERATION/identity_providers/" + row.idpId;
        node.set("links", links.self(provider + "/protocols/" + row.name).put("identity_provider", links.to(provider)));
        return node;
    }

    private ObjectNode wrapped(ProtocolRow row) {
        return JsonNodeFactory.instance.objectNode().set("protocol", view(row));
    }
}
