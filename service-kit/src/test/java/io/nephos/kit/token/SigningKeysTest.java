package io.nephos.kit.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.nephos.kit.fault.FaultException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;

class SigningKeysTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final Ticking clock = new Ticking();
    private volatile String jwks = "";

    private final SigningKeys keys = new SigningKeys.FromIdentity(
            () -> {
                asked.incrementAndGet();
                if (jwks.isEmpty()) {
                    throw Status.UNAVAILABLE.asRuntimeException();
                }
                return jwks;
            },
            SigningKeys.FromIdentity.AGE,
            clock);

    @Test
    void aNewKeyIsFetchedAsideWhileTheOldOneIsInUse() throws JoseException, InterruptedException {
        PublicJsonWebKey a = key("a");
        jwks = new JsonWebKeySet(a).toJson();
        assertTrue(keys.find("a").isPresent());
        jwks = new JsonWebKeySet(a, key("b")).toJson();
        assertTrue(keys.find("a").isPresent());
        assertEquals(1, asked.get());
        clock.now = clock.now.plusSeconds(16);
        assertTrue(keys.find("a").isPresent());
        for (int i = 0; i < 200 && asked.get() < 2; i++) {
            Thread.sleep(10);
        }
        Thread.sleep(50);
        assertTrue(keys.find("b").isPresent());
        assertEquals(2, asked.get());
    }

    @Test
    void keysThatNobodyHasAreAskedForNowAndThenOnly() throws JoseException {
        jwks = new JsonWebKeySet(key("a")).toJson();
        for (int i = 0; i < 100; i++) {
            assertTrue(keys.find("forged").isEmpty());
        }
        assertEquals(1, asked.get());
    }

    @Test
    void withIdentityAwayTheKeysThatAreHereGoOn() throws JoseException {
        assertThrows(FaultException.class, () -> keys.find("a"));
        jwks = new JsonWebKeySet(key("a")).toJson();
        assertTrue(keys.find("a").isPresent());
        jwks = "";
        clock.now = clock.now.plusSeconds(100);
        assertTrue(keys.find("a").isPresent());
        assertTrue(keys.find("b").isEmpty());
    }

    @Test
    void whatWasLearnedBeforeTheFirstTokenIsNotAskedForAgain() throws JoseException {
        assertThrows(FaultException.class, keys::learn);
        jwks = new JsonWebKeySet(key("a")).toJson();
        keys.learn();
        keys.learn();
        assertTrue(keys.find("a").isPresent());
        assertEquals(2, asked.get());
    }

    private static PublicJsonWebKey key(String id) throws JoseException {
        PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        return (PublicJsonWebKey) JsonWebKey.Factory.newJwk(key.toJson());
    }

    private static final class Ticking extends Clock {
        private volatile Instant now = Instant.parse("2026-11-20T10:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
