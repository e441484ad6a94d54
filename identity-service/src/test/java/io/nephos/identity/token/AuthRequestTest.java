package io.nephos.identity.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.FaultException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthRequestTest {
    private static final String PASSWORD =
            "{'methods': ['password'], 'password': {'user': {'name': 'n', 'domain': {'id': 'd'}, 'password': 'secret'}}}";

    @Test
    void aUserIsNamedByNameAndDomain() {
        AuthRequest request = read(PASSWORD, "");
        AuthRequest.Password password = request.password().orElseThrow();
        assertEquals(Optional.of("n"), password.user().name());
        assertEquals(Optional.of("d"), password.user().domain().orElseThrow().id());
        assertInstanceOf(AuthRequest.Scope.Unspecified.class, request.scope());
    }

    @Test
    void noSecretIsInItsText() {
        assertFalse(read(PASSWORD, "").toString().contains("secret"));
    }

    @Test
    void everyScopeIsUnderstood() {
        assertInstanceOf(
                AuthRequest.Scope.Unscoped.class, read(PASSWORD, "'unscoped'").scope());
        assertInstanceOf(
                AuthRequest.Scope.Unscoped.class,
                read(PASSWORD, "{'unscoped': {}}").scope());
        assertInstanceOf(
                AuthRequest.Scope.Whole.class,
                read(PASSWORD, "{'system': {'all': true}}").scope());
        assertInstanceOf(
                AuthRequest.Scope.Trust.class,
                read(PASSWORD, "{'OS-TRUST:trust': {'id': 't'}}").scope());
        assertInstanceOf(
                AuthRequest.Scope.OfDomain.class,
                read(PASSWORD, "{'domain': {'name': 'D'}}").scope());
        assertInstanceOf(
                AuthRequest.Scope.Project.class,
                read(PASSWORD, "{'project': {'id': 'p'}}").scope());
    }

    @Test
    void whatIsMissingIsNamed() {
        refused("{'methods': []}", "", "auth.identity.methods");
        refused("{'methods': ['password']}", "", "auth.identity.password");
        refused("{'methods': ['password'], 'password': {'user': {'name': 'n', 'password': 'x'}}}", "", "user.domain");
        refused("{'methods': ['password'], 'password': {'user': {'password': 'x'}}}", "", "user.name");
        refused("{'methods': ['password'], 'password': {'user': {'id': 'n', 'password': 7}}}", "", "user.password");
        refused("{'methods': ['token']}", "", "auth.identity.token");
        refused(PASSWORD, "{'project': {'name': 'p'}}", "scope.project.domain");
        refused(PASSWORD, "{'project': {'id': 'p'}, 'domain': {'id': 'd'}}", "auth.scope");
        refused(PASSWORD, "{'system': {'all': false}}", "scope.system.all");
        refused(PASSWORD, "7", "auth.scope");
    }

    @Test
    void anUnknownMethodIsUnauthorizedNotMalformed() {
        FaultException e = assertThrows(FaultException.class, () -> read("{'methods': ['telepathy']}", ""));
        assertEquals(401, e.fault().usualStatus());
    }

    @Test
    void methodsAreNotRepeated() {
        assertEquals(
                List.of("password"),
                read(PASSWORD.replace("['password']", "['password', 'password']"), "")
                        .methods());
    }

    private static void refused(String identity, String scope, String field) {
        FaultException e = assertThrows(FaultException.class, () -> read(identity, scope));
        assertEquals(400, e.fault().usualStatus());
        assertTrue(e.getMessage().contains(field), e.getMessage());
    }

    private static AuthRequest read(String identity, String scope) {
        String body = "{'auth': {'identity': " + identity + (scope.isEmpty() ? "" : ", 'scope': " + scope) + "}}";
        try {
            return AuthRequest.of(new ObjectMapper().readTree(body.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(body, e);
        }
    }
}
