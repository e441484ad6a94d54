package io.nephos.identity.assignment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.group.GroupStore;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.role.RoleView;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Giving, checking, listing and taking back of roles, the same for every kind of actor and target. */
@ApplicationScoped
public class Grants {
    private final Database db;
    private final Access access;
    private final AssignmentStore store;
    private final ProjectStore projects;
    private final UserStore users;
    private final GroupStore groups;
    private final RoleStore roles;
    private final RoleView roleView;
    private final Links links;

    @Inject
    public Grants(
            Database db,
            Access access,
            AssignmentStore store,
            ProjectStore projects,
            UserStore users,
            GroupStore groups,
            RoleStore roles,
            RoleView roleView,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.projects = projects;
        this.users = users;
        this.groups = groups;
        this.roles = roles;
        this.roleView = roleView;
        this.links = links;
    }

    void put(Grant grant) {
        db.run(tx -> {
            String domain = permit(tx, grant, "create_grant", "create_system_grant_for_");
            RoleRow role = roles.require(tx, grant.roleId());
            if (!role.global() && !role.domainId.equals(domain)) {
                throw Faults.forbiddenAction("a role of a domain can be given inside that domain only");
            }
            store.add(tx, grant);
        });
    }

    void check(Grant grant) {
        db.run(tx -> {
            permit(tx, grant, "check_grant", "check_system_grant_for_");
            if (!store.has(tx, grant)) {
                throw missing(grant);
            }
        });
    }

    void delete(Grant grant) {
        db.run(tx -> {
            permit(tx, grant, "revoke_grant", "revoke_system_grant_for_");
            roles.require(tx, grant.roleId());
            if (!store.remove(tx, grant)) {
                throw missing(grant);
            }
        });
    }

    /** All roles that were given so; the grant's own is not looked at. */
    ObjectNode list(Grant any) {
        List<RoleRow> rows = db.read(tx -> {
            permit(tx, any, "list_grants", "list_system_grants_for_");
            return store.granted(tx, any.actor(), any.target(), any.inherited());
        });
        return links.list("roles", rows.stream().map(roleView::of).toList());
    }

    /** 403, or 404 for what does not exist, or the domain of the target. */
    private String permit(Transaction tx, Grant grant, String rule, String systemRule) {
        if (grant.target().equals(Target.SYSTEM)) {
            access.require("identity:" + systemRule + grant.actor().type());
            requireActor(tx, grant);
            return "";
        }
        access.require("identity:" + rule, concerned(tx, grant));
        ProjectRow target = grant.target().type().equals("domain")
                ? projects.requireDomain(tx, grant.target().id())
                : projects.require(tx, grant.target().id());
        requireActor(tx, grant);
        return target.domainId;
    }

    /** By Keystone's names; what is not there is left out. A domain that is used as a project is in no domain. */
    private Map<String, String> concerned(Transaction tx, Grant grant) {
        Map<String, String> all = new HashMap<>();
        if (grant.actor().isGroup()) {
            groups.find(tx, grant.actor().id()).ifPresent(row -> all.put("target.group.domain_id", row.domainId));
        } else {
            users.find(tx, grant.actor().id()).ifPresent(row -> all.put("target.user.domain_id", row.domainId));
        }
        projects.find(tx, grant.target().id()).ifPresent(row -> {
            if (!grant.target().type().equals("domain")) {
                row.ownerDomain().ifPresent(domain -> all.put("target.project.domain_id", domain));
            } else if (row.isDomain) {
                all.put("target.domain.id", row.id);
            }
        });
        roles.find(tx, grant.roleId()).ifPresent(role -> {
            all.put("target.role.name", role.name);
            all.put("target.role.domain_id", role.global() ? "None" : role.domainId);
        });
        return all;
    }

    private void requireActor(Transaction tx, Grant grant) {
        if (grant.actor().isGroup()) {
            groups.require(tx, grant.actor().id());
        } else {
            users.require(tx, grant.actor().id());
        }
    }

    private static FaultException missing(Grant grant) {
        return Fault.notFound("Could not find role assignment with role: " + grant.roleId() + ", user or group: "
                + grant.actor().id() + ", project, domain, or system: "
                + grant.target().id() + ".");
    }
}
