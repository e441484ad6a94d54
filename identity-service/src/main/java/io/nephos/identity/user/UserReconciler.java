package io.nephos.identity.user;

import io.nephos.identity.keycloak.Keycloak;
import io.nephos.identity.keycloak.KeycloakUser;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.kit.data.Database;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Keeps Keycloak's user equal to the row: made, named, enabled and deleted with it. What a request left half done (its
 * process died, Keycloak did not answer) is driven on or rolled back here.
 */
@ApplicationScoped
public class UserReconciler implements Reconciler {
    static final String KIND = "user";
    private static final Logger LOG = Logger.getLogger(UserReconciler.class);

    /** Longer than any request waits for Keycloak. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ReentrantLock[] turns =
            Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new);
    private final Database db;
    private final Keycloak keycloak;
    private final RevocationFeed revocations;

    @Inject
    public UserReconciler(Database db, Keycloak keycloak, RevocationFeed revocations) {
        this.db = db;
        this.keycloak = keycloak;
        this.revocations = revocations;
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
        if (age.compareTo(PATIENCE) < 0) {
            return Reconciler.again(PATIENCE.minus(age).plusMillis(500));
        }
        LOG.infof("User %s was left half made and is removed", row.id);
        int changed = db.write(tx -> tx.execute(
                "update UserRow set state = 'deleting', generation = generation + 1"
                        + " where id = :id and state = 'creating'",
                Map.of("id", row.id)));
        return changed == 0 ? Reconciler.again(Duration.ZERO) : delete(row);
    }

    private Outcome delete(UserRow row) {
        keycloak.delete(row.id);
        db.write(tx -> tx.execute("delete from UserRow where id = :id and state = 'deleting'", Map.of("id", row.id)));
        return Reconciler.done();
    }

    private Outcome equalise(UserRow row) {
        KeycloakUser wanted = new KeycloakUser(row.id, row.username(), row.enabled);
        Optional<KeycloakUser> actual = keycloak.find(row.id);
        if (actual.isEmpty()) {
            LOG.warnf("User %s was missing in Keycloak and is made again, without a password", row.id);
            keycloak.create(row.id, row.username(), row.domainId, row.enabled, Optional.empty());
        } else if (!actual.get().equals(wanted)) {
            keycloak.update(wanted);
        }
        Instant pending = row.passwordPendingAt;
        if (pending == null) {
            return unchanged(row) ? Reconciler.done() : Reconciler.again(Duration.ZERO);
        }
        Duration age = Duration.between(pending, Instant.now());
        if (age.compareTo(PATIENCE) < 0) {
            return Reconciler.again(PATIENCE.minus(age).plusMillis(500));
        }
        revokeAfterUnknownPasswordChange(row.id);
        return Reconciler.done();
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
