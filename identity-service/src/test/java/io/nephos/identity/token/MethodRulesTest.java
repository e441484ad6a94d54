package io.nephos.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.wire.Attributes;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MethodRulesTest {
    private static final Set<String> OFFERED = Set.of("password", "token", "totp", "application_credential");

    @Test
    void oneRuleOfSeveralIsEnoughAndMoreThanItAsWell() {
        MethodRules rules = rules("[['password', 'totp'], ['application_credential']]");
        assertFalse(rules.met(List.of("password"), OFFERED));
        assertFalse(rules.met(List.of("token", "totp"), OFFERED));
        assertTrue(rules.met(List.of("totp", "password"), OFFERED));
        assertTrue(rules.met(List.of("totp", "token", "password"), OFFERED));
        assertTrue(rules.met(List.of("application_credential"), OFFERED));
    }

    @Test
    void onlyTheRulesThatWereBegunAreAskedFor() {
        MethodRules rules = rules("[['password', 'totp'], ['password', 'token', 'carrier_pigeon'], ['token', 'totp']]");
        assertEquals(
                List.of(List.of("password", "totp"), List.of("password", "token")),
                rules.begun(List.of("password"), OFFERED));
        assertEquals(List.of(), rules.begun(List.of("application_credential"), OFFERED));
    }

    @Test
    void aMethodThatIsNotOfferedIsNotAskedFor() {
        assertTrue(rules("[['password', 'carrier_pigeon']]").met(List.of("password"), OFFERED));
        assertFalse(rules("[['password', 'saml2']]").met(List.of("password"), Set.of("password", "saml2")));
        // As in Keystone: a rule of which nothing is left holds nobody up.
        assertTrue(rules("[['carrier_pigeon']]").met(List.of("password"), OFFERED));
    }

    @Test
    void whatIsNoRuleCountsForNothingAndWithoutARuleEverythingIsEnough() {
        for (String none : List.of("[]", "[[]]", "[7, 'password', {}, null]", "[['password', 7]]", "'totp'", "true")) {
            assertTrue(rules(none).none(), none);
            assertTrue(rules(none).met(List.of("password"), OFFERED), none);
        }
        assertFalse(rules("[7, ['password', 'password', 'totp']]").met(List.of("password"), OFFERED));
        assertTrue(MethodRules.of(Attributes.object("{}")).none());
    }

    @Test
    void theyCanBeSwitchedOff() {
        String options = "{\"multi_factor_auth_rules\": [[\"totp\"]], \"multi_factor_auth_enabled\": %s}";
        assertTrue(MethodRules.of(Attributes.object(options.formatted("false"))).none());
        assertFalse(MethodRules.of(Attributes.object(options.formatted("true"))).none());
    }

    private static MethodRules rules(String json) {
        return MethodRules.of(Attributes.object("{\"multi_factor_auth_rules\": " + json.replace('\'', '"') + "}"));
    }
}
