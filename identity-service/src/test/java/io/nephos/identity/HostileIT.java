package io.nephos.identity;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.applicationCredential;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.byCredential;
import static io.nephos.identity.IdentityClient.byTrust;
import static io.nephos.identity.IdentityClient.domain;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.make;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.token;
import static io.nephos.identity.IdentityClient.trust;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What someone tries who has a little and wants more. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class HostileIT {
    private String admin;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        admin = admin();
    }

    @Test
    void aManagerRulesInHisDomainAndNotOverIt() {
        String domain = domain(admin, unique("d"));
        String name = unique("manager");
        String manager =
                make(admin, "user", "\"name\": \"%s\", \"password\": \"pw\", \"domain_id\": \"%s\"", name, domain);
        grantOn("domains/" + domain, manager, "manager");
        String token = signIn(domain, name, "pw", "{\"domain\": {\"id\": \"" + domain + "\"}}")
                .header("X-Subject-Token");
        String own = make(admin, "project", "\"name\": \"%s\", \"domain_id\": \"%s\"", unique("p"), domain);
        String member = make(admin, "user", "\"name\": \"%s\", \"domain_id\": \"%s\"", unique("u"), domain);
        // A role's name counts in small letters.
        String capital = make(admin, "role", "\"name\": \"%s\"", "ADMIN");
        try {
            Map<String, Integer> asked = new LinkedHashMap<>();
            asked.put("PATCH /v3/projects/" + domain + " {\"project\": {\"enabled\": false}}", 403);
            asked.put("PATCH /v3/projects/" + domain + " {\"project\": {\"name\": \"mine\"}}", 403);
            asked.put("DELETE /v3/projects/" + domain, 403);
            asked.put("PUT /v3/projects/" + domain + "/users/" + member + "/roles/" + role(admin, "member"), 403);
            asked.put("PUT /v3/projects/" + own + "/users/" + manager + "/roles/" + capital, 403);
            asked.put("PUT /v3/projects/" + own + "/users/" + manager + "/roles/" + role(admin, "admin"), 403);
            asked.put("PUT /v3/domains/" + domain + "/users/" + manager + "/roles/" + role(admin, "admin"), 403);
            asked.put("PUT /v3/system/users/" + manager + "/roles/" + role(admin, "reader"), 403);
            asked.put("PATCH /v3/users/" + manager + " {\"user\": {\"domain_id\": \"default\"}}", 400);
            asked.put("PATCH /v3/projects/" + own + " {\"project\": {\"domain_id\": \"default\"}}", 400);
            asked.put("PATCH /v3/projects/" + own + " {\"project\": {\"parent_id\": \"default\"}}", 403);
            asked.put("POST /v3/projects {\"project\": {\"name\": \"x\", \"is_domain\": true}}", 403);
            asked.put("POST /v3/projects {\"project\": {\"name\": \"x\", \"domain_id\": \"default\"}}", 403);
            asked.put(
                    "POST /v3/projects {\"project\": {\"name\": \"x\", \"domain_id\": \"" + domain
                            + "\", \"parent_id\": \"default\"}}",
                    400);
            // Who signs in by that provider would be this user, whose password the manager sets.
            String known = ", \"federated\": [{\"idp_id\": \"keycloak\", \"protocols\": [{\"protocol_id\": \"openid\","
                    + " \"unique_id\": \"somebody\"}]}]}}";
            asked.put("PATCH /v3/users/" + member + " {\"user\": {\"description\": \"x\"" + known, 403);
            asked.put("POST /v3/users {\"user\": {\"name\": \"x\", \"domain_id\": \"" + domain + "\"" + known, 403);
            asked.put("POST /v3/users {\"user\": {\"name\": \"x\", \"domain_id\": \"" + domain + "\"}}", 201);
            asked.put("PUT /v3/projects/" + own + "/users/" + member + "/roles/" + role(admin, "manager"), 204);
            assertAnswers(token, asked);
        } finally {
            as(admin).delete("/v3/roles/" + capital);
        }
    }

    @Test
    void whatIsImmutableIsChangedByNothingButTheWordThatItIsNot() {
        String project = make(admin, "project", "\"name\": \"%s\", \"options\": {\"immutable\": true}", unique("p"));
        String role = make(admin, "role", "\"name\": \"%s\", \"options\": {\"immutable\": true}", unique("r"));
        String domain = make(admin, "domain", "\"name\": \"%s\", \"options\": {\"immutable\": true}", unique("d"));
        Map<String, Integer> asked = new LinkedHashMap<>();
        asked.put("PUT /v3/projects/" + project + "/tags/t", 403);
        asked.put("PUT /v3/projects/" + project + "/tags {\"tags\": [\"t\"]}", 403);
        asked.put("DELETE /v3/projects/" + project + "/tags", 403);
        asked.put("DELETE /v3/projects/" + project, 403);
        asked.put("DELETE /v3/roles/" + role, 403);
        asked.put("PATCH /v3/domains/" + domain + " {\"domain\": {\"enabled\": false}}", 403);
        for (String one : new String[] {"project", "role", "domain"}) {
            String path = "PATCH /v3/" + one + "s/"
                    + (one.equals("project") ? project : one.equals("role") ? role : domain) + " {\"" + one + "\": ";
            asked.put(path + "{\"description\": \"x\"}}", 403);
            asked.put(path + "{\"description\": \"x\", \"options\": {\"immutable\": false}}}", 403);
            asked.put(path + "{\"options\": {\"immutable\": true}}}", 403);
            asked.put(path + "{\"options\": {\"immutable\": null}}}", 200);
            asked.put(path + "{\"description\": \"y\"}}", 200);
        }
        assertAnswers(admin, asked);
    }

    @Test
    void rolesGoInNoCircle() {
        String[] roles = new String[3];
        for (int i = 0; i < roles.length; i++) {
            roles[i] = make(admin, "role", "\"name\": \"%s\"", unique("r"));
        }
        Map<String, Integer> asked = new LinkedHashMap<>();
        asked.put("PUT /v3/roles/" + roles[0] + "/implies/" + roles[0], 403);
        asked.put("PUT /v3/roles/" + roles[0] + "/implies/" + roles[1], 201);
        asked.put("PUT /v3/roles/" + roles[1] + "/implies/" + roles[2], 201);
        asked.put("PUT /v3/roles/" + roles[2] + "/implies/" + roles[0], 403);
        asked.put("PUT /v3/roles/" + roles[0] + "/implies/" + roles[2], 201);
        assertAnswers(admin, asked);
        as(admin)
                .put("/v3/roles/" + roles[1] + "/implies/" + roles[0])
                .then()
                .body("error.message", containsString(roles[0] + " cannot be an implied role"));
    }

    @Test
    void aTrusteeDoesNotGrowIntoTheTrustor() {
        String project = project(admin, unique("p"));
        String other = project(admin, unique("q"));
        String trustor = unique("trustor");
        String trustee = unique("trustee");
        String by = user(admin, trustor);
        String to = user(admin, trustee);
        grant(admin, by, project, "member");
        grant(admin, by, other, "member");
        String token = token(trustor, "pw", onProject(project));
        String first = trust(token, by, to, project, "\"allow_redelegation\": true");
        String second = trust(token, by, to, other, "\"remaining_uses\": null");
        String unscoped = as(token)
                .body("""
                        {"trust": {"trustor_user_id": "%s", "trustee_user_id": "%s", "impersonation": true}}
                        """.formatted(by, to))
                .post("/v3/OS-TRUST/trusts")
                .path("trust.id");
        for (String trust : new String[] {first, unscoped}) {
            String delegated = byTrust(trustee, "pw", trust).header("X-Subject-Token");
            Map<String, Integer> asked = new LinkedHashMap<>();
            asked.put("GET /v3/users/" + by, 200);
            asked.put("DELETE /v3/OS-TRUST/trusts/" + second, 403);
            asked.put("DELETE /v3/users/" + by + "/tokens", 403);
            asked.put("GET /v3/credentials", 403);
            asked.put("POST /v3/users/" + by + "/credentials/OS-EC2 {\"tenant_id\": \"" + other + "\"}", 403);
            asked.put(
                    "POST /v3/users/" + by + "/application_credentials {\"application_credential\": {\"name\": \"x\"}}",
                    403);
            asked.put(
                    "POST /v3/OS-TRUST/trusts {\"trust\": {\"trustor_user_id\": \"" + by + "\", \"trustee_user_id\": \""
                            + to + "\", \"impersonation\": true, \"project_id\": \"" + other
                            + "\", \"roles\": [{\"name\": \"member\"}]}}",
                    403);
            asked.put(
                    "POST /v3/OS-TRUST/trusts {\"trust\": {\"trustor_user_id\": \"" + by + "\", \"trustee_user_id\": \""
                            + to + "\", \"impersonation\": true, \"project_id\": "
                            + (trust.equals(first) ? "null" : "\"" + project + "\"")
                            + ", \"roles\": " + (trust.equals(first) ? "[]" : "[{\"name\": \"member\"}]") + "}}",
                    403);
            asked.put(rescope(delegated, other), 403);
            assertAnswers(delegated, asked);
        }
        String own = byTrust(trustee, "pw", first).header("X-Subject-Token");
        as(own).delete("/v3/OS-TRUST/trusts/" + first).then().statusCode(204);
    }

    @Test
    void anApplicationCredentialDoesNotGrowIntoItsUser() {
        String project = project(admin, unique("p"));
        String other = project(admin, unique("q"));
        String name = unique("u");
        String user = user(admin, name);
        grant(admin, user, project, "member");
        grant(admin, user, other, "member");
        String token = token(name, "pw", onProject(project));
        String credentials = "/v3/users/" + user + "/application_credentials";
        Response narrow = applicationCredential(token, user, """
                , "unrestricted": true, "roles": [{"name": "reader"}], "access_rules": [
                 {"service": "identity", "method": "POST", "path": "%s"},
                 {"service": "identity", "method": "GET", "path": "/v3/users/*"},
                 {"service": "identity", "method": "GET", "path": "/v3/projects/**"},
                 {"service": "identity", "method": "DELETE", "path": "/v3/users/**"}]
                """.formatted(credentials));
        String id = narrow.path("application_credential.id");
        String secret = narrow.path("application_credential.secret");
        for (String scope :
                new String[] {onProject(other), "{\"system\": {\"all\": true}}", "{\"domain\": {\"id\": \"default\"}}"
                }) {
            given().contentType("application/json")
                    .body("""
                            {"auth": {"identity": {"methods": ["application_credential"], "application_credential":
                             {"id": "%s", "secret": "%s"}}, "scope": %s}}
                            """.formatted(id, secret, scope))
                    .post("/v3/auth/tokens")
                    .then()
                    .statusCode(401);
        }
        String delegated = byCredential(id, secret).header("X-Subject-Token");
        Map<String, Integer> asked = new LinkedHashMap<>();
        String make = "POST " + credentials + " {\"application_credential\": {\"name\": \"%s\"%s}}";
        String rule = "{\"service\": \"identity\", \"method\": \"%s\", \"path\": \"%s\"}";
        asked.put(make.formatted("a", ""), 403);
        asked.put(make.formatted("b", ", \"access_rules\": []"), 403);
        asked.put(make.formatted("c", ", \"access_rules\": [" + rule.formatted("GET", "/v3/**") + "]"), 403);
        asked.put(
                make.formatted(
                        "d",
                        ", \"roles\": [{\"name\": \"member\"}], \"access_rules\": ["
                                + rule.formatted("GET", "/v3/users/*") + "]"),
                400);
        asked.put(make.formatted("e", ", \"access_rules\": [" + rule.formatted("GET", "/v3/users/*") + "]"), 201);
        asked.put("DELETE /v3/users/" + user + "/tokens", 403);
        asked.put(rescope(delegated, other), 403);
        // What the rules do not name, by whatever way it is written.
        for (String path : new String[] {
            "/v3/users/" + user + "/projects",
            "/v3/users/" + user + "/projects/",
            "/v3/users/" + user + "%2fprojects",
            "/v3/projects/../users/" + user + "/projects",
            "/v3/projects/x;/../../users/" + user + "/projects",
            "/v3/users/" + user + ";/projects",
            "/v3/users/" + user + ";x=/projects",
            "//v3//users/" + user + "//projects",
            "/v3/%75sers/" + user,
            "/v3/credentials",
            "/v3/users"
        }) {
            asked.put("GET " + path, 401);
        }
        asked.put("GET /v3/projects/%2e%2e/users/" + user + "/projects", 404);
        asked.put("HEAD /v3/users/" + user, 401);
        asked.put("GET /v3/users/" + user, 200);
        assertAnswers(delegated, asked);
        String bySecond = byCredential(id, secret).header("X-Subject-Token");
        as(token).delete(credentials + "/" + id).then().statusCode(204);
        as(bySecond)
                .body("{\"application_credential\": {\"name\": \"late\"}}")
                .post(credentials)
                .then()
                .statusCode(401);
    }

    @Test
    void aKeyBringsNoOneElsesTrustOrCredential() {
        String project = project(admin, unique("p"));
        String victim = unique("victim");
        String thief = unique("thief");
        String by = user(admin, victim);
        String to = user(admin, thief);
        grant(admin, by, project, "member");
        grant(admin, to, project, "reader");
        String token = token(victim, "pw", onProject(project));
        String theirs = applicationCredential(token, by, "").path("application_credential.id");
        String trust = trust(token, by, by, project, "\"remaining_uses\": null");
        String own = token(thief, "pw", onProject(project));
        for (String claim : new String[] {"\\\"trust_id\\\": \\\"" + trust, "\\\"app_cred_id\\\": \\\"" + theirs}) {
            String access = unique("key");
            as(own).body("""
                            {"credential": {"type": "ec2", "user_id": "%s", "project_id": "%s",
                             "blob": "{\\"access\\": \\"%s\\", \\"secret\\": \\"s\\", %s\\"}"}}
                            """.formatted(to, project, access, claim))
                    .post("/v3/credentials")
                    .then()
                    .statusCode(201);
            as(admin)
                    .body("""
                            {"credentials": {"access": "%s", "token": "eA==", "signature": "%s"}}
                            """.formatted(access, "8mWQLpl1yUJgEnfcP3zFYG3vb2k="))
                    .post("/v3/s3tokens")
                    .then()
                    .statusCode(401);
        }
        as(own).body("{\"credential\": {\"type\": \"cert\", \"blob\": \"x\", \"user_id\": \"" + by + "\"}}")
                .post("/v3/credentials")
                .then()
                .statusCode(403);
    }

    private static String rescope(String token, String project) {
        return "POST /v3/auth/tokens {\"auth\": {\"identity\": {\"methods\": [\"token\"], \"token\": {\"id\": \""
                + token + "\"}}, \"scope\": " + onProject(project) + "}}";
    }

    private void grantOn(String target, String user, String role) {
        as(admin)
                .put("/v3/" + target + "/users/" + user + "/roles/" + role(admin, role))
                .then()
                .statusCode(204);
    }

    /** "METHOD PATH BODY" and the status; all are tried before any fails the test. */
    static void assertAnswers(String token, Map<String, Integer> asked) {
        Map<String, Object> answers = new LinkedHashMap<>();
        asked.keySet().forEach(request -> {
            String[] words = request.split(" ", 3);
            Response answer = as(token)
                    .urlEncodingEnabled(false)
                    .body(words.length > 2 ? words[2] : "")
                    .request(words[0], words[1]);
            answers.put(request, answer.statusCode());
        });
        assertEquals(asked, answers);
    }
}
