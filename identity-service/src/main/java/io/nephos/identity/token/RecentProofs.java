package io.nephos.identity.token;

import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.Token;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Secrets that were proven right a few seconds ago, kept as a hash under a key that dies with the process. What would revoke
 * a token issued at that moment (password changed, user disabled, credential deleted) also ends the memory of the proof.
 */
@ApplicationScoped
public class RecentProofs {
    private static final int REMEMBERED = 10_000;

    private final Map<String, Instant> proven = new ConcurrentHashMap<>();
    private final Map<String, Instant> failed = new ConcurrentHashMap<>();
    private final ReentrantLock[] turns =
            Stream.generate(ReentrantLock::new).limit(256).toArray(ReentrantLock[]::new);
    private final byte[] key = new byte[32];
    private final Revocations revocations;
    private final Duration lifetime;

    @Inject
    public RecentProofs(
            Revocations revocations, @ConfigProperty(name = "nephos.identity.password-cache") long seconds) {
        this.revocations = revocations;
        this.lifetime = Duration.ofSeconds(seconds);
        new SecureRandom().nextBytes(key);
    }

    /**
     * Whether the secret is right: by memory, or by {@code check}, whose yes is then remembered. Of many who show the same at
     * the same time the first has it checked.
     */
    boolean right(String userId, String domainId, Optional<String> credentialId, String secret, BooleanSupplier check) {
        String hash = hash(userId + '\0' + credentialId.orElse("") + '\0' + secret);
        if (remembered(hash, userId, domainId, credentialId)) {
            return true;
        }
        ReentrantLock turn = turns[Math.floorMod(hash.hashCode(), turns.length)];
        turn.lock();
        try {
            return remembered(hash, userId, domainId, credentialId) || proven(hash, userId, check);
        } finally {
            turn.unlock();
        }
    }

    /** As {@link #right}, of a proof that is good for once: nothing is remembered but that it failed. */
    boolean once(String userId, BooleanSupplier check) {
        if (check.getAsBoolean()) {
            return true;
        }
        failed(userId);
        return false;
    }

    private void failed(String userId) {
        forgetOld(failed, Instant.now());
        failed.put(userId, Instant.now());
    }

    private boolean remembered(String hash, String userId, String domainId, Optional<String> credentialId) {
        Instant at = proven.get(hash);
        return at != null
                && at.plus(lifetime).isAfter(Instant.now())
                && at.isAfter(failed.getOrDefault(userId, Instant.MIN))
                && !revocations.revoked(asIfIssued(userId, domainId, credentialId, at));
    }

    private boolean proven(String hash, String userId, BooleanSupplier check) {
        Instant now = Instant.now();
        proven.remove(hash);
        if (!check.getAsBoolean()) {
            // Who tries wrongly may be locked out by now, and what was proven before must not hide it.
            failed(userId);
            return false;
        }
        forgetOld(proven, now);
        // The moment before the check: a change during it ends this memory as well.
        proven.put(hash, now);
        return true;
    }

    private void forgetOld(Map<String, Instant> times, Instant now) {
        if (times.size() > REMEMBERED) {
            times.values().removeIf(old -> old.plus(lifetime).isBefore(now));
        }
    }

    private static Token asIfIssued(String userId, String domainId, Optional<String> credentialId, Instant at) {
        return new Token(
                userId,
                domainId,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                List.of(),
                List.of("-"),
                credentialId,
                Optional.empty(),
                at,
                at);
    }

    private String hash(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
