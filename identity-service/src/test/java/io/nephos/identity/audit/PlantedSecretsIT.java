package io.nephos.identity.audit;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.byCredential;
import static io.nephos.identity.IdentityClient.domain;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.token;
import static io.nephos.identity.IdentityClient.unique;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.kit.event.Broker;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Secrets are planted wherever one can be; then all that was let out is searched for them. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class PlantedSecretsIT {
    @Inject
    Broker broker;

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private String admin = "";
    private String user = "";
    private String name = "";
    private String project = "";

    @Test
    void noSecretIsInALogASpanOrAnEvent() {
        IdentityClient.awaitReady();
        Overheard overheard = new Overheard();
        overheard.listen();
        try {
            admin = admin();
            secrets.put("the admin's password", IdentityClient.ADMIN_PASSWORD);
            secrets.put("the admin's token", signature(admin));
            String password = planted("a password");
            name = unique("planted-user");
            user = as(admin)
                    .body(Map.of("user", Map.of("name", name, "password", password)))
                    .post("/v3/users")
                    .path("user.id");
            project = project(admin, unique("p"));
            grant(admin, user, project, "member");
            String token = token(name, password, onProject(project));
            secrets.put("a token", signature(token));
            passwords(password);
            applicationCredentials(token);
            keys(token);
            federation();
            seeds(token, password);
            as(admin).delete("/v3/users/" + user).then().statusCode(204);
            IdentityClient.eventually(() -> overheard.told(broker).stream()
                    .anyMatch(line -> line.contains("deleted.user") && line.contains(user)));
        } finally {
            overheard.stop();
        }
        Map<String, List<String>> all =
                Map.of("logs", overheard.logged(), "spans", overheard.traced(), "events", overheard.told(broker));
        List<String> found = new ArrayList<>();
        all.forEach((where, lines) -> {
            assertTrue(
                    lines.size() > (where.equals("logs") ? 0 : 10),
                    where + " has little to look through: " + lines.size());
            secrets.forEach((what, secret) -> lines.stream()
                    .filter(line -> line.contains(secret))
                    .forEach(line -> found.add(what + " is in " + where + ": " + line.replace(secret, "<it>"))));
        });
        assertTrue(all.getOrDefault("spans", List.of()).stream().anyMatch(span -> span.contains("/v3/auth/tokens")));
        assertEquals("", String.join("\n", found));
    }

    private String planted(String what) {
        String secret = "planted-" + UUID.randomUUID();
        secrets.put(what, secret);
        return secret;
    }

    private void passwords(String password) {
        String second = planted("a new password");
        String wrong = planted("a wrong password");
        signIn("default", name, wrong, "").then().statusCode(401);
        signIn("default", planted("a password typed as the name"), wrong, "")
                .then()
                .statusCode(401);
        as(admin).body("{\"user\": {\"password\": \"" + second + "\", ").patch("/v3/users/" + user);
        as(admin).body("{\"user\": {\"password\": [\"" + second + "\"]}}").patch("/v3/users/" + user);
        as(admin).body("{\"user\": {\"password\": \"" + second + "\\u0000\"}}").patch("/v3/users/" + user);
        given().contentType("application/json")
                .body(Map.of("user", Map.of("original_password", wrong, "password", second)))
                .post("/v3/users/" + user + "/password")
                .then()
                .statusCode(401);
        as(admin)
                .body(Map.of("user", Map.of("password", planted("a password that an admin sets"))))
                .patch("/v3/users/" + user)
                .then()
                .statusCode(200);
        as(admin)
                .body(Map.of("user", Map.of("password", password)))
                .patch("/v3/users/" + user)
                .then()
                .statusCode(200);
    }

    private void applicationCredentials(String before) {
        String token = again(before);
        Response credential = as(token)
                .body("{\"application_credential\": {\"name\": \"ac\"}}")
                .post("/v3/users/" + user + "/application_credentials");
        String id = credential.path("application_credential.id");
        String secret = credential.path("application_credential.secret");
        secrets.put("a credential's secret", secret);
        String delegated = byCredential(id, secret).header("X-Subject-Token");
        secrets.put("a credential's token", signature(delegated));
        byCredential(id, planted("a wrong secret")).then().statusCode(401);
        byCredential("nobody", planted("a secret of no credential")).then().statusCode(401);
        as(token)
                .body(Map.of("application_credential", Map.of("name", "own", "secret", planted("a chosen secret"))))
                .post("/v3/users/" + user + "/application_credentials")
                .then()
                .statusCode(201);
        as(delegated + "x").get("/v3/users").then().statusCode(401);
        as(admin)
                .header("X-Subject-Token", delegated)
                .get("/v3/auth/tokens")
                .then()
                .statusCode(200);
        as(admin)
                .header("X-Subject-Token", delegated)
                .delete("/v3/auth/tokens")
                .then()
                .statusCode(204);
    }

    /** EC2 keys, and requests that were signed with them. */
    private void keys(String before) {
        String token = again(before);
        Response key = as(token)
                .body("{\"tenant_id\": \"" + project + "\"}")
                .post("/v3/users/" + user + "/credentials/OS-EC2");
        key.then().statusCode(201);
        secrets.put("an EC2 secret", key.path("credential.secret"));
        String signature = planted("a signature");
        for (String path : List.of("/v3/ec2tokens", "/v3/s3tokens")) {
            as(admin)
                    .body("""
                            {"credentials": {"access": "%s", "signature": "%s", "token": "eA==", "verb": "GET",
                             "host": "h", "path": "/", "params": {"SignatureVersion": "2"}}}
                            """.formatted(key.<String>path("credential.access"), signature))
                    .post(path)
                    .then()
                    .statusCode(401);
        }
        as(token)
                .body("""
                        {"credential": {"type": "ec2", "user_id": "%s", "project_id": "%s",
                         "blob": "{\\"access\\": \\"%s\\", \\"secret\\": \\"%s\\"}"}}
                        """.formatted(user, project, unique("k"), planted("a chosen EC2 secret")))
                .post("/v3/credentials")
                .then()
                .statusCode(201);
    }

    private void federation() {
        String path = "/v3/OS-FEDERATION/identity_providers/keycloak/protocols/openid/auth";
        given().header("Authorization", "Bearer " + planted("an access token"))
                .get(path)
                .then()
                .statusCode(401);
        given().header("Authorization", "Bearer e30." + planted("claims") + "." + planted("a signature of another"))
                .post(path)
                .then()
                .statusCode(401);
        for (String websso : List.of(
                "/v3/auth/OS-FEDERATION/websso/openid",
                "/v3/auth/OS-FEDERATION/identity_providers/keycloak/protocols/openid/websso")) {
            given().redirects()
                    .follow(false)
                    .cookie("nephos-websso", planted("a verifier of " + websso))
                    .queryParam("code", planted("a code of " + websso))
                    .queryParam("state", planted("a state of " + websso))
                    .get(websso)
                    .then()
                    .statusCode(401);
        }
        String domain = domain(admin, unique("d"));
        as(admin)
                .body(Map.of(
                        "config", Map.of("ldap", Map.of("url", "ldap://x", "password", planted("a bind password")))))
                .put("/v3/domains/" + domain + "/config")
                .then()
                .statusCode(201)
                .body(not(containsString("planted-")));
    }

    /** Seeds of passcodes, and the receipt of who has shown one of two things. */
    private void seeds(String before, String password) {
        String seed = UUID.randomUUID().toString().replaceAll("[^a-f]", "").toUpperCase(java.util.Locale.ROOT)
                + "PLANTEDSEEDPLANTEDSEED234567";
        secrets.put("a seed", seed);
        String token = again(before);
        Response made = as(token)
                .body(Map.of("credential", Map.of("type", "totp", "user_id", user, "blob", seed)))
                .post("/v3/credentials");
        made.then().statusCode(201);
        as(token)
                .body(Map.of("credential", Map.of("blob", seed + "A")))
                .patch("/v3/credentials/" + made.path("credential.id"));
        as(token).get("/v3/credentials").then().statusCode(200);
        as(admin).body("""
                        {"user": {"options": {"multi_factor_auth_enabled": true,
                         "multi_factor_auth_rules": [["password", "totp"]]}}}
                        """).patch("/v3/users/" + user).then().statusCode(200);
        Response half = signIn("default", name, password, "");
        half.then().statusCode(401);
        secrets.put("a receipt", signature(half.header("Openstack-Auth-Receipt")));
        given().contentType("application/json")
                .body("""
                        {"auth": {"identity": {"methods": ["totp"], "totp": {"user": {"id": "%s", "passcode": "%s"}}}}}
                        """.formatted(user, planted("a passcode")))
                .post("/v3/auth/tokens")
                .then()
                .statusCode(401);
    }

    /** A token for the first, which a change of the password may have ended. */
    private String again(String before) {
        if (as(before).get("/v3/auth/catalog").statusCode() == 200) {
            return before;
        }
        String fresh = token(name, String.valueOf(secrets.get("a password")), onProject(project));
        secrets.put("a token " + secrets.size(), signature(fresh));
        return fresh;
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }
}
