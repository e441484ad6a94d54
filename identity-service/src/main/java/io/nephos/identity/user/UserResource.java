package io.nephos.identity.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.audit.Attempt;
import io.nephos.identity.group.GroupStore;
import io.nephos.identity.group.GroupView;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectView;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Listing;
import io.nephos.identity.wire.Selection;
import io.nephos.identity.wire.Sort;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
import io.nephos.kit.token.Public;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/users (Identity API reference, "Users"). */
@Path("/v3/users")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class UserResource {
    private static final Map<String, String> SORT_KEYS = Map.of("id", "id", "name", "name", "domain_id", "domainId");

    private final Database db;
    private final Access access;
    private final UserStore store;
    private final UserAccounts accounts;
    private final Compliance compliance;
    private final Attempt attempt;
    private final Passwords passwords;
    private final UserView view;
    private final AssignmentStore assignments;
    private final ProjectView projectView;
    private final GroupStore groups;
    private final GroupView groupView;
    private final Listing listing;
    private final Links links;

    @Inject
    public UserResource(
            Database db,
            Access access,
            UserStore store,
            UserAccounts accounts,
            Compliance compliance,
            Attempt attempt,
            Passwords passwords,
            UserView view,
            AssignmentStore assignments,
            ProjectView projectView,
            GroupStore groups,
            GroupView groupView,
            Listing listing,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.accounts = accounts;
        this.compliance = compliance;
        this.attempt = attempt;
        this.passwords = passwords;
        this.view = view;
        this.assignments = assignments;
        this.projectView = projectView;
        this.groups = groups;
        this.groupView = groupView;
        this.listing = listing;
        this.links = links;
    }

    @GET
    public Response list(
            @QueryParam("domain_id") @Nullable String domainId,
            @QueryParam("name") @Nullable String name,
            @QueryParam("enabled") @Nullable String enabled,
            @QueryParam("idp_id") @Nullable String idp,
            @QueryParam("protocol_id") @Nullable String protocol,
            @QueryParam("unique_id") @Nullable String unique,
            @QueryParam("sort_key") @Nullable String sortKey,
            @QueryParam("sort_dir") @Nullable String sortDirection,
            @QueryParam("password_expires_at") @Nullable List<String> expires,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        Optional<String> confined = access.requireList("identity:list_users", domainId);
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        Sort sort = Sort.of(sortKey, sortDirection, SORT_KEYS);
        return listing.of(
                "users",
                page,
                new Listing.Source<UserRow>(
                        part -> db.read(tx -> {
                            Selection<UserRow> selection = Selection.of(UserRow.class)
                                    .where("state", UserRow.ACTIVE)
                                    .where("domainId", confined.orElse(null))
                                    .whereIgnoringCase("name", name)
                                    .whereFlag("enabled", enabled)
                                    .whereIn("id", FederatedIdentities.matching(tx, idp, protocol, unique))
                                    .sorted(sort);
                            ExpiryFilter.all(expires).forEach(filter -> filter.narrow(selection));
                            return selection.page(tx, part);
                        }),
                        rows -> rows.stream().map(view::of).toList(),
                        row -> row.id));
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "user");
        UserRow row = new UserRow();
        row.id = Ids.random();
        row.domainId = fields.optionalText("domain_id", 1, 64)
                .orElseGet(() -> access.caller().domainId().orElse("default"));
        access.requireIn(row.domainId, "identity:create_user");
        UserRequests.apply(row, fields, true);
        requireIdentities(row, fields);
        accounts.create(row, UserRequests.password(fields));
        if (fields.has("federated")) {
            identify(row.id, fields);
            return Response.status(201).entity(wrapped(row)).build();
        }
        // As Keystone shows him, and as the lists do.
        return Response.status(201)
                .entity(Attributes.object("{}").set("user", view.of(row)))
                .build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return wrapped(db.read(tx -> visible(tx, id, "identity:get_user")));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        UserRow row = db.read(tx -> visible(tx, id, "identity:update_user"));
        Fields fields = Fields.of(body, "user");
        if (fields.optionalText("domain_id", 1, 64)
                .filter(domain -> !domain.equals(row.domainId))
                .isPresent()) {
            throw Fault.badRequest("Cannot change the domain of a user.");
        }
        requireIdentities(row, fields);
        Optional<String> password = UserRequests.password(fields);
        password.ifPresent(compliance::requireStrong);
        UserRow updated = accounts.update(id, changed -> UserRequests.apply(changed, fields, false));
        password.ifPresent(value -> accounts.resetPassword(id, value));
        if (fields.has("enabled") && updated.enabled) {
            accounts.restore(id);
        }
        identify(id, fields);
        return wrapped(password.isPresent() ? db.read(tx -> store.require(tx, id)) : updated);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        db.read(tx -> visible(tx, id, "identity:delete_user"));
        accounts.delete(id);
    }

    /** The user himself, who must know his password; Keystone asks for no token here. */
    @POST
    @Path("/{id}/password")
    @Public
    public void changePassword(@PathParam("id") String id, @Nullable JsonNode body) {
        Fields fields = Fields.of(body, "user");
        String original = fields.text("original_password", 0, 4096);
        String password = fields.text("password", 0, 4096);
        attempt.as(id);
        Optional<UserRow> row = db.read(tx -> store.find(tx, id)).filter(compliance::enabled);
        boolean right = row.isPresent()
                ? passwords.right(row.get(), original, Optional.empty())
                : passwords.nobodys(id, original);
        if (row.isEmpty() || !right) {
            throw Faults.unauthorized();
        }
        accounts.changePassword(row.get(), password);
    }

    @GET
    @Path("/{id}/projects")
    public ObjectNode projects(@PathParam("id") String id) {
        List<ProjectRow> rows = db.read(tx -> {
            visible(tx, id, "identity:list_user_projects");
            return Selection.of(ProjectRow.class)
                    .whereIn("id", List.copyOf(assignments.projectsOf(tx, id)))
                    .list(tx);
        });
        return links.list("projects", rows.stream().map(projectView::project).toList());
    }

    @GET
    @Path("/{id}/groups")
    public ObjectNode groups(@PathParam("id") String id) {
        return links.list("groups", db.read(tx -> {
            visible(tx, id, "identity:list_groups_for_user");
            return groups.ofUser(tx, id).stream().map(groupView::of).toList();
        }));
    }

    private UserRow visible(Transaction tx, String id, String rule) {
        Optional<UserRow> row = store.find(tx, id);
        access.require(
                rule,
                row.map(user -> Map.of("domain_id", user.domainId, "user_id", user.id))
                        .orElse(Map.of()));
        return row.orElseThrow(() -> Faults.notFound("user", id));
    }

    /**
     * Before anything is made of it. Whom a provider of another domain vouches for may get groups by its mapping, so that
     * only who administers that provider says that it is this user.
     */
    private void requireIdentities(UserRow user, Fields fields) {
        boolean all = access.allows("identity:update_identity_provider", Map.of());
        db.run(tx -> {
            if (!all && !FederatedIdentities.ofDomain(tx, user.domainId, fields)) {
                throw Faults.notAuthorized("identity:update_identity_provider");
            }
            FederatedIdentities.rows(tx, user.id, fields);
        });
    }

    private void identify(String id, Fields fields) {
        try {
            db.run(tx -> FederatedIdentities.apply(tx, id, fields));
        } catch (UniqueViolation e) {
            throw Faults.duplicate("federated_user", "Another user is known by that provider so");
        }
    }

    private ObjectNode wrapped(UserRow row) {
        ObjectNode shown = view.of(row);
        shown.set("federated", db.read(tx -> FederatedIdentities.view(tx, row.id)));
        return Attributes.object("{}").set("user", shown);
    }
}
