package io.nephos.kit.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.RevocationEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.junit.jupiter.api.Test;

class RevocationsTest {
    private static final Instant ISSUED = Instant.ofEpochMilli(1_000_000);
    private static final Token TOKEN = new Token(
            "user",
            "user-domain",
            Optional.of("project"),
            Optional.of("project-domain"),
            Optional.empty(),
            false,
            List.of("member"),
            List.of("password"),
            List.of("audit", "chain"),
            Optional.empty(),
            Optional.empty(),
            ISSUED,
            Instant.ofEpochSecond(5_000));

    @Test
    void aTokenIsRevokedByEachThingThatNamesIt() {
        for (RevocationEvent.Builder event : List.of(
                RevocationEvent.newBuilder().setAuditId("audit"),
                RevocationEvent.newBuilder().setAuditChainId("chain"),
                RevocationEvent.newBuilder().setUserId("user"),
                RevocationEvent.newBuilder().setProjectId("project"),
                RevocationEvent.newBuilder().setUserId("user").setProjectId("project"),
                RevocationEvent.newBuilder().setDomainId("user-domain"),
                RevocationEvent.newBuilder().setDomainId("project-domain"))) {
            assertTrue(Revocations.matches(at(event, ISSUED), TOKEN), event.toString());
        }
    }

    @Test
    void aTokenIsNotRevokedWhenOneNamedThingDiffersOrItIsNewer() {
        assertFalse(Revocations.matches(
                at(RevocationEvent.newBuilder().setUserId("user").setProjectId("other"), ISSUED), TOKEN));
        assertFalse(
                Revocations.matches(at(RevocationEvent.newBuilder().setApplicationCredentialId("ac"), ISSUED), TOKEN));
        assertFalse(
                Revocations.matches(at(RevocationEvent.newBuilder().setUserId("user"), ISSUED.minusMillis(1)), TOKEN));
    }

    @Test
    void whatATokenSaysSurvivesItsClaims() throws MalformedClaimException, InvalidJwtException {
        assertEquals(TOKEN, Token.of(JwtClaims.parse(TOKEN.toClaims().toJson())));
    }

    private static RevocationEvent at(RevocationEvent.Builder event, Instant issuedBefore) {
        return event.setId("e")
                .setIssuedBeforeMs(issuedBefore.toEpochMilli())
                .setExpiresMs(Long.MAX_VALUE)
                .build();
    }
}
