package io.nephos.identity.domain;

import io.nephos.identity.group.GroupRow;
import io.nephos.identity.group.GroupStore;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;

/** What a domain owns goes with it. */
@ApplicationScoped
public class DomainContent {
    private final Database db;
    private final ProjectStore projects;
    private final UserStore users;
    private final GroupStore groups;
    private final RevocationFeed revocations;

    @Inject
    public DomainContent(
            Database db, ProjectStore projects, UserStore users, GroupStore groups, RevocationFeed revocations) {
        this.db = db;
        this.projects = projects;
        this.users = users;
        this.groups = groups;
        this.revocations = revocations;
    }

    /** 403 unless it was disabled before; its users, groups, projects and roles are deleted with it. */
    public void deleteDomain(String id) {
        db.run(tx -> {
            ProjectRow domain = tx.lock(ProjectRow.class, id)
                    .filter(row -> row.isDomain)
                    .orElseThrow(() -> Faults.notFound("domain", id));
            if (id.equals("default") || Attributes.immutable(domain.options)) {
                throw Faults.forbiddenAction("delete domain " + id + ", which the cloud itself needs");
            }
            if (domain.enabled) {
                throw Fault.forbidden("Cannot delete a domain that is enabled, please disable it first.");
            }
            empty(tx, id);
            projects.delete(tx, domain);
            revocations.domain(tx, id);
        });
    }

    private void empty(Transaction tx, String id) {
        Map<String, String> domain = Map.of("id", id);
        tx.list(UserRow.class, "from UserRow where domainId = :id and state <> 'deleting'", domain)
                .forEach(user -> users.startDeleting(tx, user));
        tx.list(GroupRow.class, "from GroupRow where domainId = :id", domain)
                .forEach(group -> groups.delete(tx, group));
        tx.list(ProjectRow.class, "from ProjectRow where domainId = :id and not isDomain", domain)
                .forEach(project -> projects.delete(tx, project));
        tx.execute("delete from RoleRow where domainId = :id", domain);
    }
}
