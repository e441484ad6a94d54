package io.nephos.identity.federation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nephos.identity.assignment.Actor;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Grant;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.federation.Mapping.Mapped;
import io.nephos.identity.group.GroupRow;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.user.FederatedUserRow;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Users who exist here because a provider vouched for them: made at their first sign-in, and given what the mapping says at
 * each. All of it in one transaction; 401 when the mapping gives what does not exist.
 */
@ApplicationScoped
public class ShadowUsers {
    private static final Logger LOG = Logger.getLogger(ShadowUsers.class);

    private final Database db;
    private final UserStore users;
    private final ProjectStore projects;
    private final RoleStore roles;
    private final AssignmentStore assignments;
    private final Duration tokenLifetime;

    @Inject
    public ShadowUsers(
            Database db,
            UserStore users,
            ProjectStore projects,
            RoleStore roles,
            AssignmentStore assignments,
            @ConfigProperty(name = "nephos.identity.token-lifetime") long tokenLifetimeSeconds) {
        this.db = db;
        this.users = users;
        this.projects = projects;
        this.roles = roles;
        this.assignments = assignments;
        this.tokenLifetime = Duration.ofSeconds(tokenLifetimeSeconds);
    }

    UserRow user(IdentityProviderRow provider, String protocol, Mapped mapped) {
        try {
            return db.write(tx -> given(tx, provider, protocol, mapped));
        } catch (UniqueViolation twoAtOnce) {
            return db.write(tx -> given(tx, provider, protocol, mapped));
        }
    }

    private UserRow given(Transaction tx, IdentityProviderRow provider, String protocol, Mapped mapped) {
        UserRow user = known(tx, provider.id, protocol, mapped).orElseGet(() -> make(tx, provider, protocol, mapped));
        memberships(tx, provider, user, mapped);
        mapped.projects().forEach(project -> project(tx, provider, user, project));
        return user;
    }

    private Optional<UserRow> known(Transaction tx, String idp, String protocol, Mapped mapped) {
        Optional<UserRow> found = FederatedUserRow.find(
                        tx, idp, protocol, mapped.user().uniqueId())
                .flatMap(row -> users.find(tx, row.userId));
        found.filter(row -> row.federated() && !row.name.equals(mapped.user().displayName()))
                .ifPresent(row -> {
                    row.name = mapped.user().displayName();
                    tx.update(row);
                });
        return found;
    }

    private UserRow make(Transaction tx, IdentityProviderRow provider, String protocol, Mapped mapped) {
        UserRow user = new UserRow();
        user.id = Ids.random();
        user.domainId =
                mapped.user().domain().map(asked -> domain(tx, asked).id).orElse(provider.domainId);
        user.name = mapped.user().displayName();
        user.enabled = true;
        user.origin = UserRow.FEDERATED;
        user.activate();
        mapped.user()
                .email()
                .ifPresent(email -> user.extra = JsonNodeFactory.instance
                        .objectNode()
                        .put("email", email)
                        .toString());
        tx.insert(user);
        tx.insert(FederatedUserRow.of(
                user.id, provider.id, protocol, mapped.user().uniqueId()));
        return user;
    }

    /** What the mapping gave before and does not give now is taken away. */
    private void memberships(Transaction tx, IdentityProviderRow provider, UserRow user, Mapped mapped) {
        Set<String> groups = new LinkedHashSet<>();
        for (String id : mapped.groupIds()) {
            if (tx.find(GroupRow.class, id).isEmpty()) {
                LOG.warnf("The mapping of %s gives the group %s, which does not exist", provider.id, id);
                throw Faults.unauthorized();
            }
            groups.add(id);
        }
        for (Mapping.GroupName name : mapped.groups()) {
            Optional<GroupRow> group = named(tx, name);
            group.ifPresentOrElse(
                    row -> groups.add(row.id),
                    () -> LOG.infof("The mapping of %s gives the group %s, which does not exist", provider.id, name));
        }
        tx.execute(
                "delete from FederatedMembershipRow where userId = :user and idpId = :idp",
                Map.of("user", user.id, "idp", provider.id));
        int minutes = provider.authorizationTtl == null ? 0 : provider.authorizationTtl;
        Instant end = Instant.now().plus(minutes > 0 ? Duration.ofMinutes(minutes) : tokenLifetime);
        for (String group : groups) {
            FederatedMembershipRow row = new FederatedMembershipRow();
            row.id = provider.id + '/' + group + '/' + user.id;
            row.userId = user.id;
            row.groupId = group;
            row.idpId = provider.id;
            row.expiresAt = end;
            tx.insert(row);
        }
    }

    private Optional<GroupRow> named(Transaction tx, Mapping.GroupName name) {
        return findDomain(tx, name.domain())
                .flatMap(domain -> tx.first(
                        GroupRow.class,
                        "from GroupRow where domainId = :domain and name = :name",
                        Map.of("domain", domain.id, "name", name.name())));
    }

    private void project(Transaction tx, IdentityProviderRow provider, UserRow user, Mapping.Project wanted) {
        String domain = wanted.domain().map(asked -> domain(tx, asked).id).orElse(provider.domainId);
        ProjectRow project =
                projects.findByName(tx, domain, wanted.name()).orElseGet(() -> make(tx, domain, wanted.name()));
        for (String name : wanted.roles()) {
            RoleRow role = roles.findByName(tx, name).orElseThrow(() -> {
                LOG.warnf("The mapping of %s gives the role %s, which does not exist", provider.id, name);
                return Faults.unauthorized();
            });
            assignments.add(tx, new Grant(Actor.user(user.id), Target.project(project.id), role.id, false));
        }
    }

    private ProjectRow make(Transaction tx, String domain, String name) {
        ProjectRow row = new ProjectRow();
        row.id = Ids.random();
        row.domainId = domain;
        row.parentId = domain;
        row.name = name;
        row.description = "";
        row.enabled = true;
        projects.insert(tx, row);
        return row;
    }

    private ProjectRow domain(Transaction tx, Mapping.Domain asked) {
        return findDomain(tx, asked).orElseThrow(() -> {
            LOG.warnf("A mapping names the domain %s, which does not exist", asked);
            return Faults.unauthorized();
        });
    }

    private Optional<ProjectRow> findDomain(Transaction tx, Mapping.Domain asked) {
        return asked.id().isPresent()
                ? projects.findDomain(tx, asked.id().get())
                : asked.name().flatMap(name -> projects.findDomainByName(tx, name));
    }
}
