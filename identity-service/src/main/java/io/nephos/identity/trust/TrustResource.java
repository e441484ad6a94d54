package io.nephos.identity.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/OS-TRUST/trusts (Identity API reference, "OS-TRUST"). Redelegation is not offered. */
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
    private final RevocationFeed revocations;
    private final TrustView view;
    private final Links links;

    @Inject
    public TrustResource(
            Database db,
            Access access,
            UserStore users,
            ProjectStore projects,
            AssignmentStore assignments,
            RevocationFeed revocations,
            TrustView view,
            Links links) {
        this.db = db;
        this.access = access;
        this.users = users;
        this.projects = projects;
        this.assignments = assignments;
        this.revocations = revocations;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("trustor_user_id") @Nullable String trustor,
            @QueryParam("trustee_user_id") @Nullable String trustee) {
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
        Instant now = Instant.now();
        return links.list(
                "trusts",
                rows.stream()
                        .filter(row -> !row.expired(now))
                        .map(view::summary)
                        .toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "trust");
        TrustRow row = new TrustRow();
        row.id = Ids.random();
        row.trustorUserId = fields.text("trustor_user_id", 1, 64);
        row.trusteeUserId = fields.text("trustee_user_id", 1, 64);
        access.require("identity:create_trust", Map.of("trustor_user_id", row.trustorUserId));
        row.impersonation = fields.optionalFlag("impersonation").orElseThrow(() -> fields.required("impersonation"));
        row.projectId = fields.optionalText("project_id", 1, 64).orElse(null);
        row.expiresAt = fields.optionalText("expires_at", 1, 64)
                .map(text -> future(text, fields))
                .orElse(null);
        row.remainingUses =
                fields.optionalInteger("remaining_uses", 1, Integer.MAX_VALUE).orElse(null);
        if (fields.flag("allow_redelegation", false)
                || fields.optionalText("redelegated_trust_id", 1, 64).isPresent()) {
            throw Fault.notImplemented("Trusts cannot be redelegated.");
        }
        row.extra = Attributes.others(fields, KNOWN);
        ObjectNode shown = db.write(tx -> {
            users.require(tx, row.trustorUserId);
            users.require(tx, row.trusteeUserId);
            row.roles = Attributes.ofTexts(delegated(tx, row, fields));
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
            tx.delete(row);
            revocations.trust(tx, id);
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

    /** The ids of the roles asked for, all of which the trustor must have on the project himself. */
    private List<String> delegated(Transaction tx, TrustRow row, Fields fields) {
        List<Fields> asked = fields.objects("roles");
        if (row.projectId == null) {
            if (!asked.isEmpty()) {
                throw Fault.badRequest("A trust with roles needs a project.");
            }
            return List.of();
        }
        projects.require(tx, row.projectId);
        if (asked.isEmpty()) {
            throw Faults.forbiddenAction("at least one role should be specified");
        }
        List<RoleRow> own = assignments.rolesOf(tx, row.trustorUserId, Target.project(row.projectId));
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
        Optional<TrustRow> row = tx.find(TrustRow.class, id).filter(trust -> !trust.expired(Instant.now()));
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
