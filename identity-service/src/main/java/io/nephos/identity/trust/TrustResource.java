package io.nephos.identity.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Token;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/OS-TRUST/trusts (Identity API reference, "OS-TRUST"). A trustee who signed in by a trust passes it on by making another. */
@Path("/v3/OS-TRUST/trusts")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TrustResource {
    private static final Set<String> KNOWN = Set.of(
            "id",
            "trustor_user_id",
            "trustee_user_id",
            "project_id",
            "impersonation",
            "expires_at",
            "remaining_uses",
            "redelegation_count",
            "redelegated_trust_id",
            "allow_redelegation",
            "roles",
            "roles_links",
            "deleted_at",
            "links");
    private final Database db;
    private final Access access;
    private final UserStore users;
    private final ProjectStore projects;
    private final AssignmentStore assignments;
    private final TrustStore store;
    private final TrustView view;
    private final Links links;

    @Inject
    public TrustResource(
            Database db,
            Access access,
            UserStore users,
            ProjectStore projects,
            AssignmentStore assignments,
            TrustStore store,
            TrustView view,
            Links links) {
        this.db = db;
        this.access = access;
        this.users = users;
        this.projects = projects;
        this.assignments = assignments;
        this.store = store;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("trustor_user_id") @Nullable String trustor,
            @QueryParam("trustee_user_id") @Nullable String trustee) {
        refuseDelegated();
        if (trustor != null) {
            access.require("identity:list_trusts_for_trustor", Map.of("trustor_user_id", trustor));
        }
        if (trustee != null) {
            access.require("identity:list_trusts_for_trustee", Map.of("trustee_user_id", trustee));
        }
        if (trustor == null && trustee == null) {
            access.require("identity:list_trusts");
        }
        List<TrustRow> rows = db.read(tx -> Selection.of(TrustRow.class)
                .where("trustorUserId", trustor)
                .where("trusteeUserId", trustee)
                .list(tx));
        return links.list("trusts", rows.stream().map(view::summary).toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "trust");
        TrustRow row = new TrustRow();
        row.id = Ids.random();
        row.trustorUserId = fields.text("trustor_user_id", 1, 64);
        row.trusteeUserId = fields.text("trustee_user_id", 1, 64);
        access.require("identity:create_trust", Map.of("trustor_user_id", row.trustorUserId));
        refuseDelegated();
        row.impersonation = fields.optionalFlag("impersonation").orElseThrow(() -> fields.required("impersonation"));
        row.projectId = fields.optionalText("project_id", 1, 64).orElse(null);
        row.expiresAt = fields.optionalText("expires_at", 1, 64)
                .map(text -> future(text, fields))
                .orElse(null);
        row.remainingUses =
                fields.optionalInteger("remaining_uses", 1, Integer.MAX_VALUE).orElse(null);
        row.extra = Attributes.others(fields, KNOWN);
        ObjectNode shown = db.write(tx -> {
            users.require(tx, row.trustorUserId);
            users.require(tx, row.trusteeUserId);
            List<TrustRow> before = source(tx, fields);
            before.stream().findFirst().ifPresent(from -> {
                row.redelegatedFrom = from.id;
                row.expiresAt = row.expiresAt == null ? from.expiresAt : row.expiresAt;
            });
            row.redelegationCount = Redelegation.count(fields, before.stream().findFirst());
            row.roles = Attributes.ofTexts(delegated(tx, row, fields, before));
            Redelegation.require(row, before);
            tx.insert(row);
            return view.full(tx, row);
        });
        return Response.status(201).entity(wrapped(shown)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return wrapped(db.read(tx -> view.full(tx, visible(tx, id, "identity:get_trust"))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        db.run(tx -> {
            TrustRow row = visible(tx, id, "identity:delete_trust");
            refuseOthers(tx, row);
            store.delete(tx, row);
        });
    }

    @GET
    @Path("/{id}/roles")
    public ObjectNode roles(@PathParam("id") String id) {
        return links.list("roles", db.read(tx -> view.roles(tx, visible(tx, id, "identity:list_roles_for_trust"))));
    }

    @GET
    @Path("/{id}/roles/{role}")
    public ObjectNode role(@PathParam("id") String id, @PathParam("role") String role) {
        ObjectNode found = db.read(tx -> view.roles(tx, visible(tx, id, "identity:get_role_for_trust"))).stream()
                .filter(node -> node.path("id").asText().equals(role))
                .findFirst()
                .orElseThrow(() -> Faults.notFound("role", role));
        return Attributes.object("{}").set("role", found);
    }

    /** What is passed on: the trust by which the caller signed in, and those it was made from. Empty for a first trust. */
    private List<TrustRow> source(Transaction tx, Fields fields) {
        Optional<String> own = access.token().flatMap(Token::trustId);
        Optional<String> named = fields.optionalText("redelegated_trust_id", 1, 64);
        if (named.isPresent() && !named.equals(own)) {
            throw Faults.forbiddenAction("Redelegation allowed for delegated by trust only");
        }
        return own.map(id -> store.chain(tx, store.find(tx, id).orElseThrow(() -> Faults.notFound("trust", id))))
                .orElse(List.of());
    }

    /** Whoever holds an application credential must not make of it what outlives it. */
    private void refuseDelegated() {
        if (access.token().flatMap(Token::applicationCredentialId).isPresent()) {
            throw Faults.forbiddenAction("Delegated tokens cannot manage trusts.");
        }
    }

    /** Who acts by a trust ends that one and those made from it, not whatever else he has trusted whom he stands for with. */
    private void refuseOthers(Transaction tx, TrustRow row) {
        access.token().flatMap(Token::trustId).ifPresent(own -> {
            if (store.chain(tx, row).stream().noneMatch(one -> one.id.equals(own))) {
                throw Faults.forbiddenAction("a token made by a trust cannot delete another trust");
            }
        });
    }

    /** The ids of the roles asked for, all of which the first trustor must have on the project himself. */
    private List<String> delegated(Transaction tx, TrustRow row, Fields fields, List<TrustRow> before) {
        List<Fields> asked = fields.objects("roles");
        if (before.stream().anyMatch(from -> !Objects.equals(row.projectId, from.projectId))) {
            throw Fault.forbidden("A trust can be passed on for its own project only.");
        }
        if (row.projectId == null) {
            if (!asked.isEmpty()) {
                throw Fault.badRequest("A trust with roles needs a project.");
            }
            return List.of();
        }
        if (asked.isEmpty()) {
            throw Faults.forbiddenAction("At least one role should be specified");
        }
        projects.require(tx, row.projectId);
        String first = before.isEmpty() ? row.trustorUserId : before.getLast().trustorUserId;
        List<RoleRow> own = assignments.rolesOf(tx, first, Target.project(row.projectId));
        return asked.stream().map(role -> one(own, role).id).toList();
    }

    private static RoleRow one(List<RoleRow> own, Fields asked) {
        Optional<String> id = asked.optionalText("id", 1, 64);
        Optional<String> name = asked.optionalText("name", 1, 255);
        return own.stream()
                .filter(role -> id.map(role.id::equals)
                        .orElseGet(() -> name.map(role.name::equals).orElse(false)))
                .findFirst()
                .orElseThrow(() -> Faults.notFound("role", id.or(() -> name).orElse("")));
    }

    private static Instant future(String text, Fields fields) {
        Instant at = Times.parse(text).orElseThrow(() -> fields.invalid("expires_at", "must be an ISO 8601 time."));
        if (!at.isAfter(Instant.now())) {
            throw fields.invalid("expires_at", "must be in the future.");
        }
        return at;
    }

    private TrustRow visible(Transaction tx, String id, String rule) {
        refuseDelegated();
        Optional<TrustRow> row = store.find(tx, id);
        if (row.isEmpty()) {
            throw Faults.notFound("trust", id);
        }
        access.require(
                rule, Map.of("trustor_user_id", row.get().trustorUserId, "trustee_user_id", row.get().trusteeUserId));
        return row.get();
    }

    private static ObjectNode wrapped(ObjectNode trust) {
        return Attributes.object("{}").set("trust", trust);
    }
}
