package io.nephos.identity;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.role;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.nephos.testkit.RawHttp;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong gets Keystone's status in Keystone's body; nothing is a 500. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class BadInputIT {
    private static final String LONG = "x".repeat(300);

    private String admin;

    private record Case(int status, String method, String path, String body) {}

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        admin = admin();
    }

    @Test
    void whatNoRouteGetsToSeeIsAnsweredInTheDialectToo() {
        String answer = RawHttp.answer("POST /v3/users HTTP/1.1", "Content-Length: some");
        assertTrue(answer.startsWith("HTTP/1.1 400 ") && answer.contains("\"title\":\"Bad Request\""), answer);
        assertTrue(answer.contains("content-length header must be an integer"), answer);
    }

    @Test
    void aBodyThatIsWrongIsRefusedByItsField() {
        String nobody = "/v3/users/nobody";
        List<Case> cases = List.of(
                new Case(400, "POST", "/v3/users", "{}"),
                new Case(400, "POST", "/v3/users", ""),
                new Case(400, "POST", "/v3/users", "[]"),
                new Case(400, "POST", "/v3/users", "{\"user\": "),
                new Case(400, "POST", "/v3/users", "{\"user\": []}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": 7}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"\"}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"   \"}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"" + LONG + "\"}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"n\\u0000\"}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"n\", \"enabled\": \"perhaps\"}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"n\", \"password\": 7}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"n\", \"options\": 7}}"),
                new Case(400, "POST", "/v3/users", "{\"user\": {\"name\": \"n\", \"options\": {\"no\": true}}}"),
                new Case(404, "POST", "/v3/users", "{\"user\": {\"name\": \"n\", \"domain_id\": \"nowhere\"}}"),
                new Case(409, "POST", "/v3/users", "{\"user\": {\"name\": \"admin\"}}"),
                new Case(409, "POST", "/v3/users", "{\"user\": {\"name\": \"ADMIN\"}}"),
                new Case(404, "PATCH", nobody, "{\"user\": {\"name\": \"n\"}}"),
                new Case(404, "DELETE", nobody, ""),
                new Case(400, "POST", "/v3/projects", "{\"project\": {\"name\": \"" + "x".repeat(65) + "\"}}"),
                new Case(400, "POST", "/v3/projects", "{\"project\": {\"name\": null}}"),
                new Case(400, "POST", "/v3/projects", "{\"project\": {\"name\": \"n\", \"tags\": \"t\"}}"),
                new Case(400, "POST", "/v3/projects", "{\"project\": {\"name\": \"n\", \"tags\": [\"a/b\"]}}"),
                new Case(400, "POST", "/v3/projects", "{\"project\": {\"name\": \"n\", \"tags\": [\"" + LONG + "\"]}}"),
                new Case(409, "POST", "/v3/projects", "{\"project\": {\"name\": \"admin\"}}"),
                new Case(409, "POST", "/v3/roles", "{\"role\": {\"name\": \"admin\"}}"),
                new Case(400, "POST", "/v3/roles", "{\"role\": {\"name\": \"" + LONG + "\"}}"),
                new Case(400, "POST", "/v3/domains", "{\"domain\": {\"name\": \"\"}}"),
                new Case(409, "POST", "/v3/domains", "{\"domain\": {\"name\": \"Default\"}}"),
                new Case(403, "DELETE", "/v3/domains/default", ""),
                new Case(404, "DELETE", "/v3/domains/nowhere", ""),
                new Case(400, "POST", "/v3/groups", "{\"group\": {\"name\": [1]}}"),
                new Case(400, "POST", "/v3/OS-TRUST/trusts", "{\"trust\": {}}"),
                new Case(404, "GET", "/v3/users/%F0%9F%92%A9", ""),
                new Case(404, "GET", "/v3/nowhere", ""),
                new Case(405, "PATCH", "/v3/users", "{}"));
        List<String> wrong = new ArrayList<>();
        for (Case one : cases) {
            Response response = as(admin).body(one.body()).request(one.method(), one.path());
            if (response.statusCode() != one.status()
                    || !Integer.valueOf(one.status()).equals(code(response))) {
                wrong.add(one + " got " + response.statusCode() + " " + response.asString());
            }
        }
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
        as(admin)
                .body("{\"user\": {\"name\": \"n\", \"enabled\": {}}}")
                .post("/v3/users")
                .then()
                .statusCode(400)
                .body("error.message", containsString("enabled"));
    }

    @Test
    void aSignInThatIsWrongIsRefusedInKeystonesWay() {
        String password = "\"password\": {\"user\": {\"name\": \"admin\", \"domain\": {\"id\": \"default\"},"
                + " \"password\": \"" + IdentityClient.ADMIN_PASSWORD + "\"}}";
        String right = "\"identity\": {\"methods\": [\"password\"], " + password + "}";
        List<Case> cases = List.of(
                attempt(400, ""),
                attempt(400, "\"identity\": {}"),
                attempt(400, "\"identity\": {\"methods\": \"password\"}"),
                attempt(400, "\"identity\": {\"methods\": [\"password\"]}"),
                attempt(401, "\"identity\": {\"methods\": [\"magic\"], \"magic\": {}}"),
                attempt(400, "\"identity\": {\"methods\": [\"password\"], \"password\": {\"user\": 7}}"),
                attempt(400, "\"identity\": {\"methods\": [\"token\"], \"token\": {}}"),
                attempt(404, "\"identity\": {\"methods\": [\"token\"], \"token\": {\"id\": \"forged\"}}"),
                attempt(400, right + ", \"scope\": {}"),
                attempt(400, right + ", \"scope\": 7"),
                attempt(400, right + ", \"scope\": {\"system\": {\"all\": true}, \"domain\": {\"id\": \"default\"}}"),
                attempt(400, right + ", \"scope\": {\"project\": {}}"),
                attempt(401, right + ", \"scope\": {\"project\": {\"id\": \"nowhere\"}}"),
                attempt(401, right + ", \"scope\": {\"domain\": {\"id\": \"nowhere\"}}"),
                attempt(404, right + ", \"scope\": {\"OS-TRUST:trust\": {\"id\": \"nowhere\"}}"));
        List<String> wrong = new ArrayList<>();
        for (Case one : cases) {
            Response response =
                    given().contentType("application/json").body(one.body()).post(one.path());
            if (response.statusCode() != one.status()) {
                wrong.add(one + " got " + response.statusCode() + " " + response.asString());
            }
        }
        assertTrue(wrong.isEmpty(), String.join("\n", wrong));
    }

    @Test
    void headersThatAreTooLongAndTextThatIsNotUtf8AreClientErrors() {
        as("x".repeat(20_000)).get("/v3/users").then().statusCode(401);
        as(admin)
                .header("X-Subject-Token", "x".repeat(20_000))
                .get("/v3/auth/tokens")
                .then()
                .statusCode(404);
        as("x".repeat(100_000)).get("/v3/users").then().statusCode(431).body("error.code", equalTo(431));
        byte[] broken = "{\"user\": {\"name\": \"caf\u00e9\"}}".getBytes(StandardCharsets.ISO_8859_1);
        as(admin).body(broken).post("/v3/users").then().statusCode(400);
        as(admin).urlEncodingEnabled(false).get("/v3/users/%ff%fe").then().statusCode(404);
        as(admin).urlEncodingEnabled(false).get("/v3/users?name=%ff").then().statusCode(200);
        given().contentType("text/plain")
                .header("X-Auth-Token", admin)
                .body("x")
                .post("/v3/users")
                .then()
                .statusCode(415);
    }

    @Test
    void treesAndRolesKeepTheirRules() {
        String parent = project(admin, unique("p"));
        String top = parent;
        for (int depth = 2; depth <= 5; depth++) {
            Response made = below(parent);
            made.then().statusCode(depth <= 5 ? 201 : 403);
            parent = made.path("project.id");
        }
        below(parent).then().statusCode(403);
        below("nowhere").then().statusCode(404);
        assertEquals(403, patch("/v3/projects/" + top, "{\"project\": {\"parent_id\": \"" + parent + "\"}}"));
        assertEquals(403, patch("/v3/projects/" + top, "{\"project\": {\"enabled\": false}}"));
        as(admin).delete("/v3/projects/" + top).then().statusCode(403);
        as(admin).delete("/v3/projects/" + top + "?cascade").then().statusCode(403);

        String domain = as(admin)
                .body("{\"domain\": {\"name\": \"" + unique("d") + "\"}}")
                .post("/v3/domains")
                .path("domain.id");
        String foreign = as(admin)
                .body("{\"role\": {\"name\": \"" + unique("r") + "\", \"domain_id\": \"" + domain + "\"}}")
                .post("/v3/roles")
                .path("role.id");
        String member = user(admin, unique("u"));
        as(admin)
                .put("/v3/projects/" + top + "/users/" + member + "/roles/" + foreign)
                .then()
                .statusCode(403);
        as(admin)
                .put("/v3/roles/" + role(admin, "reader") + "/implies/" + role(admin, "admin"))
                .then()
                .statusCode(403);
        as(admin)
                .put("/v3/roles/" + role(admin, "reader") + "/implies/" + foreign)
                .then()
                .statusCode(403);
        assertEquals(403, patch("/v3/roles/" + role(admin, "admin"), "{\"role\": {\"description\": \"x\"}}"));
        as(admin).delete("/v3/roles/" + role(admin, "admin")).then().statusCode(403);
    }

    @Test
    void whatIsDisabledOrForeignIsNoScopeAndFailsAsAWrongPasswordDoes() {
        String name = unique("u");
        String user = user(admin, name);
        String project = project(admin, unique("p"));
        String other = project(admin, unique("other"));
        grant(admin, user, project, "member");
        String wrong = signIn("default", name, "wrong", "").asString();
        assertEquals(wrong, signIn("default", name, "pw", onProject(other)).asString());
        assertEquals(200, patch("/v3/projects/" + project, "{\"project\": {\"enabled\": false}}"));
        assertEquals(wrong, signIn("default", name, "pw", onProject(project)).asString());
        assertEquals(
                wrong,
                signIn("default", name, "pw", "{\"system\": {\"all\": true}}").asString());
        assertEquals(
                wrong,
                signIn("default", name, "pw", "{\"domain\": {\"id\": \"default\"}}")
                        .asString());
    }

    private Response below(String parent) {
        return as(admin)
                .body("{\"project\": {\"name\": \"" + unique("below") + "\", \"parent_id\": \"" + parent + "\"}}")
                .post("/v3/projects");
    }

    private int patch(String path, String body) {
        return as(admin).body(body).patch(path).statusCode();
    }

    private static Case attempt(int status, String auth) {
        return new Case(status, "POST", "/v3/auth/tokens", "{\"auth\": {" + auth + "}}");
    }

    private static Object code(Response response) {
        try {
            return response.path("error.code");
        } catch (RuntimeException e) {
            return "no JSON";
        }
    }
}
