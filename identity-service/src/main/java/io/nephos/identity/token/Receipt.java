package io.nephos.identity.token;

import io.nephos.kit.token.Token;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;

/**
 * What somebody has proven of himself so far, signed by the keys that sign tokens. It is no token, for it has no audit id and
 * no token is without one; and no token is a receipt, for none says that it is.
 *
 * @param parent when a token was among what he showed: what is made of it ends with it and is revoked with it
 * @param applicationCredentialId when one was among it: it narrows what is made of it
 */
record Receipt(
        String userId,
        String userDomainId,
        List<String> methods,
        Optional<Parent> parent,
        Optional<String> applicationCredentialId,
        Instant issuedAt,
        Instant expiresAt) {
    private static final String USE = "use";
    private static final String RECEIPT = "receipt";

    record Parent(List<String> auditIds, Instant expiresAt) {}

    JwtClaims toClaims() {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(userId);
        claims.setClaim(USE, RECEIPT);
        claims.setClaim("udom", userDomainId);
        claims.setClaim("meth", methods);
        parent.ifPresent(token -> {
            claims.setClaim("parent", token.auditIds());
            claims.setClaim("parent_exp", token.expiresAt().getEpochSecond());
        });
        applicationCredentialId.ifPresent(id -> claims.setClaim("acid", id));
        claims.setClaim("iat_ms", issuedAt.toEpochMilli());
        claims.setExpirationTime(NumericDate.fromSeconds(expiresAt.getEpochSecond()));
        return claims;
    }

    static Receipt of(JwtClaims claims) throws MalformedClaimException {
        if (!RECEIPT.equals(claims.getClaimValue(USE))) {
            throw new MalformedClaimException("It is not a receipt.");
        }
        return new Receipt(
                claims.getSubject(),
                claims.getStringClaimValue("udom"),
                claims.getStringListClaimValue("meth"),
                claims.hasClaim("parent")
                        ? Optional.of(new Parent(
                                claims.getStringListClaimValue("parent"),
                                Instant.ofEpochSecond(number(claims, "parent_exp"))))
                        : Optional.empty(),
                Optional.ofNullable(claims.getStringClaimValue("acid")),
                Instant.ofEpochMilli(number(claims, "iat_ms")),
                Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    }

    /** A token that whatever revokes the receipt would revoke. */
    Token asIfToken() {
        return new Token(
                userId,
                userDomainId,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                methods,
                parent.map(Parent::auditIds).orElse(List.of("-")),
                applicationCredentialId,
                Optional.empty(),
                issuedAt,
                parent.map(Parent::expiresAt).orElse(expiresAt));
    }

    private static long number(JwtClaims claims, String name) throws MalformedClaimException {
        return claims.getClaimValue(name, Number.class).longValue();
    }
}
