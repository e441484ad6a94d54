package io.nephos.identity.user;

import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakUser;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps Keycloak's user equal to the row: made, named, enabled and deleted with it. What a request left half done (its
 * process died, Keycloak did not answer) is driven on or rolled back here.
 */
@ApplicationScoped
public class UserReconciler implements Reconciler {
    static final String KIND = "user";
    private static final Logger LOG = Logger.getLogger(UserReconciler.class);

    private final ReentrantLock[] turns =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);
    private final Database db;
    private final Keycloak keycloak;
    private final UserStore store;
    private final RevocationFeed revocations;

    /** Longer than any request waits for Keycloak. */
    private final Duration patience;

    @Inject
    public UserReconciler(
            Database db,
            Keycloak keycloak,
            UserStore store,
            RevocationFeed revocations,
            @ConfigProperty(name = "nephos.identity.user-patience") long patienceSeconds) {
        this.db = db;
        this.keycloak = keycloak;
        this.store = store;
        this.revocations = revocations;
        this.patience = Duration.ofSeconds(patienceSeconds);
    }

    @Override
    public String kind() {
        return KIND;
    }

    /** The request that woke it does the same at the same time: one after the other, or Keycloak stumbles. */
    @Override
    public Outcome reconcile(String id) {
        ReentrantLock turn = turns[Math.floorMod(id.hashCode(), turns.length)];
        turn.lock();
        try {
            return converge(id);
        } finally {
            turn.unlock();
        }
    }

    private Outcome converge(String id) {
        Optional<UserRow> found = db.read(tx -> tx.find(UserRow.class, id));
        if (found.isEmpty()) {
            return Reconciler.done();
        }
        UserRow row = found.get();
        return switch (row.state) {
            case UserRow.CREATING -> giveUpCreating(row);
            case UserRow.DELETING -> delete(row);
            default -> equalise(row);
        };
    }

    private Outcome giveUpCreating(UserRow row) {
        Duration age = Duration.between(row.createdAt, Instant.now());
        if (age.compareTo(patience) < 0) {
            return Reconciler.again(patience.minus(age).plusMillis(500));
        }
        LOG.infof("User %s was left half made and is removed", row.id);
        int changed = db.write(tx -> tx.execute(
                "update UserRow set state = 'deleting', generation = generation + 1"
                        + " where id = :id and state = 'creating'",
                Map.of("id", row.id)));
        return changed == 0 ? Reconciler.again(Duration.ZERO) : delete(row);
    }

    private Outcome delete(UserRow row) {
        if (!row.federated()) {
            keycloak.delete(row.id);
        }
        db.write(tx -> tx.execute("delete from UserRow where id = :id and state = 'deleting'", Map.of("id", row.id)));
        return Reconciler.done();
    }

    private Outcome equalise(UserRow row) {
        if (row.federated()) {
            return Reconciler.done();
        }
        Optional<KeycloakUser> theirs = keycloak.find(row.id);
        if (theirs.isEmpty()) {
            return row.last().isPresent() ? miss(row) : remake(row);
        }
        if (row.state.equals(UserRow.MISSING)) {
            LOG.infof("User %s is back in Keycloak", row.id);
        }
        KeycloakUser both = KeycloakUser.merged(row.last().orElse(theirs.get()), row.ours(), theirs.get());
        if (!both.equals(theirs.get())) {
            both = told(both, theirs.get());
        }
        if (!both.equals(row.ours()) || row.state.equals(UserRow.MISSING)) {
            takeOver(row, both);
            return Reconciler.again(Duration.ZERO);
        }
        remember(row, both);
        Instant pending = row.passwordPendingAt;
        if (pending == null) {
            return unchanged(row) ? Reconciler.done() : Reconciler.again(Duration.ZERO);
        }
        Duration age = Duration.between(pending, Instant.now());
        if (age.compareTo(patience) < 0) {
            return Reconciler.again(patience.minus(age).plusMillis(500));
        }
        revokeAfterUnknownPasswordChange(row.id);
        return Reconciler.done();
    }

    /** What Keycloak has after being told; what a directory behind it does not let it change stays. */
    private KeycloakUser told(KeycloakUser wanted, KeycloakUser theirs) {
        try {
            keycloak.update(wanted);
            return wanted;
        } catch (FaultException e) {
            if (e.fault() instanceof Fault.BadRequest) {
                LOG.warnf("User %s stays as Keycloak has it: %s", wanted.id(), e.getMessage());
                return theirs;
            }
            throw e;
        }
    }

    /** What was changed in Keycloak counts here too; who was disabled there is disabled here. */
    private void takeOver(UserRow seen, KeycloakUser both) {
        db.run(tx -> tx.lock(UserRow.class, seen.id)
                .filter(row -> row.generation == seen.generation)
                .ifPresent(row -> {
                    if (!both.username().equals(row.username())) {
                        row.name = row.nameOf(both.username());
                    }
                    if (row.enabled && !both.enabled()) {
                        store.disabled(tx, row.id);
                    }
                    row.enabled = both.enabled();
                    row.state = UserRow.ACTIVE;
                    row.last(both);
                    tx.update(row);
                }));
    }

    private void remember(UserRow row, KeycloakUser both) {
        if (!row.last().equals(Optional.of(both))) {
            db.run(tx -> tx.execute(
                    "update UserRow set keycloakUsername = :username, keycloakEnabled = :enabled where id = :id",
                    Map.of("id", row.id, "username", both.username(), "enabled", both.enabled())));
        }
    }

    /** Both sides had it once, so somebody deleted it there. What it had is kept, should it come back. */
    private Outcome miss(UserRow row) {
        if (!row.state.equals(UserRow.MISSING)) {
            LOG.infof("User %s was deleted in Keycloak", row.id);
            db.run(tx -> {
                tx.execute(
                        "update UserRow set state = 'missing', passwordPendingAt = null, generation = generation + 1"
                                + " where id = :id and state = 'active'",
                        Map.of("id", row.id));
                revocations.user(tx, row.id);
            });
        }
        return Reconciler.done();
    }

    private Outcome remake(UserRow row) {
        LOG.warnf("User %s was never in Keycloak and is made there, without a password", row.id);
        keycloak.create(row.id, row.username(), row.domainId, row.enabled, Optional.empty());
        remember(row, row.ours());
        return Reconciler.again(Duration.ZERO);
    }

    /** Nobody knows whether the password changed, so the tokens that the old one gave are taken for stolen. */
    private void revokeAfterUnknownPasswordChange(String id) {
        db.run(tx -> tx.find(UserRow.class, id).ifPresent(row -> {
            row.passwordPendingAt = null;
            tx.update(row);
            revocations.user(tx, id);
        }));
    }

    private boolean unchanged(UserRow row) {
        return db.read(tx -> tx.find(UserRow.class, row.id))
                .map(now -> now.generation == row.generation)
                .orElse(true);
    }
}
