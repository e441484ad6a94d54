package io.nephos.identity.bootstrap;

import io.nephos.identity.assignment.Actor;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Grant;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.federation.DefaultProvider;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.role.ImpliedRoleRow;
import io.nephos.identity.role.RoleRow;
import io.nephos.identity.role.RoleStore;
import io.nephos.identity.user.UserAccounts;
import io.nephos.identity.user.UserRow;
import io.nephos.identity.user.UserStore;
import io.nephos.identity.wire.Ids;
import io.nephos.kit.background.Background;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What must be there before anyone can sign in: the domain Default, the projects admin and service, the roles and what they
 * imply, the admin, the catalog. Each start makes what is missing, and tries again until database and Keycloak let it.
 */
@ApplicationScoped
public class Bootstrap {
    private static final Logger LOG = Logger.getLogger(Bootstrap.class);
    private static final String DOMAIN = "default";

    private final Database db;
    private final ProjectStore projects;
    private final RoleStore roles;
    private final UserStore users;
    private final UserAccounts accounts;
    private final AssignmentStore assignments;
    private final CatalogBootstrap catalog;
    private final DefaultProvider provider;
    private final Optional<String> adminPassword;
    private volatile boolean done;

    @Inject
    public Bootstrap(
            Database db,
            ProjectStore projects,
            RoleStore roles,
            UserStore users,
            UserAccounts accounts,
            AssignmentStore assignments,
            CatalogBootstrap catalog,
            DefaultProvider provider,
            @ConfigProperty(name = "nephos.identity.bootstrap.admin-password") Optional<String> adminPassword) {
        this.db = db;
        this.projects = projects;
        this.roles = roles;
        this.users = users;
        this.accounts = accounts;
        this.assignments = assignments;
        this.catalog = catalog;
        this.provider = provider;
        this.adminPassword = adminPassword;
    }

    void start(@Observes StartupEvent event, Background background) {
        background.once("bootstrap", this::run);
    }

    boolean done() {
        return done;
    }

    private void run() {
        db.run(this::resources);
        admin();
        done = true;
        LOG.info("The cloud's own domain, projects, roles, admin and catalog are there");
    }

    private void resources(Transaction tx) {
        tx.serialize("bootstrap");
        domain(tx);
        project(tx, "admin", "The project of the cloud's administrators");
        project(tx, "service", "The project of the services' own users");
        RoleRow admin = role(tx, "admin");
        RoleRow manager = role(tx, "manager");
        RoleRow member = role(tx, "member");
        RoleRow reader = role(tx, "reader");
        role(tx, "service");
        implies(tx, admin, manager);
        implies(tx, manager, member);
        implies(tx, member, reader);
        catalog.ensure(tx);
        provider.ensure(tx, DOMAIN);
    }

    private void admin() {
        Optional<UserRow> known = db.read(tx -> users.findByName(tx, DOMAIN, "admin"));
        if (known.isEmpty()) {
            UserRow row = new UserRow();
            row.id = Ids.random();
            row.domainId = DOMAIN;
            row.name = "admin";
            // Whoever knows the name must not be able to keep the cloud's administrator out.
            row.options = "{\"ignore_lockout_failure_attempts\":true}";
            row.enabled = true;
            accounts.create(
                    row,
                    Optional.of(adminPassword.orElseThrow(() -> new IllegalStateException(
                            "nephos.identity.bootstrap.admin-password is needed at the first start"))));
            known = Optional.of(row);
        }
        Actor admin = Actor.user(known.get().id);
        db.run(tx -> {
            String role = roles.findByName(tx, "admin").orElseThrow().id;
            String project = projects.findByName(tx, DOMAIN, "admin").orElseThrow().id;
            for (Target target : List.of(Target.SYSTEM, Target.domain(DOMAIN), Target.project(project))) {
                assignments.add(tx, new Grant(admin, target, role, false));
            }
        });
    }

    private void domain(Transaction tx) {
        if (projects.findDomain(tx, DOMAIN).isEmpty()) {
            ProjectRow row = new ProjectRow();
            row.id = DOMAIN;
            row.domainId = DOMAIN;
            row.parentId = "";
            row.isDomain = true;
            row.name = "Default";
            row.description = "The default domain";
            row.enabled = true;
            projects.insert(tx, row);
        }
    }

    private void project(Transaction tx, String name, String description) {
        if (projects.findByName(tx, DOMAIN, name).isEmpty()) {
            ProjectRow row = new ProjectRow();
            row.id = Ids.random();
            row.domainId = DOMAIN;
            row.parentId = DOMAIN;
            row.name = name;
            row.description = description;
            row.enabled = true;
            projects.insert(tx, row);
        }
    }

    private RoleRow role(Transaction tx, String name) {
        return roles.findByName(tx, name).orElseGet(() -> {
            RoleRow row = new RoleRow();
            row.id = Ids.random();
            row.name = name;
            row.options = "{\"immutable\":true}";
            tx.insert(row);
            return row;
        });
    }

    private static void implies(Transaction tx, RoleRow prior, RoleRow implied) {
        ImpliedRoleRow rule = ImpliedRoleRow.of(prior.id, implied.id);
        tx.executeNative(
                "insert into implied_role (id, prior_id, implied_id) values (:id, :prior, :implied)"
                        + " on conflict do nothing",
                Map.of("id", rule.id, "prior", prior.id, "implied", implied.id));
    }
}
