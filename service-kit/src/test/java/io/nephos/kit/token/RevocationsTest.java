package io.nephos.kit.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.RevocationEvent;
import io.nephos.kit.event.Broker;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
            Revocations revocations = none();
            assertFalse(revocations.revoked(TOKEN));
            revocations.add(at(event, ISSUED));
            assertTrue(revocations.revoked(TOKEN), event.toString());
        }
    }

    @Test
    void aTokenIsNotRevokedWhenOneNamedThingDiffersOrItIsNewer() {
        Revocations revocations = none();
        revocations.add(at(RevocationEvent.newBuilder().setUserId("user").setProjectId("other"), ISSUED));
        revocations.add(at(RevocationEvent.newBuilder().setApplicationCredentialId("ac"), ISSUED));
        revocations.add(at(RevocationEvent.newBuilder().setUserId("user"), ISSUED.minusMillis(1)));
        assertFalse(revocations.revoked(TOKEN));
    }

    @Test
    void aRecordThatComesTwiceIsNewOnce() {
        Revocations revocations = none();
        RevocationEvent event = at(RevocationEvent.newBuilder().setUserId("user"), ISSUED);
        revocations.add(event);
        revocations.add(event);
        assertEquals(1, revocations.edition());
    }

    @Test
    void whatATokenSaysSurvivesItsClaims() throws MalformedClaimException, InvalidJwtException {
        assertEquals(TOKEN, Token.of(JwtClaims.parse(TOKEN.toClaims().toJson())));
    }

    private static Revocations none() {
        return new Revocations(new Broker("127.0.0.1:1", Optional.empty()));
    }

    private static RevocationEvent at(RevocationEvent.Builder event, Instant issuedBefore) {
        return event.setId(UUID.randomUUID().toString())
                .setIssuedBeforeMs(issuedBefore.toEpochMilli())
                .setExpiresMs(Long.MAX_VALUE)
                .build();
    }
}
