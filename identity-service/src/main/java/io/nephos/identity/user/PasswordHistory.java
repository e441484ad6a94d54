package io.nephos.identity.user;

import io.nephos.identity.wire.Ids;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The last passwords of each user as hashes (PBKDF2 with HMAC-SHA-512, a salt each), as many as must differ; nothing is kept
 * where no difference is asked for.
 */
@ApplicationScoped
public class PasswordHistory {
    private static final int ITERATIONS = 120_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database db;
    private final int count;

    @Inject
    public PasswordHistory(Database db, SecurityCompliance rules) {
        this.db = db;
        this.count = rules.uniqueLastPasswordCount();
    }

    /** 400 when it is one of the last. */
    void requireNew(String userId, String password) {
        if (count == 0) {
            return;
        }
        List<String> hashes = db.read(tx -> tx.listNative(
                String.class,
                "select hash from password_history where user_id = :user order by created_at desc limit " + count,
                Map.of("user", userId)));
        if (hashes.stream().anyMatch(hash -> matches(password, hash))) {
            throw Fault.badRequest("The new password cannot be identical to a previous password. The total number which"
                    + " includes the new password must be unique is " + count + ".");
        }
    }

    /** To be kept with {@link #keep}; made outside of the transaction, for it takes its time. */
    Optional<String> hash(String password) {
        if (count == 0) {
            return Optional.empty();
        }
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        Base64.Encoder encoder = Base64.getEncoder();
        return Optional.of(ITERATIONS + "." + encoder.encodeToString(salt) + "."
                + encoder.encodeToString(derive(password, salt, ITERATIONS)));
    }

    void keep(Transaction tx, String userId, String hash, Instant now) {
        tx.executeNative(
                "insert into password_history (id, user_id, hash, created_at) values (:id, :user, :hash, :at)",
                Map.of("id", Ids.random(), "user", userId, "hash", hash, "at", now));
        tx.executeNative(
                "delete from password_history where user_id = :user and id not in (select id from password_history"
                        + " where user_id = :user order by created_at desc limit " + count + ")",
                Map.of("user", userId));
    }

    private static boolean matches(String password, String kept) {
        String[] parts = kept.split("\\.", -1);
        Base64.Decoder decoder = Base64.getDecoder();
        return MessageDigest.isEqual(
                derive(password, decoder.decode(parts[1]), Integer.parseInt(parts[0])), decoder.decode(parts[2]));
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                    .getEncoded();
        } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
            throw new IllegalStateException(e);
        }
    }
}
