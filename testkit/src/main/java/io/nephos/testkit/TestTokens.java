package io.nephos.testkit;

import io.nephos.kit.token.AccessRule;
import io.nephos.kit.token.SigningKeys;
import io.nephos.kit.token.Token;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Tokens that a service under test accepts: signed with a key of the run, which takes identity-service's place. */
public final class TestTokens {
    private static final String KEY_PROPERTY = "nephos.testkit.key";

    private TestTokens() {}

    /** A project-scoped token of that user with those roles. */
    public static String of(String userId, String projectId, String... roles) {
        return sign(token(userId, Optional.of(projectId), List.of(roles), Instant.now()));
    }

    public static String admin() {
        return of("admin", "admin-project", "admin", "manager", "member", "reader");
    }

    public static String member(String projectId) {
        return of("user-of-" + projectId, projectId, "member", "reader");
    }

    public static String reader(String projectId) {
        return of("reader-of-" + projectId, projectId, "reader");
    }

    /** A member's token, by an application credential that may ask what the rules say and nothing else. */
    public static String restricted(String projectId, AccessRule... rules) {
        Token full = token("user-of-" + projectId, Optional.of(projectId), List.of("member", "reader"), Instant.now());
        return sign(new Token(
                full.userId(),
                full.userDomainId(),
                full.projectId(),
                full.projectDomainId(),
                full.domainId(),
                full.system(),
                full.roles(),
                List.of("application_credential"),
                full.auditIds(),
                Optional.of("credential-of-" + projectId),
                full.trustId(),
                List.of(rules),
                full.issuedAt(),
                full.expiresAt()));
    }

    public static Token token(String userId, Optional<String> projectId, List<String> roles, Instant issuedAt) {
        return new Token(
                userId,
                "default",
                projectId,
                projectId.map(id -> "default"),
                Optional.empty(),
                false,
                roles,
                List.of("password"),
                List.of(UUID.randomUUID().toString().replace("-", "").substring(0, 22)),
                Optional.empty(),
                Optional.empty(),
                issuedAt,
                issuedAt.plus(Duration.ofHours(1)));
    }

    public static String sign(Token token) {
        try {
            EllipticCurveJsonWebKey key = key();
            JsonWebSignature jws = new JsonWebSignature();
            jws.setPayload(token.toClaims().toJson());
            jws.setKey(key.getPrivateKey());
            jws.setKeyIdHeaderValue(key.getKeyId());
            jws.setAlgorithmHeaderValue("ES256");
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As identity-service lists them, for a service that runs as a process of its own. */
    public static String publicKeys() {
        return new JsonWebKeySet(key()).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    // In a system property, because a Quarkus test and its resources live in different class loaders.
    static synchronized EllipticCurveJsonWebKey key() {
        try {
            String known = System.getProperty(KEY_PROPERTY);
            if (known == null) {
                EllipticCurveJsonWebKey made = EcJwkGenerator.generateJwk(EllipticCurves.P256);
                made.setKeyId("testkit");
                known = made.toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE);
                System.setProperty(KEY_PROPERTY, known);
            }
            return (EllipticCurveJsonWebKey) JsonWebKey.Factory.newJwk(known);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stands in for identity-service in the tests of every other service; {@code nephos.testkit.keys=false} turns it off. */
    @Alternative
    @Priority(1)
    @ApplicationScoped
    @IfBuildProperty(name = "nephos.testkit.keys", stringValue = "true", enableIfMissing = true)
    static class TestSigningKeys implements SigningKeys {
        @Override
        public Optional<JsonWebKey> find(String keyId) {
            return "testkit".equals(keyId) ? Optional.of(key()) : Optional.empty();
        }
    }
}
