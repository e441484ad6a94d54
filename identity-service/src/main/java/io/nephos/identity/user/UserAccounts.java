package io.nephos.identity.user;

import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.wire.Faults;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Changes of users, which happen in two places: the row here and the user of the same id in Keycloak. Every change first
 * writes what is meant, with a wake-up of the {@link UserReconciler}, so that a crash at any point ends with both equal.
 * Keycloak away: 503, and nothing is half done.
 */
@ApplicationScoped
public class UserAccounts {
    private static final Logger LOG = Logger.getLogger(UserAccounts.class);

    private final Database db;
    private final Keycloak keycloak;
    private final ProjectStore projects;
    private final UserStore store;
    private final UserReconciler reconciler;
    private final RevocationFeed revocations;
    private final Compliance compliance;
    private final PasswordHistory history;

    @Inject
    public UserAccounts(
            Database db,
            Keycloak keycloak,
            ProjectStore projects,
            UserStore store,
            UserReconciler reconciler,
            RevocationFeed revocations,
            Compliance compliance,
            PasswordHistory history) {
        this.db = db;
        this.keycloak = keycloak;
        this.projects = projects;
        this.store = store;
        this.reconciler = reconciler;
        this.revocations = revocations;
        this.compliance = compliance;
        this.history = history;
    }

    /**
     * The row reserves the name; it is seen only when Keycloak has the user. 409 when the name is taken, 400 when the password
     * is weak.
     */
    public UserRow create(UserRow row, Optional<String> password) {
        password.ifPresent(compliance::requireStrong);
        Optional<String> hash = password.flatMap(history::hash);
        row.state = UserRow.CREATING;
        row.hasPassword = password.isPresent();
        if (row.hasPassword) {
            compliance.start(row, false, Instant.now());
        }
        reserve(row);
        try {
            if (!keycloak.create(row.id, row.username(), row.domainId, row.enabled, password)) {
                throw duplicate(row);
            }
        } catch (FaultException e) {
            abandon(row);
            throw e;
        }
        row.last(row.ours());
        int shown = db.write(tx -> {
            hash.ifPresent(one -> history.keep(tx, row.id, one, row.createdAt));
            return tx.execute(
                    "update UserRow set state = 'active', keycloakUsername = :username, keycloakEnabled = :enabled"
                            + " where id = :id and state = 'creating'",
                    Map.of("id", row.id, "username", row.username(), "enabled", row.enabled));
        });
        if (shown == 0) {
            throw Fault.unavailable("The user could not be created in time.");
        }
        row.state = UserRow.ACTIVE;
        return row;
    }

    private void reserve(UserRow row) {
        Consumer<Transaction> insert = tx -> {
            projects.requireDomain(tx, row.domainId);
            // Held against the deletion of the domain, which would not see this user yet.
            tx.lock(ProjectRow.class, row.domainId);
            tx.insert(row);
            tx.wake(UserReconciler.KIND, row.id);
        };
        try {
            db.run(insert);
        } catch (UniqueViolation taken) {
            if (!db.write(tx -> store.forgetMissing(tx, row.domainId, row.name))) {
                throw duplicate(row);
            }
            try {
                db.run(insert);
            } catch (UniqueViolation again) {
                throw duplicate(row);
            }
        }
    }

    /** Name and enabled reach Keycloak before this returns or, if it goes away meanwhile, later. */
    public UserRow update(String id, Consumer<UserRow> change) {
        UserRow before = db.read(tx -> store.require(tx, id));
        boolean wasEnabled = before.enabled;
        String username = before.username();
        change.accept(before);
        boolean concernsKeycloak =
                !before.federated() && (wasEnabled != before.enabled || !username.equals(before.username()));
        if (concernsKeycloak) {
            keycloak.find(id); // refuses with 503 while it is away, before anything is changed
        }
        try {
            db.run(tx -> {
                tx.update(before);
                if (wasEnabled && !before.enabled) {
                    store.disabled(tx, id);
                }
                if (concernsKeycloak) {
                    tx.wake(UserReconciler.KIND, id);
                }
            });
        } catch (UniqueViolation e) {
            throw duplicate(before);
        }
        if (concernsKeycloak) {
            driveOn(id);
            UserRow after = db.read(tx -> store.require(tx, id));
            if (after.enabled != before.enabled || !after.name.equals(before.name)) {
                throw Faults.forbiddenAction("change what Keycloak has of this user from elsewhere");
            }
        }
        return before;
    }

    /** By an administrator: what it was before does not matter. 400 when it is weak. */
    public void resetPassword(String id, String password) {
        compliance.requireStrong(password);
        setPassword(id, password, false);
    }

    /** By the user himself, who has shown that he knows the old one. 400 when he may not, or when the new one is refused. */
    void changePassword(UserRow row, String password) {
        compliance.requireStrong(password);
        compliance.requireChangeable(row, Instant.now());
        history.requireNew(row.id, password);
        setPassword(row.id, password, true);
    }

    /** Every token of the user is revoked with it. */
    private void setPassword(String id, String password, boolean selfService) {
        Optional<String> hash = history.hash(password);
        Instant now = Instant.now();
        db.run(tx -> {
            UserRow row = store.require(tx, id);
            if (row.federated()) {
                throw Faults.forbiddenAction("give a password to a user whom an identity provider vouches for");
            }
            row.passwordPendingAt = now;
            tx.update(row);
            tx.wake(UserReconciler.KIND, id);
        });
        try {
            keycloak.setPassword(id, password);
        } catch (FaultException e) {
            if (e.fault() instanceof Fault.BadRequest) {
                settlePassword(id, row -> row.passwordPendingAt = null, tx -> {});
            }
            throw e;
        }
        settlePassword(
                id,
                row -> {
                    row.passwordPendingAt = null;
                    row.hasPassword = true;
                    compliance.start(row, selfService, now);
                },
                tx -> {
                    hash.ifPresent(one -> history.keep(tx, id, one, now));
                    revocations.user(tx, id);
                });
    }

    private void settlePassword(String id, Consumer<UserRow> change, Consumer<Transaction> beside) {
        db.run(tx -> tx.lock(UserRow.class, id).ifPresent(row -> {
            change.accept(row);
            tx.update(row);
            beside.accept(tx);
        }));
    }

    /** What an administrator who enables him again means: his failures and his absence are forgotten. */
    void restore(String id) {
        if (compliance.locksOut()) {
            keycloak.clearFailures(id);
        }
        db.run(tx -> tx.executeNative("delete from passcode_failure where user_id = :id", Map.of("id", id)));
        seen(id);
    }

    /** The user has signed in by a password. */
    public void seen(String id) {
        if (compliance.countsActivity()) {
            db.run(tx -> tx.executeNative(
                    "update app_user set last_active_on = current_date where id = :id"
                            + " and (last_active_on is null or last_active_on < current_date)",
                    Map.of("id", id)));
        }
    }

    /** Always accepted; with Keycloak away the name stays taken until it is back. */
    public void delete(String id) {
        db.run(tx -> store.startDeleting(tx, store.require(tx, id)));
        driveOn(id);
    }

    private void abandon(UserRow row) {
        try {
            db.run(tx -> {
                tx.execute("update UserRow set state = 'deleting' where id = :id", Map.of("id", row.id));
                tx.wake(UserReconciler.KIND, row.id);
            });
        } catch (FaultException e) {
            LOG.debugf("User %s is left to the reconciler", row.id);
        }
    }

    private void driveOn(String id) {
        try {
            reconciler.reconcile(id);
        } catch (FaultException e) {
            LOG.infof("User %s waits for the reconciler: %s", id, e.getMessage());
        }
    }

    private static FaultException duplicate(UserRow row) {
        return Faults.duplicate(
                "user", "Duplicate entry found with name " + row.name + " at domain ID " + row.domainId);
    }
}
