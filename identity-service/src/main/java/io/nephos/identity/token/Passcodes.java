package io.nephos.identity.token;

import io.nephos.identity.credential.CredentialRow;
import io.nephos.identity.credential.CredentialStore;
import io.nephos.identity.user.Compliance;
import io.nephos.identity.user.UserRow;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Passcodes by a user's credentials of type "totp", each good once. Six digits would be guessed, so that after a few wrong ones
 * none is right for a while, on whichever replica they were tried. A wrong one costs the same statements whoever it is of.
 */
@ApplicationScoped
public class Passcodes {
    /** Users who are not there share a few counters. */
    private static final String NOBODY = "-";

    private static final int NOBODIES = 64;

    private final Database db;
    private final CredentialStore credentials;
    private final Compliance compliance;

    private record Failures(long count, long lastMs) {}

    /** What came of a passcode. */
    private enum Outcome {
        RIGHT,
        USED,
        WRONG
    }

    @Inject
    public Passcodes(Database db, CredentialStore credentials, Compliance compliance) {
        this.db = db;
        this.credentials = credentials;
        this.compliance = compliance;
    }

    /** {@code name}: as he calls himself who is not there. */
    boolean right(Optional<UserRow> user, String name, String passcode) {
        Instant now = Instant.now();
        String id = user.map(row -> row.id).orElseGet(() -> NOBODY + Math.floorMod(name.hashCode(), NOBODIES));
        Compliance.LockOut lockOut = compliance.passcodeLockOut(user);
        return db.write(tx -> {
            tx.serialize("passcode/" + id);
            Failures before = failures(tx, id, now.minus(lockOut.lasts()));
            boolean locked = before.count() >= lockOut.attempts();
            Outcome outcome = outcome(tx, id, passcode, locked, now);
            if (outcome == Outcome.RIGHT) {
                tx.executeNative("delete from passcode_failure where user_id = :user", Map.of("user", id));
            } else {
                // Who shows one again that he was seen to show is guessing nothing; no lock-out is prolonged.
                boolean counts = outcome == Outcome.WRONG && !locked;
                keep(tx, id, counts ? new Failures(before.count() + 1, now.toEpochMilli()) : before);
            }
            return outcome == Outcome.RIGHT;
        });
    }

    private Outcome outcome(Transaction tx, String userId, String passcode, boolean locked, Instant now) {
        List<CredentialRow> rows = tx.list(
                CredentialRow.class,
                "from CredentialRow where userId = :user and type = 'totp'",
                Map.of("user", userId));
        Outcome outcome = Outcome.WRONG;
        if (locked) {
            return outcome;
        }
        for (CredentialRow row : rows) {
            OptionalLong period = Totp.period(credentials.blob(row), passcode, now);
            if (period.isPresent()) {
                outcome = use(tx, row.id, period.getAsLong()) ? Outcome.RIGHT : Outcome.USED;
                if (outcome == Outcome.RIGHT) {
                    return outcome;
                }
            }
        }
        return outcome;
    }

    private static boolean use(Transaction tx, String credentialId, long period) {
        return tx.executeNative(
                        "insert into passcode_use (credential_id, period) values (:id, :period)"
                                + " on conflict (credential_id) do update set period = excluded.period"
                                + " where passcode_use.period < excluded.period",
                        Map.of("id", credentialId, "period", period))
                == 1;
    }

    private static Failures failures(Transaction tx, String userId, Instant since) {
        return tx
                .listNative(
                        Object[].class,
                        "select failures, failed_at_ms from passcode_failure"
                                + " where user_id = :user and failed_at_ms > :since",
                        Map.of("user", userId, "since", since.toEpochMilli()))
                .stream()
                .map(row -> new Failures(((Number) row[0]).longValue(), ((Number) row[1]).longValue()))
                .findFirst()
                .orElse(new Failures(0, 0));
    }

    private static void keep(Transaction tx, String userId, Failures failures) {
        tx.executeNative(
                "insert into passcode_failure (user_id, failures, failed_at_ms) values (:user, :failures, :now)"
                        + " on conflict (user_id) do update"
                        + " set failures = excluded.failures, failed_at_ms = excluded.failed_at_ms",
                Map.of("user", userId, "failures", failures.count(), "now", failures.lastMs()));
    }
}
