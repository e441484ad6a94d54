package io.nephos.kit.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;

/**
 * What a token says; its claims are the same for identity, which signs them, and for all who read them.
 *
 * @param methods "password", "token", "application_credential"
 * @param auditIds its own, and the first of the chain it was made from
 * @param accessRules all that it may ask; anything when there are none
 */
public record Token(
        String userId,
        String userDomainId,
        Optional<String> projectId,
        Optional<String> projectDomainId,
        Optional<String> domainId,
        boolean system,
        List<String> roles,
        List<String> methods,
        List<String> auditIds,
        Optional<String> applicationCredentialId,
        Optional<String> trustId,
        List<AccessRule> accessRules,
        Instant issuedAt,
        Instant expiresAt) {

    /** Without access rules. */
    public Token(
            String userId,
            String userDomainId,
            Optional<String> projectId,
            Optional<String> projectDomainId,
            Optional<String> domainId,
            boolean system,
            List<String> roles,
            List<String> methods,
            List<String> auditIds,
            Optional<String> applicationCredentialId,
            Optional<String> trustId,
            Instant issuedAt,
            Instant expiresAt) {
        this(
                userId,
                userDomainId,
                projectId,
                projectDomainId,
                domainId,
                system,
                roles,
                methods,
                auditIds,
                applicationCredentialId,
                trustId,
                List.of(),
                issuedAt,
                expiresAt);
    }

    public JwtClaims toClaims() {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(userId);
        claims.setClaim("udom", userDomainId);
        projectId.ifPresent(id -> claims.setClaim("pid", id));
        projectDomainId.ifPresent(id -> claims.setClaim("pdom", id));
        domainId.ifPresent(id -> claims.setClaim("did", id));
        if (system) {
            claims.setClaim("sys", true);
        }
        applicationCredentialId.ifPresent(id -> claims.setClaim("acid", id));
        trustId.ifPresent(id -> claims.setClaim("trust", id));
        if (!accessRules.isEmpty()) {
            claims.setClaim("rules", AccessRules.write(accessRules));
        }
        claims.setClaim("roles", roles);
        claims.setClaim("meth", methods);
        claims.setClaim("aud_ids", auditIds);
        claims.setClaim("iat_ms", issuedAt.toEpochMilli());
        claims.setExpirationTime(NumericDate.fromSeconds(expiresAt.getEpochSecond()));
        return claims;
    }

    public static Token of(JwtClaims claims) throws MalformedClaimException {
        Map<String, Object> map = claims.getClaimsMap();
        List<String> auditIds = texts(map, "aud_ids");
        if (auditIds.isEmpty() || claims.getSubject() == null || claims.getExpirationTime() == null) {
            throw new MalformedClaimException("The token lacks its subject, audit id or end.");
        }
        return new Token(
                claims.getSubject(),
                text(map, "udom").orElse(""),
                text(map, "pid"),
                text(map, "pdom"),
                text(map, "did"),
                Boolean.TRUE.equals(map.get("sys")),
                texts(map, "roles"),
                texts(map, "meth"),
                auditIds,
                text(map, "acid"),
                text(map, "trust"),
                rules(map),
                Instant.ofEpochMilli(map.get("iat_ms") instanceof Number number ? number.longValue() : 0L),
                Instant.ofEpochSecond(claims.getExpirationTime().getValue()));
    }

    private static List<AccessRule> rules(Map<String, Object> map) throws MalformedClaimException {
        if (!map.containsKey("rules")) {
            return List.of();
        }
        try {
            List<AccessRule> rules = AccessRules.read(text(map, "rules").orElse(""));
            if (rules.isEmpty()) {
                throw new MalformedClaimException("The token lacks the rules that it is said to have.");
            }
            return rules;
        } catch (IllegalArgumentException e) {
            throw new MalformedClaimException("The access rules of the token cannot be read.", e);
        }
    }

    private static Optional<String> text(Map<String, Object> map, String name) {
        return map.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static List<String> texts(Map<String, Object> map, String name) {
        List<String> all = new ArrayList<>();
        if (map.get(name) instanceof List<?> items) {
            items.forEach(item -> all.add(String.valueOf(item)));
        }
        return List.copyOf(all);
    }
}
