package io.nephos.identity.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.user.UserFilters;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.user.UserView;
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
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** /v3/groups (Identity API reference, "Groups"). */
@Path("/v3/groups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class GroupResource {
    private static final Set<String> KNOWN = Set.of("id", "name", "domain_id", "description", "links");
    private static final Map<String, String> SORT_KEYS = Map.of("id", "id", "name", "name", "domain_id", "domainId");

    private final Database db;
    private final Access access;
    private final GroupStore store;
    private final ProjectStore projects;
    private final UserStore users;
    private final GroupView view;
    private final UserView userView;
    private final Listing listing;
    private final Links links;

    @Inject
    public GroupResource(
            Database db,
            Access access,
            GroupStore store,
            ProjectStore projects,
            UserStore users,
            GroupView view,
            UserView userView,
            Listing listing,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.projects = projects;
        this.users = users;
        this.view = view;
        this.userView = userView;
        this.listing = listing;
        this.links = links;
    }

    @GET
    public Response list(
            @QueryParam("domain_id") @Nullable String domainId,
            @QueryParam("name") @Nullable String name,
            @QueryParam("sort_key") @Nullable String sortKey,
            @QueryParam("sort_dir") @Nullable String sortDirection,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        Optional<String> confined = access.requireList("identity:list_groups", domainId);
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        Sort sort = Sort.of(sortKey, sortDirection, SORT_KEYS);
        return listing.of(
                "groups",
                page,
                new Listing.Source<GroupRow>(
                        part -> db.read(tx -> Selection.of(GroupRow.class)
                                .where("domainId", confined.orElse(null))
                                .where("name", name)
                                .sorted(sort)
                                .page(tx, part)),
                        rows -> rows.stream().map(view::of).toList(),
                        row -> row.id));
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "group");
        GroupRow row = new GroupRow();
        row.id = Ids.random();
        row.domainId = fields.optionalText("domain_id", 1, 64)
                .orElseGet(() -> access.caller().domainId().orElse("default"));
        access.requireIn(row.domainId, "identity:create_group");
        apply(row, fields, true);
        try {
            db.run(tx -> {
                projects.requireDomain(tx, row.domainId);
                tx.insert(row);
            });
        } catch (UniqueViolation e) {
            throw taken(row);
        }
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return wrapped(db.read(tx -> visible(tx, id, "identity:get_group")));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        GroupRow row = db.read(tx -> visible(tx, id, "identity:update_group"));
        Fields fields = Fields.of(body, "group");
        if (fields.optionalText("domain_id", 1, 64)
                .filter(domain -> !domain.equals(row.domainId))
                .isPresent()) {
            throw Fault.badRequest("Cannot change the domain of a group.");
        }
        apply(row, fields, false);
        try {
            db.run(tx -> tx.update(row));
        } catch (UniqueViolation e) {
            throw taken(row);
        }
        return wrapped(row);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        db.run(tx -> store.delete(tx, visible(tx, id, "identity:delete_group")));
    }

    @GET
    @Path("/{id}/users")
    public ObjectNode users(
            @PathParam("id") String id, @QueryParam("password_expires_at") @Nullable List<String> expires) {
        Predicate<UserRow> filter = UserFilters.passwordExpiresAt(expires);
        return links.list("users", db.read(tx -> {
            visible(tx, id, "identity:list_users_in_group");
            return users.ofGroup(tx, id).stream()
                    .filter(filter)
                    .map(userView::of)
                    .toList();
        }));
    }

    @GET
    @Path("/{id}/users/{user}")
    public void check(@PathParam("id") String id, @PathParam("user") String user) {
        db.run(tx -> {
            requireBoth(tx, id, user, "identity:check_user_in_group");
            if (!store.isMember(tx, id, user)) {
                throw notMember(id, user);
            }
        });
    }

    @PUT
    @Path("/{id}/users/{user}")
    public void add(@PathParam("id") String id, @PathParam("user") String user) {
        db.run(tx -> {
            requireBoth(tx, id, user, "identity:add_user_to_group");
            store.add(tx, id, user);
        });
    }

    @DELETE
    @Path("/{id}/users/{user}")
    public void remove(@PathParam("id") String id, @PathParam("user") String user) {
        db.run(tx -> {
            requireBoth(tx, id, user, "identity:remove_user_from_group");
            if (!store.remove(tx, id, user)) {
                throw notMember(id, user);
            }
        });
    }

    private static FaultException notMember(String id, String user) {
        return Fault.notFound("User '" + user + "' not found in group '" + id + "'.");
    }

    private static void apply(GroupRow row, Fields fields, boolean fresh) {
        if (fresh || fields.has("name")) {
            row.name = fields.text("name", 1, 64);
        }
        if (fresh || fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse("");
        }
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    /** The group and the user, both of which the rule looks at. */
    private void requireBoth(Transaction tx, String id, String user, String rule) {
        Map<String, String> target = new HashMap<>();
        store.find(tx, id).ifPresent(row -> target.put("target.group.domain_id", row.domainId));
        users.find(tx, user).ifPresent(row -> target.put("target.user.domain_id", row.domainId));
        access.require(rule, target);
        store.require(tx, id);
        users.require(tx, user);
    }

    private GroupRow visible(Transaction tx, String id, String rule) {
        Optional<GroupRow> row = store.find(tx, id);
        access.require(
                rule, row.map(group -> Map.of("domain_id", group.domainId)).orElse(Map.of()));
        return row.orElseThrow(() -> Faults.notFound("group", id));
    }

    private static FaultException taken(GroupRow row) {
        return Faults.duplicate(
                "group", "Duplicate entry found with name " + row.name + " at domain ID " + row.domainId);
    }

    private ObjectNode wrapped(GroupRow row) {
        return Attributes.object("{}").set("group", view.of(row));
    }
}
