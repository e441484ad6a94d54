package io.nephos.identity.credential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.accessrule.AccessRuleRow;
import io.nephos.identity.accessrule.AccessRuleStore;
import io.nephos.identity.accessrule.AccessRuleView;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.policy.Access;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.identity.wire.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.AccessRule;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/users/{id}/application_credentials (Identity API reference, "Application credentials"). */
@Path("/v3/users/{user}/application_credentials")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ApplicationCredentialResource {
    private final Database db;
    private final Access access;
    private final UserStore users;
    private final RoleStore roles;
    private final AssignmentStore assignments;
    private final RevocationFeed revocations;
    private final AccessRuleStore accessRules;
    private final Links links;

    @Inject
    public ApplicationCredentialResource(
            Database db,
            Access access,
            UserStore users,
            RoleStore roles,
            AssignmentStore assignments,
            RevocationFeed revocations,
            AccessRuleStore accessRules,
            Links links) {
        this.db = db;
        this.access = access;
        this.users = users;
        this.roles = roles;
        this.assignments = assignments;
        this.revocations = revocations;
        this.accessRules = accessRules;
        this.links = links;
    }

    @GET
    public ObjectNode list(@PathParam("user") String user, @QueryParam("name") @Nullable String name) {
        access.require("identity:list_application_credentials", Map.of("user_id", user));
        access.refuseTrustToken();
        return links.list("application_credentials", db.read(tx -> {
            users.require(tx, user);
            return Selection.of(ApplicationCredentialRow.class)
                    .where("userId", user)
                    .where("name", name)
                    .list(tx)
                    .stream()
                    .map(row -> view(tx, row))
                    .toList();
        }));
    }

    /** For the project of the caller's token. The secret is shown this once. */
    @POST
    public Response create(@PathParam("user") String user, @Nullable JsonNode body) {
        access.require("identity:create_application_credential", Map.of("user_id", user));
        access.refuseTrustToken();
        Fields fields = Fields.of(body, "application_credential")
                .only(
                        "id",
                        "name",
                        "description",
                        "secret",
                        "expires_at",
                        "roles",
                        "unrestricted",
                        "project_id",
                        "access_rules");
        ApplicationCredentialRow row = new ApplicationCredentialRow();
        row.id = Ids.random();
        row.userId = user;
        row.projectId = access.caller()
                .projectId()
                .orElseThrow(() -> Fault.badRequest("An application credential needs a token scoped to a project."));
        row.name = fields.text("name", 1, 255);
        row.description = fields.optionalText("description", 0, 65_535).orElse(null);
        row.unrestricted = fields.flag("unrestricted", false);
        row.expiresAt = fields.optionalText("expires_at", 1, 64)
                .map(text -> expiry(text, fields))
                .orElse(null);
        String secret = fields.optionalText("secret", 1, 65_535).orElseGet(SecretHash::random);
        row.secretHash = SecretHash.of(secret);
        try {
            ObjectNode shown = db.write(tx -> {
                refuseRestricted(tx);
                refuseWider(fields);
                row.roles = Attributes.ofTexts(granted(tx, row, fields));
                tx.insert(row);
                accessRules.use(tx, row.id, user, fields);
                return view(tx, row);
            });
            shown.put("secret", secret);
            return Response.status(201).entity(wrapped(shown)).build();
        } catch (UniqueViolation e) {
            throw Faults.duplicate("application_credential", "Duplicate entry found with name " + row.name);
        }
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("user") String user, @PathParam("id") String id) {
        access.require("identity:get_application_credential", Map.of("user_id", user));
        access.refuseTrustToken();
        return wrapped(db.read(tx -> view(tx, find(tx, user, id))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("user") String user, @PathParam("id") String id) {
        access.require("identity:delete_application_credential", Map.of("user_id", user));
        access.refuseTrustToken();
        db.run(tx -> {
            refuseRestricted(tx);
            tx.delete(find(tx, user, id));
            revocations.applicationCredential(tx, id);
        });
    }

    /** Who signed in with a credential that is not unrestricted may not make or delete others. */
    private void refuseRestricted(Transaction tx) {
        Optional<String> own = access.token().flatMap(Token::applicationCredentialId);
        boolean unrestricted = own.flatMap(id -> tx.find(ApplicationCredentialRow.class, id))
                .map(row -> row.unrestricted)
                .orElse(false);
        if (own.isPresent() && !unrestricted) {
            throw Faults.forbiddenAction("manage application credentials with a restricted application credential");
        }
    }

    /** Whose token has access rules makes no credential that may ask more than he. */
    private void refuseWider(Fields fields) {
        List<AccessRule> own = access.token().map(Token::accessRules).orElse(List.of());
        List<AccessRule> asked = fields.objects("access_rules").stream()
                .map(rule -> new AccessRule(
                        rule.optionalText("service", 0, 64).orElse(""),
                        rule.optionalText("method", 0, 64).orElse(""),
                        rule.optionalText("path", 0, 225).orElse("")))
                .toList();
        if (!own.isEmpty() && (asked.isEmpty() || !own.containsAll(asked))) {
            throw Faults.forbiddenAction(
                    "make an application credential with other access rules than those of the one that asks");
        }
    }

    /** Of what the user has there; with an application credential only what it has, or a narrow one would make a wide one. */
    private List<String> granted(Transaction tx, ApplicationCredentialRow row, Fields fields) {
        boolean delegated =
                access.token().flatMap(Token::applicationCredentialId).isPresent();
        List<RoleRow> own = assignments.rolesOf(tx, row.userId, Target.project(row.projectId)).stream()
                .filter(role -> !delegated || access.caller().hasRole(role.name.toLowerCase(Locale.ROOT)))
                .toList();
        List<Fields> asked = fields.objects("roles");
        if (asked.isEmpty()) {
            return own.stream().map(role -> role.id).toList();
        }
        return asked.stream()
                .map(role -> {
                    Optional<String> id = role.optionalText("id", 1, 64);
                    Optional<String> name = role.optionalText("name", 1, 255);
                    return own.stream()
                            .filter(mine -> id.map(mine.id::equals)
                                    .orElseGet(() -> name.map(mine.name::equals).orElse(false)))
                            .findFirst()
                            .orElseThrow(() -> Fault.badRequest("Could not find role assignment with role: "
                                    + id.or(() -> name).orElse("") + ", user or group: " + row.userId
                                    + ", project, domain, or system: " + row.projectId + "."))
                            .id;
                })
                .toList();
    }

    private static Instant expiry(String text, Fields fields) {
        Instant at = Times.parse(text).orElseThrow(() -> fields.invalid("expires_at", "must be an ISO 8601 time."));
        if (!at.isAfter(Instant.now())) {
            throw fields.invalid("expires_at", "must be in the future.");
        }
        return at;
    }

    private static ApplicationCredentialRow find(Transaction tx, String user, String id) {
        return tx.find(ApplicationCredentialRow.class, id)
                .filter(row -> row.userId.equals(user))
                .orElseThrow(() -> Faults.notFound("Application Credential", id));
    }

    private ObjectNode view(Transaction tx, ApplicationCredentialRow row) {
        ObjectNode node = Attributes.object("{}");
        node.put("id", row.id).put("name", row.name).put("description", row.description);
        node.put("project_id", row.projectId).put("user_id", row.userId).put("unrestricted", row.unrestricted);
        node.put("expires_at", row.expiresAt == null ? null : Times.bare(row.expiresAt));
        ArrayNode all = node.putArray("roles");
        roles.all(tx, Attributes.texts(row.roles)).forEach(role -> {
            ObjectNode one = all.addObject();
            one.put("id", role.id).put("name", role.name).put("domain_id", role.global() ? null : role.domainId);
            one.put("description", role.description).set("options", Attributes.object(role.options));
        });
        List<AccessRuleRow> rules = accessRules.ofCredential(tx, row.id);
        if (!rules.isEmpty()) {
            node.set("access_rules", AccessRuleView.of(rules));
        }
        node.put("system", (String) null);
        node.set("links", links.self("users/" + row.userId + "/application_credentials/" + row.id));
        return node;
    }

    private static ObjectNode wrapped(ObjectNode node) {
        return Attributes.object("{}").set("application_credential", node);
    }
}
