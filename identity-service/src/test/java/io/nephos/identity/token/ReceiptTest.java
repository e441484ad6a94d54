package io.nephos.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nephos.kit.token.Token;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00.123Z");
    private static final Instant END = Instant.parse("2026-11-20T10:05:00Z");

    @Test
    void itSaysAfterItsWayThroughAClientWhatItSaidBefore() throws MalformedClaimException, InvalidJwtException {
        Receipt plain = receipt(Optional.empty(), Optional.empty());
        assertEquals(plain, read(plain.toClaims()));
        Receipt full = receipt(
                Optional.of(new Receipt.Parent(List.of("own", "first"), END.plusSeconds(60))), Optional.of("ac"));
        assertEquals(full, read(full.toClaims()));
        assertEquals(List.of("own", "first"), full.asIfToken().auditIds());
        assertEquals(END.plusSeconds(60), full.asIfToken().expiresAt());
    }

    @Test
    void itIsNoTokenAndATokenIsNoReceipt() {
        for (Receipt receipt : List.of(
                receipt(Optional.empty(), Optional.empty()),
                receipt(Optional.of(new Receipt.Parent(List.of("own"), END)), Optional.of("ac")))) {
            assertThrows(MalformedClaimException.class, () -> Token.of(receipt.toClaims()));
            assertThrows(
                    MalformedClaimException.class,
                    () -> Receipt.of(receipt.asIfToken().toClaims()));
        }
    }

    private static Receipt receipt(Optional<Receipt.Parent> parent, Optional<String> credential) {
        return new Receipt("user", "default", List.of("password"), parent, credential, NOW, END);
    }

    private static Receipt read(JwtClaims claims) throws MalformedClaimException, InvalidJwtException {
        return Receipt.of(JwtClaims.parse(claims.toJson()));
    }
}
