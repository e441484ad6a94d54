package io.nephos.identity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeedTest {
    @Test
    void aRequestIsNamedByWhatItDoesAndToWhat() {
        is("POST", "/v3/auth/tokens", "authenticate", "user", "");
        is("POST", "/v3/ec2tokens", "authenticate", "user", "");
        is("DELETE", "/v3/auth/tokens", "deleted.token", "token", "");
        is("POST", "/v3/users", "created.user", "user", "");
        is("PATCH", "/v3/users/u1", "updated.user", "user", "u1");
        is("POST", "/v3/users/u1/password", "updated.user", "user", "u1");
        is("DELETE", "/v3/projects/p1", "deleted.project", "project", "p1");
        is("PUT", "/v3/projects/p1/users/u1/roles/r1", "created.role_assignment", "role_assignment", "r1");
        is("DELETE", "/v3/system/groups/g1/roles/r1", "deleted.role_assignment", "role_assignment", "r1");
        is(
                "POST",
                "/v3/users/u1/application_credentials",
                "created.application_credential",
                "application_credential",
                "");
        is("DELETE", "/v3/users/u1/access_rules/x", "deleted.access_rule", "access_rule", "x");
        is("POST", "/v3/OS-TRUST/trusts", "created.trust", "trust", "");
        is("DELETE", "/v3/OS-TRUST/trusts/t1", "deleted.trust", "trust", "t1");
        is("PUT", "/v3/groups/g1/users/u1", "created.user", "user", "u1");
        is("POST", "/v3/policies", "created.policy", "policy", "");
    }

    @Test
    void whatOnlyReadsIsNoDeed() {
        assertTrue(Deed.of("GET", "/v3/users").isEmpty());
        assertTrue(Deed.of("HEAD", "/v3/auth/tokens").isEmpty());
        assertTrue(Deed.of("POST", "/q/health").isEmpty());
        assertTrue(Deed.of("POST", "/").isEmpty());
    }

    private static void is(String method, String path, String action, String noun, String target) {
        assertEquals(
                Optional.of(new Deed(action, noun, Optional.of(target).filter(id -> !id.isEmpty()))),
                Deed.of(method, path));
    }
}
