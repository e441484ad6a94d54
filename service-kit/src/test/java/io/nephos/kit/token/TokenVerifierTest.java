package io.nephos.kit.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.event.Broker;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is not exactly as identity signed it is no token; none of it is an error of ours. */
class TokenVerifierTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Map<String, JsonWebKey> keys = new HashMap<>();
    private final TokenVerifier verifier = new TokenVerifier(
            id -> Optional.ofNullable(keys.get(id)), new Revocations(new Broker("127.0.0.1:1", Optional.empty())));
    private PublicJsonWebKey own;
    private PublicJsonWebKey other;

    @BeforeEach
    void twoKeys() throws JoseException {
        own = key("own");
        other = key("other");
        keys.put("own", own);
        keys.put("other", other);
    }

    @Test
    void whatIdentitySignedIsGoodUntilItExpiresOrItsKeyIsForgotten() throws JoseException {
        assertGood(sign(own, "own", claims(60)));
        assertBad("expired", sign(own, "own", claims(-1)));
        String compact = sign(other, "other", claims(60));
        assertGood(compact);
        keys.remove("other");
        assertBad("signed by a key that is gone", compact);
    }

    @Test
    void aTokenThatIsCutOffOrPutTogetherFromTwoIsNone() throws JoseException {
        String compact = sign(own, "own", claims(60));
        String second = sign(own, "own", claims(61));
        String[] one = compact.split("\\.");
        String[] two = second.split("\\.");
        for (int length = 0; length < compact.length(); length += 7) {
            assertBad("cut off at " + length, compact.substring(0, length));
        }
        assertBad("the last character is gone", compact.substring(0, compact.length() - 1));
        assertBad("another's content", one[0] + "." + two[1] + "." + one[2]);
        assertBad("another's signature", one[0] + "." + one[1] + "." + two[2]);
        assertBad("a part too many", compact + "." + one[2]);
        assertBad("no signature", one[0] + "." + one[1] + ".");
        assertBad("no content", one[0] + ".." + one[2]);
        assertBad("twice", compact + compact);
        assertBad("far too long", compact + "A".repeat(20_000));
        for (String changed : List.of(" " + compact, compact + "=", compact + "\n", compact + "é", "..", ".", "")) {
            assertBad("not a token: " + changed, changed);
        }
    }

    @Test
    void aTokenThatIsSignedAnewIsNone() throws Exception {
        assertBad("another key under our key's name", sign(other, "own", claims(60)));
        assertBad("a key that nobody knows", sign(key("new"), "new", claims(60)));
        String compact = sign(own, "own", claims(60));
        String content = compact.split("\\.")[1];
        String head = encoded(Map.of("alg", "HS256", "kid", "own"));
        // The key that everyone may have, taken for a secret that only two share.
        Mac mac = Mac.getInstance("HmacSHA256");
        PublicKey open = own.getPublicKey();
        mac.init(new SecretKeySpec(open.getEncoded(), "HmacSHA256"));
        byte[] signature = mac.doFinal((head + "." + content).getBytes(StandardCharsets.US_ASCII));
        assertBad("signed with the public key", head + "." + content + "." + encoded(signature));
        JsonWebSignature embedded = signature(other, "own", claims(60));
        embedded.getHeaders().setJwkHeaderValue("jwk", other);
        assertBad("brings its own key", embedded.getCompactSerialization());
    }

    @Test
    void aTokenWithAnotherHeaderIsNoneWhateverTheHeaderIs() throws JoseException {
        String compact = sign(own, "own", claims(60));
        String rest = compact.substring(compact.indexOf('.'));
        String unsigned = rest.substring(0, rest.lastIndexOf('.') + 1);
        Object[] values = {
            "none", "NONE", "HS256", "ES384", "RS256", "", "../../etc/passwd", 7, 1.5, true, List.of("ES256"), Map.of()
        };
        for (String name : List.of("alg", "kid", "crit", "typ", "b64", "zip", "jwk", "x5c", "x5u")) {
            for (Object value : values) {
                Map<String, Object> head = new LinkedHashMap<>(Map.of("alg", "ES256", "kid", "own"));
                head.put(name, value);
                assertBad(head.toString(), encoded(head) + rest);
                assertBad(head + " and no signature", encoded(head) + unsigned);
            }
        }
        for (Map<String, Object> head :
                List.<Map<String, Object>>of(Map.of(), Map.of("alg", "ES256"), Map.of("kid", "own"))) {
            assertBad(head.toString(), encoded(head) + rest);
        }
        for (String head : List.of(
                "7",
                "[]",
                "null",
                "\"x\"",
                "{",
                "[".repeat(5_000),
                "{\"a\":".repeat(1_000),
                "{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"own\"}",
                "\u0000")) {
            assertBad(head, encoded(head.getBytes(StandardCharsets.UTF_8)) + rest);
        }
        assertBad("not UTF-8", encoded(new byte[] {(byte) 0xff, (byte) 0xfe}) + rest);
    }

    @Test
    void aTokenThatWeSignedButThatLacksWhatItMustSayIsNone() throws JoseException {
        for (String content :
                List.of("{}", "[]", "7", "{\"sub\":\"u\"}", "{\"sub\":\"u\",\"aud_ids\":[\"a\"]}", "{\"sub\":7}")) {
            assertBad(content, sign(own, "own", content));
        }
    }

    private void assertGood(String compact) {
        assertTrue(verifier.verify(compact).isPresent());
        assertTrue(verifier.verifyCached(compact).isPresent());
        assertTrue(verifier.verifyCached(compact).isPresent());
    }

    private void assertBad(String what, String compact) {
        assertEquals(Optional.empty(), verifier.verify(compact), what);
        assertEquals(Optional.empty(), verifier.verifyCached(compact), what);
    }

    private static String claims(int seconds) {
        long now = Instant.now().getEpochSecond();
        return "{\"sub\":\"u\",\"udom\":\"d\",\"roles\":[\"member\"],\"meth\":[\"password\"],\"aud_ids\":[\"a\"],"
                + "\"iat_ms\":" + now * 1000 + ",\"exp\":" + (now + seconds) + "}";
    }

    private static String sign(PublicJsonWebKey key, String id, String claims) throws JoseException {
        return signature(key, id, claims).getCompactSerialization();
    }

    private static JsonWebSignature signature(PublicJsonWebKey key, String id, String claims) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue("ES256");
        jws.setKeyIdHeaderValue(id);
        jws.setPayload(claims);
        jws.setKey(key.getPrivateKey());
        return jws;
    }

    private static String encoded(Map<String, Object> header) {
        return encoded(JSON.valueToTree(header).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static PublicJsonWebKey key(String id) throws JoseException {
        PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
        key.setKeyId(id);
        return key;
    }
}
