package io.nephos.identity.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class IdentityPolicyTest {
    private final Policy policy = new Policy(new IdentityPolicy(), Optional.empty());

    @Test
    void theAdminOfAProjectAdministersTheCloud() {
        Caller admin = onProject("p", "admin", "manager", "member", "reader");
        assertTrue(policy.allows("identity:create_domain", admin, Map.of()));
        assertTrue(policy.allows("identity:create_user", admin, Map.of("domain_id", "anything")));
    }

    @Test
    void theAdminOfADomainAdministersThatDomainAndNoOther() {
        Caller admin = onDomain("d", "admin", "manager", "member", "reader");
        assertTrue(policy.allows("identity:create_user", admin, Map.of("domain_id", "d")));
        assertFalse(policy.allows("identity:create_user", admin, Map.of("domain_id", "other")));
        assertFalse(policy.allows("identity:create_domain", admin, Map.of()));
        assertFalse(policy.allows("identity:create_role", admin, Map.of()));
    }

    @Test
    void whoGivesRolesInHisDomainGivesThemToItsOwnAndAManagerOnlyThoseHeMay() {
        Caller admin = onDomain("d", "admin", "manager", "member", "reader");
        Caller manager = onDomain("d", "manager", "member", "reader");
        Caller reader = onDomain("d", "reader");
        for (String role : Set.of("admin", "Admin", "service", "custom")) {
            assertTrue(policy.allows("identity:create_grant", admin, grant("d", "d", role, "None")), role);
            assertFalse(policy.allows("identity:create_grant", manager, grant("d", "d", role, "None")), role);
        }
        for (String role : Set.of("manager", "member", "reader")) {
            assertTrue(policy.allows("identity:revoke_grant", manager, grant("d", "d", role, "None")), role);
            assertFalse(policy.allows("identity:revoke_grant", reader, grant("d", "d", role, "None")), role);
        }
        for (Caller caller : Set.of(admin, manager)) {
            assertFalse(policy.allows("identity:create_grant", caller, grant("e", "d", "member", "None")));
            assertFalse(policy.allows("identity:create_grant", caller, grant("d", "e", "member", "None")));
            assertFalse(policy.allows("identity:create_grant", caller, grant("d", "d", "member", "e")));
            assertFalse(policy.allows("identity:create_grant", caller, Map.of()));
        }
        assertTrue(policy.allows("identity:list_grants", reader, grant("d", "d", "member", "None")));
        assertFalse(policy.allows("identity:list_grants", reader, grant("e", "d", "member", "None")));
    }

    private static Map<String, String> grant(String userDomain, String projectDomain, String role, String roleDomain) {
        return Map.of(
                "target.user.domain_id", userDomain,
                "target.project.domain_id", projectDomain,
                "target.role.name", role,
                "target.role.domain_id", roleDomain);
    }

    @Test
    void aMemberSeesHimselfAndHisProjectOnly() {
        Caller member = onProject("p", "member", "reader");
        assertTrue(policy.allows("identity:get_user", member, Map.of("user_id", "u", "domain_id", "d")));
        assertFalse(policy.allows("identity:get_user", member, Map.of("user_id", "v", "domain_id", "d")));
        assertTrue(policy.allows("identity:get_project", member, Map.of("project_id", "p", "domain_id", "d")));
        assertFalse(policy.allows("identity:get_project", member, Map.of("project_id", "q", "domain_id", "d")));
        assertFalse(policy.allows("identity:list_users", member, Map.of()));
        assertFalse(policy.allows("identity:list_projects", member, Map.of("domain_id", "d")));
    }

    @Test
    void aSystemReaderSeesAndTouchesNothing() {
        Caller reader = caller(Optional.empty(), Optional.empty(), true, "reader");
        Map<String, Boolean> wrong = new TreeMap<>();
        new IdentityPolicy()
                .rules().keySet().stream()
                        .filter(rule -> rule.startsWith("identity:"))
                        .filter(rule ->
                                !rule.matches(".*(trust|token|application|ec2|revoke_events|security_compliance).*"))
                        .forEach(rule -> {
                            boolean reads = rule.matches("identity:(get|list|check).*");
                            if (policy.allows(rule, reader, Map.of("domain_id", "d")) != reads) {
                                wrong.put(rule, reads);
                            }
                        });
        assertEquals(Map.of(), wrong);
    }

    @Test
    void nobodyMakesATrustInAnothersName() {
        Caller admin = onProject("p", "admin");
        assertFalse(policy.allows("identity:create_trust", admin, Map.of("trustor_user_id", "v")));
        assertTrue(policy.allows("identity:create_trust", admin, Map.of("trustor_user_id", "u")));
    }

    private static Caller onProject(String project, String... roles) {
        return caller(Optional.of(project), Optional.empty(), false, roles);
    }

    private static Caller onDomain(String domain, String... roles) {
        return caller(Optional.empty(), Optional.of(domain), false, roles);
    }

    private static Caller caller(Optional<String> project, Optional<String> domain, boolean system, String... roles) {
        return new Caller("u", "home", project, project.map(id -> "d"), domain, system, Set.of(roles), "a", "req-1");
    }
}
