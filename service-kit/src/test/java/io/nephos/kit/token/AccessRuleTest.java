package io.nephos.kit.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.junit.jupiter.api.Test;

class AccessRuleTest {
    @Test
    void aStarAndANameStandForOneSegmentAndTwoStarsForAny() {
        assertTrue(allows("/v2.1/servers", "/v2.1/servers"));
        assertFalse(allows("/v2.1/servers", "/v2.1/servers/1"));
        assertFalse(allows("/v2.1/servers", "/v2x1/servers"));
        assertTrue(allows("/v2.1/servers/*/ips", "/v2.1/servers/abc/ips"));
        assertFalse(allows("/v2.1/servers/*/ips", "/v2.1/servers/ips"));
        assertFalse(allows("/v2.1/servers/*/ips", "/v2.1/servers/a/b/ips"));
        assertTrue(allows("/v2.1/servers/{server_id}", "/v2.1/servers/abc"));
        assertFalse(allows("/v2.1/servers/{server_id}", "/v2.1/servers/"));
        assertTrue(allows("/v2.1/**", "/v2.1/servers/a/b/ips"));
        assertTrue(allows("/v2.1/**", "/v2.1/"));
        assertFalse(allows("/v2.1/**", "/v2.1"));
        assertTrue(allows("**", "/anything/at/all"));
        assertTrue(allows("/**/ips", "/v2.1/servers/a/ips"));
        assertTrue(allows("/a*c", "/abbbc"));
        assertFalse(allows("/a*c", "/ac"));
    }

    @Test
    void theServiceAndTheMethodMustBeThoseOfTheRule() {
        AccessRule rule = new AccessRule("volumev3", "GET", "/v3/**");
        assertTrue(rule.allows(Set.of("block-storage", "volumev3"), "GET", "/v3/volumes"));
        assertFalse(rule.allows(Set.of("compute"), "GET", "/v3/volumes"));
        assertFalse(rule.allows(Set.of("volumev3"), "HEAD", "/v3/volumes"));
        assertFalse(rule.allows(Set.of(), "GET", "/v3/volumes"));
    }

    @Test
    void aPathThatCanBeReadInTwoWaysIsNotAllowed() {
        for (String path : List.of(
                "/v2.1/servers/../flavors",
                "/v2.1/servers//x",
                "/v2.1/servers/%2E%2e/x",
                "/v2.1/servers/a%2Fb",
                "/v2.1/servers/a;x=y")) {
            assertFalse(allows("/v2.1/servers/**", path), path);
        }
    }

    @Test
    void noPatternTakesLong() {
        String pattern = "/" + "**a".repeat(70);
        assertTimeout(Duration.ofSeconds(2), () -> assertFalse(allows(pattern, "/" + "a".repeat(4000) + "b")));
    }

    @Test
    void aTokenCarriesItsRulesAndOneWithBrokenRulesIsNone() throws MalformedClaimException, InvalidJwtException {
        List<AccessRule> rules = IntStream.range(0, 200)
                .mapToObj(i -> new AccessRule("compute", "GET", "/v2.1/servers/{id}/really long thing/" + i))
                .toList();
        Token token = token(rules);
        assertEquals(token, Token.of(JwtClaims.parse(token.toClaims().toJson())));
        assertTrue(AccessRules.write(rules).length() < AccessRules.LONGEST);
        JwtClaims broken = token.toClaims();
        broken.setClaim("rules", AccessRules.write(rules).substring(0, 100));
        assertThrows(MalformedClaimException.class, () -> Token.of(broken));
        JwtClaims emptied = token.toClaims();
        emptied.setClaim("rules", "");
        assertThrows(MalformedClaimException.class, () -> Token.of(emptied));
    }

    private static boolean allows(String pattern, String path) {
        return new AccessRule("compute", "GET", pattern).allows(Set.of("compute"), "GET", path);
    }

    private static Token token(List<AccessRule> rules) {
        return new Token(
                "u",
                "d",
                Optional.of("p"),
                Optional.of("d"),
                Optional.empty(),
                false,
                List.of("member"),
                List.of("application_credential"),
                List.of("a"),
                Optional.of("ac"),
                Optional.empty(),
                rules,
                Instant.ofEpochMilli(1_000_000),
                Instant.ofEpochSecond(5_000));
    }
}
