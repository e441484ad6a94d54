package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** GET /v3/role_assignments (Identity API reference, "Roles: List role assignments"). */
@Path("/v3/role_assignments")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AssignmentResource {
    private final Database db;
    private final Access access;
    private final AssignmentStore store;
    private final ProjectStore projects;
    private final RoleStore roles;
    private final AssignmentView view;
    private final Links links;

    @Inject
    public AssignmentResource(
            Database db,
            Access access,
            AssignmentStore store,
            ProjectStore projects,
            RoleStore roles,
            AssignmentView view,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.projects = projects;
        this.roles = roles;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list(UriInfo uri) {
        AssignmentFilter filter = AssignmentFilter.of(uri.getQueryParameters());
        return links.list("role_assignments", db.read(tx -> {
            Set<String> confined = permit(tx, filter);
            AssignmentView.Names names = new AssignmentView.Names(tx, filter.names());
            return filter.effective() ? effective(tx, filter, confined, names) : granted(tx, filter, confined, names);
        }));
    }

    /** The ids of the targets that the caller may see; empty when he may see all. */
    private Set<String> permit(Transaction tx, AssignmentFilter filter) {
        if (filter.subtree()) {
            access.require(
                    "identity:list_role_assignments_for_tree",
                    Map.of("project_id", filter.target().map(Target::id).orElse("")));
            return Set.of();
        }
        return access.requireList("identity:list_role_assignments", null)
                .map(domain -> {
                    Set<String> ids = new HashSet<>(projects.below(tx, domain));
                    ids.add(domain);
                    return ids;
                })
                .orElse(new HashSet<>());
    }

    private List<ObjectNode> granted(
            Transaction tx, AssignmentFilter filter, Set<String> confined, AssignmentView.Names names) {
        Map<String, Object> parameters = new HashMap<>();
        List<String> conditions = new ArrayList<>(List.of("1 = 1"));
        filter.role().ifPresent(id -> where(conditions, parameters, "roleId", Set.of(id)));
        filter.user().ifPresent(id -> where(conditions, parameters, "actorId", Set.of(id)));
        filter.group().ifPresent(id -> where(conditions, parameters, "actorId", Set.of(id)));
        filter.target().ifPresent(target -> where(conditions, parameters, "targetId", targets(tx, filter, target)));
        filter.target().ifPresent(target -> where(conditions, parameters, "targetType", Set.of(target.type())));
        if (filter.onlyInherited()) {
            conditions.add("inherited");
        }
        return store.rows(tx, String.join(" and ", conditions), parameters).stream()
                .filter(row -> confined.isEmpty() || confined.contains(row.targetId))
                .map(row -> view.granted(row.grant(), names))
                .toList();
    }

    private List<ObjectNode> effective(
            Transaction tx, AssignmentFilter filter, Set<String> confined, AssignmentView.Names names) {
        List<Grant> grants = (filter.user().isPresent()
                        ? store.rows(
                                tx,
                                "actorId = :user or actorId in (select groupId from MembershipRow where userId = :user)",
                                Map.of("user", filter.user().get()))
                        : store.rows(tx, "1 = 1", Map.of()))
                .stream().map(AssignmentRow::grant).toList();
        Set<String> wanted =
                filter.target().map(target -> targets(tx, filter, target)).orElse(Set.of());
        Map<String, Boolean> global = new HashMap<>();
        Stream<EffectiveRoles.Effective> all = store.engineFor(tx, grants).of(grants).stream()
                .filter(one -> filter.user().map(one.userId()::equals).orElse(true))
                .filter(one -> filter.role().map(one.roleId()::equals).orElse(true))
                .filter(one -> filter.target().isEmpty()
                        || wanted.contains(one.target().id())
                                && filter.target()
                                        .get()
                                        .type()
                                        .equals(one.target().type()))
                .filter(one -> !filter.onlyInherited() || one.origin().inherited())
                .filter(one ->
                        confined.isEmpty() || confined.contains(one.target().id()))
                .filter(one -> global.computeIfAbsent(
                        one.roleId(),
                        id -> roles.find(tx, id).map(role -> role.global()).orElse(false)));
        return all.map(one -> view.effective(one, names)).toList();
    }

    private Set<String> targets(Transaction tx, AssignmentFilter filter, Target target) {
        Set<String> ids = new HashSet<>(Set.of(target.id()));
        if (filter.subtree()) {
            ids.addAll(projects.below(tx, target.id()));
        }
        return ids;
    }

    private static void where(
            List<String> conditions, Map<String, Object> parameters, String field, Set<String> values) {
        String name = "p" + parameters.size();
        conditions.add(field + " in (:" + name + ")");
        parameters.put(name, values);
    }
}
