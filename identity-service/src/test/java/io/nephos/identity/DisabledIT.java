package io.nephos.identity;

import static io.nephos.identity.HostileIT.assertAnswers;
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
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.token;
import static io.nephos.identity.IdentityClient.trust;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is disabled, or stands on something that is, is good for nothing. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class DisabledIT {
    private String admin;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        admin = admin();
    }

    @Test
    void aTokenOfADisabledTreeIsNoneAndNothingIsEnabledBelowIt() {
        String above = project(admin, unique("p"));
        String below = make(admin, "project", "\"name\": \"%s\", \"parent_id\": \"%s\"", unique("p"), above);
        String name = unique("u");
        grant(admin, user(admin, name), below, "member");
        String token = token(name, "pw", onProject(below));
        Map<String, Integer> asked = new LinkedHashMap<>();
        asked.put("PATCH /v3/projects/" + above + " {\"project\": {\"enabled\": false}}", 403);
        asked.put("PATCH /v3/projects/" + below + " {\"project\": {\"enabled\": false}}", 200);
        asked.put("PATCH /v3/projects/" + above + " {\"project\": {\"enabled\": false}} ", 200);
        asked.put("PATCH /v3/projects/" + below + " {\"project\": {\"enabled\": true}}", 403);
        asked.put("POST /v3/projects {\"project\": {\"name\": \"x\", \"parent_id\": \"" + above + "\"}}", 403);
        assertAnswers(admin, asked);
        as(token).get("/v3/auth/catalog").then().statusCode(401).body("error.code", equalTo(401));
        signIn("default", name, "pw", onProject(below)).then().statusCode(401);
    }

    @Test
    void whatIsDisabledSignsNobodyInByAnyWay() {
        String domain = domain(admin, unique("d"));
        String name = unique("u");
        String trustee = unique("trustee");
        String user =
                make(admin, "user", "\"name\": \"%s\", \"password\": \"pw\", \"domain_id\": \"%s\"", name, domain);
        String project = make(admin, "project", "\"name\": \"%s\", \"domain_id\": \"%s\"", unique("p"), domain);
        String to = user(admin, trustee);
        grant(admin, user, project, "member");
        String token = signIn(domain, name, "pw", onProject(project)).header("X-Subject-Token");
        Response credential = applicationCredential(token, user, "");
        Response key = as(token)
                .body("{\"tenant_id\": \"" + project + "\"}")
                .post("/v3/users/" + user + "/credentials/OS-EC2");
        String trust = trust(token, user, to, project, "\"remaining_uses\": null");
        Map<String, Supplier<Response>> ways = new LinkedHashMap<>();
        ways.put("a password", () -> signIn(domain, name, "pw", onProject(project)));
        ways.put(
                "a credential",
                () -> byCredential(
                        credential.path("application_credential.id"),
                        credential.path("application_credential.secret")));
        ways.put(
                "a key",
                () -> as(admin)
                        .body("""
                        {"credentials": {"access": "%s", "token": "eA==", "signature": "%s"}}
                        """.formatted(
                                key.<String>path("credential.access"), signed(key.path("credential.secret"), "x")))
                        .post("/v3/s3tokens"));
        ways.put("a trust", () -> byTrust(trustee, "pw", trust));
        assertEquals(Map.of(), answering(ways, 400, 499), "all is enabled");
        for (String off : new String[] {"project/" + project, "domain/" + domain, "user/" + user}) {
            String noun = off.substring(0, off.indexOf('/'));
            String path = "/v3/" + noun + "s/" + off.substring(off.indexOf('/') + 1);
            String before = Objects.requireNonNull(ways.get("a password")).get().header("X-Subject-Token");
            as(admin)
                    .body("{\"" + noun + "\": {\"enabled\": false}}")
                    .patch(path)
                    .then()
                    .statusCode(200);
            assertEquals(Map.of(), answering(ways, 200, 299), noun + " is disabled");
            as(before).get("/v3/auth/catalog").then().statusCode(401);
            if (noun.equals("user")) {
                // They do not come back with him.
                ways.remove("a credential");
            }
            as(admin)
                    .body("{\"" + noun + "\": {\"enabled\": true}}")
                    .patch(path)
                    .then()
                    .statusCode(200);
            assertEquals(Map.of(), answering(ways, 400, 599), noun + " is enabled again");
        }
    }

    /** Those of the ways that are answered from one to another status. */
    private static Map<String, String> answering(Map<String, Supplier<Response>> ways, int from, int to) {
        Map<String, String> all = new LinkedHashMap<>();
        ways.forEach((way, sent) -> {
            Response answer = sent.get();
            if (answer.statusCode() >= from && answer.statusCode() <= to) {
                all.put(way, answer.statusCode() + " " + answer.asString());
            }
        });
        return all;
    }

    private static String signed(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
