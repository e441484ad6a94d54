package io.nephos.identity.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/credentials (Identity API reference, "Credentials"). */
@Path("/v3/credentials")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class CredentialResource {
    private static final Set<String> KNOWN = Set.of("id", "user_id", "project_id", "type", "blob", "links");

    private final Database db;
    private final Access access;
    private final CredentialStore store;
    private final Delegation delegation;
    private final UserStore users;
    private final ProjectStore projects;
    private final Links links;

    @Inject
    public CredentialResource(
            Database db,
            Access access,
            CredentialStore store,
            Delegation delegation,
            UserStore users,
            ProjectStore projects,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.delegation = delegation;
        this.users = users;
        this.projects = projects;
        this.links = links;
    }

    /** All for who may see all, else the caller's own. */
    @GET
    public ObjectNode list(
            @QueryParam("user_id") @Nullable String user,
            @QueryParam("type") @Nullable String type,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker,
            @HeaderParam("X-Auth-Token") String token) {
        String caller = access.caller().userId();
        boolean all = access.allows("identity:list_credentials", Map.of());
        if (!all) {
            access.require("identity:list_credentials", owner(caller));
        }
        delegation.refuse(token);
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        List<CredentialRow> rows = db.read(tx -> Selection.of(CredentialRow.class)
                .where("userId", user)
                .where("userId", all ? null : caller)
                .where("type", type)
                .page(tx, page));
        return links.page("credentials", rows, page, this::view, row -> row.id);
    }

    @POST
    public Response create(@HeaderParam("X-Auth-Token") String token, @Nullable JsonNode body) {
        Fields fields = Fields.of(body, "credential");
        CredentialRow row = new CredentialRow();
        row.userId = fields.text("user_id", 1, 64);
        access.require("identity:create_credential", owner(row.userId));
        row.type = fields.text("type", 1, 255);
        row.projectId = fields.optionalText("project_id", 1, 64).orElse(null);
        if (row.ec2() && row.projectId == null) {
            throw fields.required("project_id");
        }
        delegation.refuse(token);
        String blob = fields.text("blob", 1, 65_535);
        row.id = row.ec2() ? CredentialStore.idOf(Ec2Blob.of(blob, fields).access()) : Ids.random();
        row.extra = Attributes.others(fields, KNOWN);
        store.keep(row, blob);
        return store.unique(
                row,
                () -> db.write(tx -> {
                    if (users.find(tx, row.userId).isEmpty()) {
                        throw fields.invalid("user_id", "there is no such user.");
                    }
                    requireProject(tx, row, fields);
                    tx.insert(row);
                    return Response.status(201).entity(wrapped(row)).build();
                }));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @HeaderParam("X-Auth-Token") String token) {
        CredentialRow row = db.read(tx -> visible(tx, id, "identity:get_credential"));
        delegation.refuse(token);
        return wrapped(row);
    }

    /** Becoming or ceasing to be an EC2 key, or another's, is refused: its id says what it is, its owner what it may. */
    @PATCH
    @Path("/{id}")
    public ObjectNode update(
            @PathParam("id") String id, @HeaderParam("X-Auth-Token") String token, @Nullable JsonNode body) {
        CredentialRow before = db.read(tx -> visible(tx, id, "identity:update_credential"));
        delegation.refuse(token);
        Fields fields = Fields.of(body, "credential");
        return db.write(tx -> {
            CredentialRow row = tx.lock(CredentialRow.class, id).orElseThrow(() -> Faults.notFound("credential", id));
            boolean ec2 = row.ec2();
            fields.optionalText("id", 1, 64).filter(sent -> !sent.equals(id)).ifPresent(sent -> {
                throw fields.invalid("id", "cannot be changed.");
            });
            fields.optionalText("user_id", 1, 64)
                    .filter(user -> !user.equals(before.userId))
                    .ifPresent(user -> {
                        throw fields.invalid("user_id", "the owner of a credential cannot be changed.");
                    });
            fields.optionalText("type", 1, 255).ifPresent(type -> row.type = type);
            if (row.ec2() != ec2) {
                throw fields.invalid("type", "cannot be changed to or from ec2.");
            }
            fields.optionalText("project_id", 1, 64).ifPresent(project -> row.projectId = project);
            requireProject(tx, row, fields);
            fields.optionalText("blob", 1, 65_535).ifPresent(blob -> {
                if (ec2) {
                    Ec2Blob.of(store.blob(row), fields).requireSameScope(Ec2Blob.of(blob, fields));
                }
                store.keep(row, blob);
            });
            row.extra = Attributes.others(row.extra, fields, KNOWN);
            tx.update(row);
            return wrapped(row);
        });
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id, @HeaderParam("X-Auth-Token") String token) {
        db.run(tx -> {
            CredentialRow row = visible(tx, id, "identity:delete_credential");
            delegation.refuse(token);
            tx.delete(row);
        });
    }

    private void requireProject(Transaction tx, CredentialRow row, Fields fields) {
        Optional.ofNullable(row.projectId)
                .filter(project -> projects.find(tx, project).isEmpty())
                .ifPresent(project -> {
                    throw fields.invalid("project_id", "there is no such project.");
                });
    }

    private CredentialRow visible(Transaction tx, String id, String rule) {
        Optional<CredentialRow> row = store.find(tx, id);
        access.require(rule, row.map(known -> owner(known.userId)).orElse(Map.of()));
        return row.orElseThrow(() -> Faults.notFound("credential", id));
    }

    private static Map<String, String> owner(String userId) {
        return Map.of("user_id", userId, "target.credential.user_id", userId);
    }

    private ObjectNode view(CredentialRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("user_id", row.userId).put("project_id", row.projectId);
        node.put("type", row.type).put("blob", store.blob(row));
        node.set("links", links.self("credentials/" + row.id));
        return node;
    }

    private ObjectNode wrapped(CredentialRow row) {
        return Attributes.object("{}").set("credential", view(row));
    }
}
