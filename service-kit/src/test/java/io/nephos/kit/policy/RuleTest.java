package io.nephos.kit.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.token.Caller;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleTest {
    private static final Caller MEMBER = caller("u1", "p1", "member", "reader");
    private static final Caller ADMIN = caller("u0", "p0", "admin");

    @Test
    void aRoleCheckAllowsThoseWhoHaveTheRole() {
        assertTrue(allows("role:member", MEMBER, Map.of()));
        assertFalse(allows("role:member", ADMIN, Map.of()));
    }

    @Test
    void anOwnerCheckComparesTheCallerWithTheTarget() {
        String rule = "role:admin or (role:member and project_id:%(project_id)s)";
        assertTrue(allows(rule, MEMBER, Map.of("project_id", "p1")));
        assertFalse(allows(rule, MEMBER, Map.of("project_id", "p2")));
        assertFalse(allows(rule, MEMBER, Map.of()));
        assertTrue(allows(rule, ADMIN, Map.of("project_id", "p2")));
    }

    @Test
    void andBindsTighterThanOrAndNotTighterThanBoth() {
        assertTrue(allows("role:member or role:x and role:y", MEMBER, Map.of()));
        assertFalse(allows("(role:member or role:x) and role:y", MEMBER, Map.of()));
        assertTrue(allows("not role:x and role:reader", MEMBER, Map.of()));
    }

    @Test
    void anEmptyRuleAllowsAndAnExclamationMarkForbids() {
        assertTrue(allows("", MEMBER, Map.of()));
        assertTrue(allows("@", MEMBER, Map.of()));
        assertFalse(allows("!", ADMIN, Map.of()));
    }

    @Test
    void aLiteralIsComparedWithTheTarget() {
        assertTrue(allows("'public':%(visibility)s", MEMBER, Map.of("visibility", "public")));
        assertFalse(allows("'public':%(visibility)s", MEMBER, Map.of("visibility", "private")));
    }

    @Test
    void aRuleMayNameAnother() {
        Rule named = Rule.parse("rule:owner");
        assertTrue(named.allows(MEMBER, Map.of("project_id", "p1"), name -> Rule.parse("project_id:%(project_id)s")));
    }

    @Test
    void aBrokenRuleSaysWhatIsWrong() {
        for (String broken : new String[] {"role:a or", "(role:a", "role:a)", "nonsense", "role:a role:b"}) {
            String message = assertThrows(IllegalArgumentException.class, () -> Rule.parse(broken))
                    .getMessage();
            assertTrue(message.contains(broken), message);
        }
    }

    @Test
    void rolesAreComparedWithoutCase() {
        assertEquals(new Rule.HasRole("admin"), Rule.parse("role:Admin"));
    }

    private static boolean allows(String rule, Caller caller, Map<String, String> target) {
        return Rule.parse(rule).allows(caller, target, name -> new Rule.Never());
    }

    private static Caller caller(String user, String project, String... roles) {
        return new Caller(
                user,
                "default",
                Optional.of(project),
                Optional.of("default"),
                Optional.empty(),
                false,
                Set.of(roles),
                "audit",
                "req-1");
    }
}
