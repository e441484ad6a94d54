package io.nephos.identity.token;

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
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.contracts.events.v1.RevocationEvent;
import io.nephos.identity.IdentityClient;
import io.nephos.kit.event.Broker;
import io.nephos.kit.event.EventFeed;
import io.nephos.kit.token.Revocations;
import io.nephos.kit.token.Token;
import io.nephos.kit.token.TokenVerifier;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class TokenIT {
    @Inject
    TokenVerifier verifier;

    @Inject
    TokenSigner signer;

    @Inject
    Broker broker;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void aPasswordGivesATokenWithProjectRolesAndCatalog() {
        signIn(
                        "default",
                        "admin",
                        IdentityClient.ADMIN_PASSWORD,
                        "{\"project\": {\"name\": \"admin\", \"domain\": {\"name\": \"Default\"}}}")
                .then()
                .statusCode(201)
                .header("X-Subject-Token", notNullValue())
                .header("Vary", equalTo("X-Auth-Token"))
                .body("token.user.name", equalTo("admin"))
                .body("token.user.domain.name", equalTo("Default"))
                .body("token.project.name", equalTo("admin"))
                .body("token.roles.name", hasItems("admin", "manager", "member", "reader"))
                .body("token.methods", equalTo(List.of("password")))
                .body("token.catalog.type", hasItems("identity", "compute"))
                .body("token.catalog.find { it.type == 'identity' }.endpoints", hasSize(3));
    }

    @Test
    void theSystemAndTheDomainCanBeScopesAndNoneToo() {
        String password = IdentityClient.ADMIN_PASSWORD;
        signIn("default", "admin", password, "{\"system\": {\"all\": true}}")
                .then()
                .statusCode(201)
                .body("token.system.all", equalTo(true));
        signIn("default", "admin", password, "{\"domain\": {\"id\": \"default\"}}")
                .then()
                .statusCode(201)
                .body("token.domain.name", equalTo("Default"));
        signIn("default", "admin", password, "\"unscoped\"")
                .then()
                .statusCode(201)
                .body("token.catalog", nullValue())
                .body("token.roles", nullValue());
    }

    @Test
    void aFailedSignInDoesNotTellWhetherTheUserExists() {
        Response wrong = signIn("default", "admin", "wrong", "");
        Response unknown = signIn("default", "nobody", "wrong", "");
        Response domain = signIn("nowhere", "admin", "wrong", "");
        String name = unique("disabled");
        String disabled = user(admin(), name);
        as(admin())
                .body("{\"user\": {\"enabled\": false}}")
                .patch("/v3/users/" + disabled)
                .then()
                .statusCode(200);
        for (Response one : List.of(wrong, unknown, domain, signIn("default", name, "pw", ""))) {
            one.then().statusCode(401).header("WWW-Authenticate", startsWith("Keystone"));
            assertEquals(wrong.body().asString(), one.body().asString());
        }
    }

    @Test
    void onlyATokenThatWeSignedAsItIsIsAccepted() {
        String good = admin();
        String[] parts = good.split("\\.");
        String foreign = TestTokens.sign(verifier.verify(good).orElseThrow());
        List<String> bad = List.of(
                good.substring(0, good.length() - 6),
                good + "AAAA",
                parts[0] + "." + parts[1] + ".",
                encoded("{\"alg\":\"none\"}") + "." + parts[1] + ".",
                encoded("{\"alg\":\"none\",\"kid\":\"testkit\"}") + "." + parts[1] + "." + parts[2],
                encoded("{\"alg\":\"HS256\",\"kid\":\"testkit\"}") + "." + parts[1] + "." + parts[2],
                encoded("{\"alg\":\"ES256\",\"kid\":\"../../etc/passwd\"}") + "." + parts[1] + "." + parts[2],
                parts[0] + "." + encoded("{\"sub\":\"someone\",\"aud_ids\":[\"x\"],\"roles\":[\"admin\"]}") + "."
                        + parts[2],
                foreign,
                "x",
                "..");
        for (String token : bad) {
            as(token).get("/v3/users").then().statusCode(401);
            as(good).header("X-Subject-Token", token)
                    .get("/v3/auth/tokens")
                    .then()
                    .statusCode(404);
        }
        as(good).get("/v3/users").then().statusCode(200);
    }

    @Test
    void anExpiredTokenIsRefusedAndCanBeReadOnlyOnRequest() {
        Token fresh = verifier.verify(admin()).orElseThrow();
        Instant past = Instant.now().minus(Duration.ofHours(2));
        String old = signer.sign(new Token(
                fresh.userId(),
                fresh.userDomainId(),
                fresh.projectId(),
                fresh.projectDomainId(),
                fresh.domainId(),
                false,
                fresh.roles(),
                fresh.methods(),
                fresh.auditIds(),
                Optional.empty(),
                Optional.empty(),
                past,
                past.plusSeconds(3600)));
        as(old).get("/v3/users").then().statusCode(401);
        String good = admin();
        as(good).header("X-Subject-Token", old).get("/v3/auth/tokens").then().statusCode(404);
        as(good).header("X-Subject-Token", old)
                .get("/v3/auth/tokens?allow_expired=1")
                .then()
                .statusCode(200);
    }

    @Test
    void aDeletedTokenIsRefusedAtOnceAndNotForgottenAndTheOthersLiveOn() {
        String one = admin();
        String other = admin();
        as(other)
                .header("X-Subject-Token", one)
                .delete("/v3/auth/tokens")
                .then()
                .statusCode(204);
        as(one).get("/v3/users").then().statusCode(401);
        as(other).header("X-Subject-Token", one).get("/v3/auth/tokens").then().statusCode(404);
        as(other).header("X-Subject-Token", one).head("/v3/auth/tokens").then().statusCode(404);
        as(other)
                .header("X-Subject-Token", other)
                .head("/v3/auth/tokens")
                .then()
                .statusCode(200);
    }

    @Test
    void theOtherServicesHearOfARevocationWithinASecond() throws InterruptedException {
        LinkedBlockingQueue<RevocationEvent> heard = new LinkedBlockingQueue<>();
        EventFeed<RevocationEvent> feed =
                new EventFeed<>(broker, Revocations.TOPIC, RevocationEvent.getDefaultInstance(), heard::add);
        feed.start();
        while (!feed.caughtUp()) {
            Thread.sleep(20);
        }
        heard.clear();
        String token = admin();
        String audit = verifier.verify(token).orElseThrow().auditIds().getFirst();
        long start = System.nanoTime();
        as(token)
                .header("X-Subject-Token", token)
                .delete("/v3/auth/tokens")
                .then()
                .statusCode(204);
        RevocationEvent event = heard.poll(1, TimeUnit.SECONDS);
        while (event != null && !event.getAuditId().equals(audit)) {
            event = heard.poll(1, TimeUnit.SECONDS);
        }
        feed.stop();
        assertTrue(event != null && System.nanoTime() - start < 1_000_000_000L, "it took too long");
    }

    @Test
    void aTokenCanBeRescopedButNotProlonged() {
        String admin = admin();
        String name = unique("u");
        String user = user(admin, name);
        String first = project(admin, unique("p"));
        String second = project(admin, unique("p"));
        grant(admin, user, first, "member");
        grant(admin, user, second, "reader");
        Response scoped = signIn("default", name, "pw", onProject(first));
        String token = scoped.header("X-Subject-Token");
        rescope(token, second)
                .then()
                .statusCode(201)
                .body("token.project.id", equalTo(second))
                .body("token.roles.name", equalTo(List.of("reader")))
                .body("token.methods", hasItems("password", "token"))
                .body("token.audit_ids", hasSize(2))
                .body("token.expires_at", equalTo(scoped.path("token.expires_at")));
        rescope(token, project(admin, unique("foreign"))).then().statusCode(401);
    }

    @Test
    void aRoleTakenAwayADisabledProjectAndANewPasswordEndTheTokensTheyConcern() {
        String admin = admin();
        String name = unique("u");
        String user = user(admin, name);
        String first = project(admin, unique("p"));
        String second = project(admin, unique("p"));
        grant(admin, user, first, "member");
        grant(admin, user, second, "member");
        String onFirst = signIn("default", name, "pw", onProject(first)).header("X-Subject-Token");
        String onSecond = signIn("default", name, "pw", onProject(second)).header("X-Subject-Token");
        String role = "/v3/projects/" + first + "/users/" + user + "/roles/" + role(admin, "member");
        as(admin).delete(role).then().statusCode(204);
        as(onFirst).get("/v3/auth/projects").then().statusCode(401);
        as(onSecond).get("/v3/auth/projects").then().statusCode(200).body("projects", hasSize(1));
        as(admin)
                .body("{\"project\": {\"enabled\": false}}")
                .patch("/v3/projects/" + second)
                .then()
                .statusCode(200);
        as(onSecond).get("/v3/auth/projects").then().statusCode(401);
        signIn("default", name, "pw", onProject(second)).then().statusCode(401);
        String unscoped = signIn("default", name, "pw", "").header("X-Subject-Token");
        given().contentType("application/json")
                .body("{\"user\": {\"original_password\": \"pw\", \"password\": \"new\"}}")
                .post("/v3/users/" + user + "/password")
                .then()
                .statusCode(204);
        as(unscoped).get("/v3/auth/projects").then().statusCode(401);
        signIn("default", name, "pw", "").then().statusCode(401);
        signIn("default", name, "new", "").then().statusCode(201);
    }

    @Test
    void anApplicationCredentialSignsInForItsProjectUntilItIsDeleted() {
        String admin = admin();
        String name = unique("u");
        String user = user(admin, name);
        String project = project(admin, unique("p"));
        grant(admin, user, project, "member");
        String token = signIn("default", name, "pw", onProject(project)).header("X-Subject-Token");
        String path = "/v3/users/" + user + "/application_credentials";
        Response created = as(token)
                .body("{\"application_credential\": {\"name\": \"ac\", \"roles\": [{\"name\": \"reader\"}]}}")
                .post(path);
        created.then().statusCode(201);
        String id = created.path("application_credential.id");
        String secret = created.path("application_credential.secret");
        Response signedIn = byCredential(id, secret);
        signedIn.then()
                .statusCode(201)
                .body("token.project.id", equalTo(project))
                .body("token.roles.name", equalTo(List.of("reader")));
        byCredential(id, secret + "x").then().statusCode(401);
        byCredential("0123456789abcdef", secret).then().statusCode(401);
        String theirs = signedIn.header("X-Subject-Token");
        as(theirs)
                .body("{\"application_credential\": {\"name\": \"more\"}}")
                .post(path)
                .then()
                .statusCode(403);
        rescope(theirs, project).then().statusCode(403);
        as(token).delete(path + "/" + id).then().statusCode(204);
        as(theirs).get("/v3/auth/projects").then().statusCode(401);
        byCredential(id, secret).then().statusCode(401);
    }

    @Test
    void whoIsDisabledLosesHisApplicationCredentialsForGood() {
        String admin = admin();
        String name = unique("u");
        String user = user(admin, name);
        String project = project(admin, unique("p"));
        grant(admin, user, project, "member");
        String path = "/v3/users/" + user + "/application_credentials";
        Response created = as(signIn("default", name, "pw", onProject(project)).header("X-Subject-Token"))
                .body("""
                        {"application_credential": {"name": "ac", "access_rules":
                         [{"service": "compute", "method": "GET", "path": "/v2.1/servers"}]}}
                        """)
                .post(path);
        String id = created.path("application_credential.id");
        String secret = created.path("application_credential.secret");
        // What one may do no longer, the credential may not either; what one may again, it may.
        String member = "/v3/projects/" + project + "/users/" + user + "/roles/" + role(admin, "member");
        byCredential(id, secret).then().statusCode(201);
        as(admin).delete(member).then().statusCode(204);
        byCredential(id, secret).then().statusCode(401);
        as(admin).put(member).then().statusCode(204);
        byCredential(id, secret).then().statusCode(201);
        for (boolean enabled : new boolean[] {false, true}) {
            as(admin)
                    .body("{\"user\": {\"enabled\": " + enabled + "}}")
                    .patch("/v3/users/" + user)
                    .then()
                    .statusCode(200);
        }
        byCredential(id, secret).then().statusCode(401);
        as(admin).get(path).then().statusCode(200).body("application_credentials", hasSize(0));
        as(admin).get("/v3/users/" + user + "/access_rules").then().body("access_rules", hasSize(0));
    }

    private static Response byCredential(String id, String secret) {
        return given().contentType("application/json")
                .body("""
                        {"auth": {"identity": {"methods": ["application_credential"],
                         "application_credential": {"id": "%s", "secret": "%s"}}}}
                        """.formatted(id, secret))
                .post("/v3/auth/tokens");
    }

    private static Response rescope(String token, String project) {
        return given().contentType("application/json")
                .body("""
                        {"auth": {"identity": {"methods": ["token"], "token": {"id": "%s"}}, "scope": %s}}
                        """.formatted(token, onProject(project)))
                .post("/v3/auth/tokens");
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
