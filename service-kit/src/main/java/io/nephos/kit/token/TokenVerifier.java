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
 * Checks a token in this process: form, algorithm (ES256 only), signature, expiry, revocation. What a good one says is
 * remembered by its hash, so that its signature is checked once; its expiry and whether its key is still known are looked at
 * each time, its revocation each time that the feed has brought something new.
 */
@ApplicationScoped
public class TokenVerifier {
    private static final int REMEMBERED = 20_000;
    private static final int LONGEST = 8_192;
    private static final long NEVER = -1;

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
        return signed(compact).filter(this::unexpired).filter(token -> !revocations.revoked(token));
    }

    /** As {@link #verify}, remembering the answer. */
    public Optional<Token> verifyCached(String compact) {
        String hash = hash(compact);
        // Read first: a record that comes while this one is judged has it judged again.
        long edition = revocations.edition();
        Optional<Good> signed = Optional.ofNullable(good.get(hash))
                .or(() -> read(compact))
                .filter(one -> unexpired(one.token()) && keys.find(one.keyId()).isPresent());
        Optional<Good> fit = signed.filter(one -> one.edition() == edition || !revocations.revoked(one.token()));
        if (fit.isEmpty()) {
            good.remove(hash);
        } else if (fit.get().edition() != edition) {
            if (good.size() > REMEMBERED) {
                good.clear();
            }
            good.put(hash, new Good(fit.get().token(), fit.get().keyId(), edition));
        }
        return fit.map(Good::token);
    }

    private boolean unexpired(Token token) {
        return token.expiresAt().isAfter(clock.instant());
    }

    /** The content whatever its age and revocation, when the signature is ours. */
    public Optional<Token> signed(String compact) {
        return read(compact).map(Good::token);
    }

    private Optional<Good> read(String compact) {
        return authentic(compact).flatMap(ours -> {
            try {
                return Optional.of(new Good(Token.of(ours.claims()), ours.keyId(), NEVER));
            } catch (MalformedClaimException notAToken) {
                return Optional.empty();
            }
        });
    }

    /** What was signed by a key of ours, token or not. */
    public Optional<JwtClaims> claims(String compact) {
        return authentic(compact).map(Authentic::claims);
    }

    private Optional<Authentic> authentic(String compact) {
        if (compact.length() > LONGEST || !wellFormed(compact)) {
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
            return jws.verifySignature()
                    ? Optional.of(new Authentic(JwtClaims.parse(jws.getPayload()), keyId))
                    : Optional.empty();
        } catch (JoseException | InvalidJwtException | ClassCastException notOurs) {
            // ClassCastException: a header of JSON's other types where jose4j expects text.
            return Optional.empty();
        }
    }

    /** Three parts of base 64 for URLs. jose4j reads over what else is in them, and one token would have many forms. */
    private static boolean wellFormed(String compact) {
        int dots = 0;
        for (int i = 0; i < compact.length(); i++) {
            char c = compact.charAt(i);
            if (c == '.') {
                dots++;
            } else if (!(c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_')) {
                return false;
            }
        }
        return dots == 2;
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

    private record Authentic(JwtClaims claims, String keyId) {}

    /** {@code edition}: of the revocation feed, when it was last found not to be revoked. */
    private record Good(Token token, String keyId, long edition) {}
}
