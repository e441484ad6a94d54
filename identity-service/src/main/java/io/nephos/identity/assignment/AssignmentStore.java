package io.nephos.identity.assignment;

import io.nephos.identity.group.GroupStore;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Grants in the database, and what they amount to for a user. */
@ApplicationScoped
public class AssignmentStore {
    /** {@link EffectiveRoles} for one user on one target, where the rows are. */
    private static final String EFFECTIVE = """
            with recursive
              up (id) as (
                select parent_id from project where id = :target and not is_domain
                union select p.parent_id from project p join up on p.id = up.id),
              given (role_id) as (
                select role_id from assignment
                where (actor_id = :user or actor_id in (select group_id from membership where user_id = :user)
                    or actor_id in (select group_id from federated_membership
                                    where user_id = :user and expires_at > now()))
                  and ((target_type = :type and target_id = :target and not inherited)
                    or (inherited and target_id in (select id from up)))),
              effective (role_id) as (
                select role_id from given
                union select i.implied_id from implied_role i join effective e on i.prior_id = e.role_id)
            select r.* from role r join effective e on r.id = e.role_id where r.domain_id = '' order by r.name
            """;

    private final RoleStore roles;
    private final GroupStore groups;
    private final ProjectStore projects;
    private final RevocationFeed revocations;

    @Inject
    public AssignmentStore(RoleStore roles, GroupStore groups, ProjectStore projects, RevocationFeed revocations) {
        this.roles = roles;
        this.groups = groups;
        this.projects = projects;
        this.revocations = revocations;
    }

    public void add(Transaction tx, Grant grant) {
        AssignmentRow row = AssignmentRow.of(grant);
        tx.executeNative(
                "insert into assignment (id, actor_type, actor_id, target_type, target_id, role_id, inherited)"
                        + " values (:id, :actorType, :actorId, :targetType, :targetId, :role, :inherited)"
                        + " on conflict do nothing",
                Map.of(
                        "id", row.id,
                        "actorType", row.actorType,
                        "actorId", row.actorId,
                        "targetType", row.targetType,
                        "targetId", row.targetId,
                        "role", row.roleId,
                        "inherited", row.inherited));
    }

    boolean has(Transaction tx, Grant grant) {
        return tx.find(AssignmentRow.class, grant.key()).isPresent();
    }

    /** Takes it back, and the tokens that say so. False when there is no such grant. */
    boolean remove(Transaction tx, Grant grant) {
        if (tx.execute("delete from AssignmentRow where id = :id", Map.of("id", grant.key())) == 0) {
            return false;
        }
        revoke(tx, grant);
        return true;
    }

    /** All tokens that may carry the role, for when it is deleted or implies less. */
    public void revokeRole(Transaction tx, String roleId) {
        Set<String> affected = new LinkedHashSet<>(Set.of(roleId));
        Map<String, Set<String>> implied = roles.implied(tx);
        EffectiveRoles engine = new EffectiveRoles(implied, Map.of(), Map.of());
        implied.keySet().stream()
                .filter(prior -> engine.withImplied(Set.of(prior)).contains(roleId))
                .forEach(affected::add);
        rows(tx, "roleId in (:roles)", Map.of("roles", affected)).forEach(row -> revoke(tx, row.grant()));
    }

    private void revoke(Transaction tx, Grant grant) {
        Collection<String> users = grant.actor().isGroup()
                ? groups.memberIds(tx, grant.actor().id())
                : Set.of(grant.actor().id());
        boolean onOneProject = grant.target().type().equals("project") && !grant.inherited();
        for (String user : users) {
            if (onOneProject) {
                revocations.userOnProject(tx, user, grant.target().id());
            } else {
                revocations.user(tx, user);
            }
        }
    }

    List<RoleRow> granted(Transaction tx, Actor actor, Target target, boolean inherited) {
        return roles.all(
                tx,
                rows(
                                tx,
                                "actorType = :actorType and actorId = :actorId and targetType = :targetType"
                                        + " and targetId = :targetId and inherited = :inherited",
                                Map.of(
                                        "actorType", actor.type(),
                                        "actorId", actor.id(),
                                        "targetType", target.type(),
                                        "targetId", target.id(),
                                        "inherited", inherited))
                        .stream()
                        .map(row -> row.roleId)
                        .toList());
    }

    /** The roles of the whole cloud that the user has there in the end: by groups, inheritance and implication. */
    public List<RoleRow> rolesOf(Transaction tx, String userId, Target target) {
        return tx.listNative(
                RoleRow.class, EFFECTIVE, Map.of("user", userId, "type", target.type(), "target", target.id()));
    }

    /** The roles and all that they imply. */
    public Set<String> withImplied(Transaction tx, Collection<String> roleIds) {
        return new EffectiveRoles(roles.implied(tx), Map.of(), Map.of()).withImplied(roleIds);
    }

    /** The ids of the projects on which the user has any role. */
    public Set<String> projectsOf(Transaction tx, String userId) {
        Set<String> all = new LinkedHashSet<>();
        for (AssignmentRow row : rows(tx, "actorId in (:actors)", Map.of("actors", actorsOf(tx, userId)))) {
            if (row.inherited) {
                all.addAll(projects.below(tx, row.targetId));
            } else if (row.targetType.equals("project")) {
                all.add(row.targetId);
            }
        }
        return all;
    }

    /** The ids of the domains on which the user has any role. */
    public Set<String> domainsOf(Transaction tx, String userId) {
        Set<String> all = new LinkedHashSet<>();
        rows(
                        tx,
                        "actorId in (:actors) and targetType = 'domain' and not inherited",
                        Map.of("actors", actorsOf(tx, userId)))
                .forEach(row -> all.add(row.targetId));
        return all;
    }

    private List<String> actorsOf(Transaction tx, String userId) {
        List<String> actors = new ArrayList<>(List.of(userId));
        groups.ofUser(tx, userId).forEach(group -> actors.add(group.id));
        return actors;
    }

    List<AssignmentRow> rows(Transaction tx, String condition, Map<String, ?> parameters) {
        return tx.list(AssignmentRow.class, "from AssignmentRow where " + condition + " order by id", parameters);
    }
}
