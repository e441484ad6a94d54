package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/OS-FEDERATION/identity_providers (Identity API reference, "OS-FEDERATION: Identity providers"). */
@Path("/v3/OS-FEDERATION/identity_providers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class IdentityProviderResource {
    private final Database db;
    private final Access access;
    private final FederationStore store;
    private final ProjectStore projects;
    private final Links links;

    @Inject
    public IdentityProviderResource(
            Database db, Access access, FederationStore store, ProjectStore projects, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.projects = projects;
        this.links = links;
    }

    @GET
    public ObjectNode list(@QueryParam("id") @Nullable String id, @QueryParam("enabled") @Nullable String enabled) {
        access.require("identity:list_identity_providers");
        return links.list(
                "identity_providers",
                db.read(tx ->
                        Selection.of(IdentityProviderRow.class)
                                .where("id", id)
                                .whereFlag("enabled", enabled)
                                .list(tx)
                                .stream()
                                .map(row -> view(tx, row))
                                .toList()));
    }

    /** In the domain that is said, or in one of its own that is made with it. */
    @PUT
    @Path("/{idp}")
    public Response create(@PathParam("idp") String id, @Nullable JsonNode body) {
        access.require("identity:create_identity_provider");
        Fields fields = Fields.of(body, "identity_provider")
                .only("domain_id", "enabled", "description", "authorization_ttl", "remote_ids");
        Ids.named(id, 64);
        IdentityProviderRow row = new IdentityProviderRow();
        row.id = id;
        Optional<String> domain = fields.optionalText("domain_id", 1, 64);
        try {
            ObjectNode made = db.write(tx -> {
                if (tx.find(IdentityProviderRow.class, id).isPresent()) {
                    throw Faults.duplicate("identity_provider", "Duplicate entry found with ID " + id);
                }
                row.domainId = domain.map(asked -> projects.requireDomain(tx, asked).id)
                        .orElseGet(() -> ownDomain(tx, id));
                apply(row, fields);
                tx.insert(row);
                store.remoteIds(tx, id, remoteIds(fields));
                return view(tx, row);
            });
            return Response.status(201).entity(wrapped(made)).build();
        } catch (UniqueViolation e) {
            throw duplicateRemote();
        }
    }

    @GET
    @Path("/{idp}")
    public ObjectNode show(@PathParam("idp") String id) {
        access.require("identity:get_identity_provider");
        return wrapped(db.read(tx -> view(tx, store.provider(tx, id))));
    }

    /** Disabling it ends the tokens of those for whom it vouched. */
    @PATCH
    @Path("/{idp}")
    public ObjectNode update(@PathParam("idp") String id, @Nullable JsonNode body) {
        access.require("identity:update_identity_provider");
        Fields fields =
                Fields.of(body, "identity_provider").only("enabled", "description", "authorization_ttl", "remote_ids");
        try {
            return wrapped(db.write(tx -> {
                IdentityProviderRow row = store.provider(tx, id);
                boolean was = row.enabled;
                apply(row, fields);
                tx.update(row);
                if (fields.has("remote_ids")) {
                    store.remoteIds(tx, id, remoteIds(fields));
                }
                if (was && !row.enabled) {
                    store.revoke(tx, id);
                }
                return view(tx, row);
            }));
        } catch (UniqueViolation e) {
            throw duplicateRemote();
        }
    }

    @DELETE
    @Path("/{idp}")
    public void delete(@PathParam("idp") String id) {
        access.require("identity:delete_identity_provider");
        db.run(tx -> store.delete(tx, store.provider(tx, id)));
    }

    private static void apply(IdentityProviderRow row, Fields fields) {
        row.enabled = fields.flag("enabled", row.enabled);
        if (fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse(null);
        }
        if (fields.has("authorization_ttl")) {
            row.authorizationTtl =
                    fields.optionalInteger("authorization_ttl", 0, 5_256_000).orElse(null);
        }
    }

    private static List<String> remoteIds(Fields fields) {
        List<String> ids = fields.texts("remote_ids", 1, 255);
        if (ids.stream().distinct().count() != ids.size()) {
            throw fields.invalid("remote_ids", "must be unique.");
        }
        return ids;
    }

    private String ownDomain(Transaction tx, String id) {
        ProjectRow domain = new ProjectRow();
        domain.id = Ids.random();
        domain.domainId = domain.id;
        domain.parentId = "";
        domain.isDomain = true;
        domain.name = domain.id;
        domain.description = "Auto generated federated domain for Identity Provider: " + id;
        domain.enabled = true;
        projects.insert(tx, domain);
        return domain.id;
    }

    private static RuntimeException duplicateRemote() {
        return Faults.duplicate("remote_id", "Duplicate remote ID: it belongs to another identity provider");
    }

    private ObjectNode view(Transaction tx, IdentityProviderRow row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", row.id).put("domain_id", row.domainId).put("enabled", row.enabled);
        node.put("description", row.description).put("authorization_ttl", row.authorizationTtl);
        ArrayNode remote = node.putArray("remote_ids");
        store.remoteIds(tx, row.id).forEach(remote::add);
        String self = "OS-FEDERATION/identity_providers/" + row.id;
        node.set("links", links.self(self).put("protocols", links.to(self + "/protocols")));
        return node;
    }

    private static ObjectNode wrapped(ObjectNode node) {
        return JsonNodeFactory.instance.objectNode().set("identity_provider", node);
    }
}
