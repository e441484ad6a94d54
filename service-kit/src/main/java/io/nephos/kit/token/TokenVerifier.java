package io.nephos.kit.token;

import io.nephos.rpc.Peers;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;

/**
 * Checks a token in this process: form, algorithm (ES256 only), signature, expiry, revocation. A good one is remembered by
 * its hash until the revocation feed brings something new or it expires.
 */
@ApplicationScoped
public class TokenVerifier {
    private static final int REMEMBERED = 20_000;
    private static final int LONGEST = 8_192;

    private final SigningKeys keys;
    private final Revocations revocations;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, Good> good = new ConcurrentHashMap<>();

    @Inject
    public TokenVerifier(SigningKeys keys, Revocations revocations) {
        this.keys = keys;
        this.revocations = revocations;
    }

    /** The token's content; empty when it is not one of ours, has expired or was revoked. */
    public Optional<Token> verify(String compact) {
        return signed(compact)
                .filter(token -> token.expiresAt().isAfter(clock.instant()))
                .filter(token -> !revocations.revoked(token));
    }

    /** As {@link #verify}, remembering the answer. */
    public Optional<Token> verifyCached(String compact) {
        String hash = hash(compact);
        Good known = good.get(hash);
        long edition = revocations.edition();
        Instant now = clock.instant();
        if (known != null
                && known.edition() == edition
                && known.token().expiresAt().isAfter(now)) {
            return Optional.of(known.token());
        }
        Optional<Token> token = verify(compact);
        if (good.size() > REMEMBERED) {
            good.clear();
        }
        token.ifPresentOrElse(fresh -> good.put(hash, new Good(fresh, edition)), () -> good.remove(hash));
        return token;
    }

    /** The content whatever its age and revocation, when the signature is ours. */
    public Optional<Token> signed(String compact) {
        if (compact.length() > LONGEST || compact.chars().filter(c -> c == '.').count() != 2) {
            return Optional.empty();
        }
        try {
            JsonWebSignature jws = new JsonWebSignature();
            jws.setAlgorithmConstraints(new AlgorithmConstraints(
                    AlgorithmConstraints.ConstraintType.PERMIT,
                    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256));
            jws.setCompactSerialization(compact);
            String keyId = jws.getKeyIdHeaderValue();
            if (keyId == null) {
                return Optional.empty();
            }
            Optional<JsonWebKey> key = keys.find(keyId);
            if (key.isEmpty()) {
                return Optional.empty();
            }
            jws.setKey(key.get().getKey());
            return jws.verifySignature() ? Optional.of(Token.of(JwtClaims.parse(jws.getPayload()))) : Optional.empty();
        } catch (JoseException | InvalidJwtException | MalformedClaimException notOurs) {
            return Optional.empty();
        }
    }

    private static String hash(String compact) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(compact.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Produces
    @DefaultBean
    @ApplicationScoped
    static SigningKeys fromIdentity(Peers peers) {
        return new SigningKeys.FromIdentity(peers);
    }

    private record Good(Token token, long edition) {}
}
