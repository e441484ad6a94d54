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
import java.util.OptionalLong;

/**
 * Passcodes by a user's credentials of type "totp", each good once. Six digits would be guessed, so that after a few wrong ones
 * none is right for a while, on whichever replica they were tried.
 */
@ApplicationScoped
public class Passcodes {
    private final Database db;
    private final CredentialStore credentials;
    private final Compliance compliance;

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

    boolean right(UserRow user, String passcode) {
        Instant now = Instant.now();
        Compliance.LockOut lockOut = compliance.passcodeLockOut(user);
        return db.write(tx -> {
            tx.serialize("passcode/" + user.id);
            long failures = failures(tx, user.id, now.minus(lockOut.lasts()));
            if (failures >= lockOut.attempts()) {
                return false;
            }
            Outcome outcome = outcome(tx, user.id, passcode, now);
            if (outcome == Outcome.RIGHT) {
                tx.executeNative("delete from passcode_failure where user_id = :user", Map.of("user", user.id));
            }
            // Who shows one again that he was seen to show is guessing nothing.
            if (outcome == Outcome.WRONG) {
                failed(tx, user.id, failures + 1, now);
            }
            return outcome == Outcome.RIGHT;
        });
    }

    private Outcome outcome(Transaction tx, String userId, String passcode, Instant now) {
        List<CredentialRow> rows = tx.list(
                CredentialRow.class,
                "from CredentialRow where userId = :user and type = 'totp'",
                Map.of("user", userId));
        Outcome outcome = Outcome.WRONG;
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

    private static long failures(Transaction tx, String userId, Instant since) {
        return tx
                .listNative(
                        Long.class,
                        "select failures from passcode_failure where user_id = :user and failed_at_ms > :since",
                        Map.of("user", userId, "since", since.toEpochMilli()))
                .stream()
                .findFirst()
                .orElse(0L);
    }

    private static void failed(Transaction tx, String userId, long failures, Instant now) {
        tx.executeNative(
                "insert into passcode_failure (user_id, failures, failed_at_ms) values (:user, :failures, :now)"
                        + " on conflict (user_id) do update"
                        + " set failures = excluded.failures, failed_at_ms = excluded.failed_at_ms",
                Map.of("user", userId, "failures", failures, "now", now.toEpochMilli()));
    }
}
