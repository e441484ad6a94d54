package io.nephos.identity.domainconfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.identity.user.SecurityCompliance;
import io.nephos.kit.fault.FaultException;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class DomainConfigOptionsTest {
    @Test
    void whatIsNotOnTheListIsRefusedByName() {
        assertEquals(
                "Invalid domain specific configuration: Group token is not supported for domain specific configurations.",
                refusal("{\"token\": {\"provider\": \"x\"}}"));
        assertEquals(
                "Invalid domain specific configuration: Option nonsense in group ldap is not supported for domain specific"
                        + " configurations.",
                refusal("{\"ldap\": {\"nonsense\": 1}}"));
        assertEquals("Invalid domain specific configuration: No options specified.", refusal("{}"));
        assertTrue(refusal("{\"ldap\": 7}").contains("group ldap"));
        assertTrue(refusal("{\"ldap\": {}}").contains("group ldap"));
    }

    @Test
    void aPasswordMayBeSetAndIsNotAmongTheDefaults() throws JsonProcessingException {
        DomainConfigOptions.require(new ObjectMapper().readTree("{\"ldap\": {\"password\": \"x\", \"url\": \"u\"}}"));
        assertTrue(DomainConfigOptions.sensitive("ldap", "password"));
        assertFalse(DomainConfigOptions.defaults().get("ldap").has("password"));
        assertThrows(FaultException.class, () -> DomainConfigOptions.defaultOf("ldap", "password"));
        assertEquals(
                "{\"query_scope\":\"one\"}",
                DomainConfigOptions.defaultOf("ldap", "query_scope").toString());
    }

    @Test
    void theRulesForPasswordsAreThoseThatHold() {
        assertEquals(
                "{\"security_compliance\":{\"password_regex\":\"^.{7,}$\",\"password_regex_description\":null}}",
                DomainConfigOptions.compliance(rules("^.{7,}$")).toString());
        assertEquals(
                "{\"password_regex\":null}",
                DomainConfigOptions.compliance(rules(""), "password_regex").toString());
        assertThrows(FaultException.class, () -> DomainConfigOptions.compliance(rules(""), "lockout_duration"));
    }

    private static SecurityCompliance rules(String regex) {
        return new SmallRyeConfigBuilder()
                .withMapping(SecurityCompliance.class)
                .withDefaultValue("nephos.identity.security.password-regex", regex)
                .build()
                .getConfigMapping(SecurityCompliance.class);
    }

    private static String refusal(String config) {
        return assertThrows(
                        FaultException.class, () -> DomainConfigOptions.require(new ObjectMapper().readTree(config)))
                .getMessage();
    }
}
