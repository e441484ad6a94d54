package io.nephos.identity.token;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.byCredential;
import static io.nephos.identity.IdentityClient.grant;
import static io.nephos.identity.IdentityClient.onProject;
import static io.nephos.identity.IdentityClient.project;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.identity.keycloak.Console;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five wrong passcodes, as five wrong passwords, lock a user out for two seconds here. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class MultiFactorIT {
    private static final String RULES = "\"multi_factor_auth_rules\": [[\"password\", \"totp\"]]";

    @Inject
    TokenSigner signer;

    private String admin;
    private String name;
    private String id;

    @BeforeEach
    void aUserWithASecondFactor() {
        IdentityClient.awaitReady();
        admin = admin();
        name = unique("u");
        id = user(admin, name);
        options(RULES);
    }

    @Test
    void aPasswordAloneGivesAReceiptAndWithThePasscodeATokenOnce() {
        String project = project(admin, unique("p"));
        grant(admin, id, project, "member");
        String secret = secret();
        // Twice, for a password that was proven a moment ago is no second factor.
        signIn("default", name, "pw", "").then().statusCode(401);
        Response half = signIn("default", name, "pw", "");
        half.then()
                .statusCode(401)
                .header("X-Subject-Token", nullValue())
                .body("receipt.user.id", equalTo(id))
                .body("receipt.user.name", equalTo(name))
                .body("receipt.user.domain.name", equalTo("Default"))
                .body("receipt.methods", equalTo(List.of("password")))
                .body("receipt.issued_at", notNullValue())
                .body("receipt.expires_at", notNullValue())
                .body("required_auth_methods", equalTo(List.of(List.of("password", "totp"))));
        String receipt = half.header("Openstack-Auth-Receipt");
        as(receipt).get("/v3/auth/projects").then().statusCode(401);
        as(admin)
                .header("X-Subject-Token", receipt)
                .get("/v3/auth/tokens")
                .then()
                .statusCode(404);
        String passcode = now(secret);
        for (String bad : List.of(receipt + "x", receipt.substring(3), "x", admin)) {
            with(bad, totp(id, passcode)).then().statusCode(401).header("Openstack-Auth-Receipt", nullValue());
        }
        secret = secret();
        Response whole = with(receipt, totp(id, now(secret), onProject(project)));
        whole.then()
                .statusCode(201)
                .body("token.methods", containsInAnyOrder("password", "totp"))
                .body("token.project.id", equalTo(project));
        with(receipt, totp(id, now(secret))).then().statusCode(401);
        String token = whole.header("X-Subject-Token");
        String rescoped = """
                {"auth": {"identity": {"methods": ["token"], "token": {"id": "%s"}}}}
                """;
        with("", rescoped.formatted(token))
                .then()
                .statusCode(201)
                .body("token.methods", hasItems("token", "password", "totp"));
        both(secret(), "pw").then().statusCode(201).body("token.methods", containsInAnyOrder("password", "totp"));
        both(secret(), "wrong").then().statusCode(401).header("Openstack-Auth-Receipt", nullValue());
    }

    @Test
    void aReceiptIsGoodForItsUserAndUntilHeIsRevoked() {
        String secret = secret();
        String receipt = signIn("default", name, "pw", "").header("Openstack-Auth-Receipt");
        String other = name;
        String otherId = id;
        name = unique("u");
        id = user(admin, name);
        String hers = secret();
        with(receipt, totp(id, now(hers))).then().statusCode(401).header("Openstack-Auth-Receipt", nullValue());
        String first = with("", totp(otherId, now(secret)))
                .then()
                .statusCode(401)
                .body("receipt.methods", equalTo(List.of("totp")))
                .extract()
                .header("Openstack-Auth-Receipt");
        id = otherId;
        Instant now = Instant.now();
        for (int seconds : new int[] {-1, 60}) {
            Receipt made = new Receipt(
                    id, "default", List.of("totp"), Optional.empty(), Optional.empty(), now, now.plusSeconds(seconds));
            with(signer.sign(made.toClaims()), password(other)).then().statusCode(seconds < 0 ? 401 : 201);
        }
        with(first, password(other)).then().statusCode(201).body("token.methods", hasItems("password", "totp"));
        as(admin).delete("/v3/users/" + id + "/tokens").then().statusCode(204);
        with(receipt, totp(id, now(secret()))).then().statusCode(401);
        with(first, password(other)).then().statusCode(401).header("Openstack-Auth-Receipt", nullValue());
    }

    @Test
    void tokensAndApplicationCredentialsFromBeforeTheRulesAreHalfAProofToo() {
        options("\"multi_factor_auth_enabled\": false");
        String project = project(admin, unique("p"));
        grant(admin, id, project, "member");
        Response before = signIn("default", name, "pw", onProject(project));
        String token = before.then().statusCode(201).extract().header("X-Subject-Token");
        Response credential = as(token)
                .body("{\"application_credential\": {\"name\": \"ac\", \"roles\": [{\"name\": \"reader\"}]}}")
                .post("/v3/users/" + id + "/application_credentials");
        String ac = credential.path("application_credential.id");
        String acSecret = credential.path("application_credential.secret");
        byCredential(ac, acSecret).then().statusCode(201);
        options("\"multi_factor_auth_enabled\": true");
        String half = with("", """
                {"auth": {"identity": {"methods": ["token"], "token": {"id": "%s"}}}}
                """.formatted(token))
                .then()
                .statusCode(401)
                .body("receipt.methods", containsInAnyOrder("token", "password"))
                .extract()
                .header("Openstack-Auth-Receipt");
        with(half, totp(id, now(secret())))
                .then()
                .statusCode(201)
                .body("token.audit_ids[1]", equalTo(before.path("token.audit_ids[0]")))
                .body("token.expires_at", equalTo(before.path("token.expires_at")));
        byCredential(ac, acSecret).then().statusCode(401).body("required_auth_methods", equalTo(List.of()));
        options("\"multi_factor_auth_rules\": [[\"application_credential\", \"totp\"]]");
        String narrow = byCredential(ac, acSecret).header("Openstack-Auth-Receipt");
        with(narrow, totp(id, now(secret())))
                .then()
                .statusCode(201)
                .body("token.project.id", equalTo(project))
                .body("token.roles.name", equalTo(List.of("reader")))
                .body("token.application_credential.id", equalTo(ac));
    }

    @Test
    void passcodesAreNotToBeGuessed() throws InterruptedException {
        String receipt = signIn("default", name, "pw", "").header("Openstack-Auth-Receipt");
        String secret = secret();
        for (int i = 0; i < 5; i++) {
            with(receipt, totp(id, "00000" + i)).then().statusCode(401);
        }
        with(receipt, totp(id, now(secret))).then().statusCode(401);
        both(secret, "pw").then().statusCode(401);
        Thread.sleep(2200);
        with(receipt, totp(id, now(secret))).then().statusCode(201);
        for (String wrong : List.of("", "12", "1".repeat(65), "x".repeat(64))) {
            int status = with(receipt, totp(id, wrong)).statusCode();
            assertTrue(status == 400 || status == 401, wrong + ": " + status);
        }
        with("", totp("nobody", "123456")).then().statusCode(401);
    }

    /** The device is known to Keycloak alone, which has the passcode from us. */
    @Test
    void whoHasADeviceInKeycloakNeedsItInTheCloudToo() {
        Console.open();
        String inConsole = unique("k");
        byte[] key = new byte[20];
        new SecureRandom().nextBytes(key);
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) ('a' + Math.floorMod(key[i], 26));
        }
        String raw = new String(key, StandardCharsets.US_ASCII);
        Console.userWithDevice(inConsole, "pw", raw);
        name = inConsole;
        signIn("default", name, "pw", "").then().statusCode(401).header("Openstack-Auth-Receipt", nullValue());
        withDevice("000000").then().statusCode(401);
        Response token = withDevice(Totp.passcode(base32(key), Instant.now()));
        token.then().statusCode(201).body("token.methods", containsInAnyOrder("password", "totp"));
        id = token.path("token.user.id");
        signIn("default", name, "pw", "").then().statusCode(401);
        with("", totp(id, Totp.passcode(base32(key), Instant.now().plusSeconds(30))))
                .then()
                .statusCode(401);
    }

    private Response withDevice(String passcode) {
        return with("", """
                {"auth": {"identity": {"methods": ["password", "totp"],
                 "password": {"user": {"name": "%1$s", "domain": {"id": "default"}, "password": "pw"}},
                 "totp": {"user": {"name": "%1$s", "domain": {"id": "default"}, "passcode": "%2$s"}}}}}
                """.formatted(name, passcode));
    }

    private void options(String options) {
        as(admin)
                .body("{\"user\": {\"options\": {" + options + "}}}")
                .patch("/v3/users/" + id)
                .then()
                .statusCode(200);
    }

    /** Another device of the user, whose passcode of this moment nobody has used yet. */
    private String secret() {
        byte[] key = new byte[20];
        new SecureRandom().nextBytes(key);
        String secret = base32(key);
        as(admin)
                .body(Map.of("credential", Map.of("type", "totp", "blob", secret, "user_id", id)))
                .post("/v3/credentials")
                .then()
                .statusCode(201);
        return secret;
    }

    private static String base32(byte[] key) {
        StringBuilder digits = new StringBuilder();
        String bits = new BigInteger(1, key).toString(2);
        bits = "0".repeat(key.length * 8 - bits.length()) + bits;
        for (int i = 0; i < bits.length(); i += 5) {
            digits.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(Integer.parseInt(bits.substring(i, i + 5), 2)));
        }
        return digits.toString();
    }

    private static Response with(String receipt, String body) {
        return given().contentType("application/json")
                .header("Openstack-Auth-Receipt", receipt)
                .body(body)
                .post("/v3/auth/tokens");
    }

    private Response both(String secret, String password) {
        return with("", """
                {"auth": {"identity": {"methods": ["password", "totp"],
                 "password": {"user": {"id": "%1$s", "password": "%2$s"}},
                 "totp": {"user": {"id": "%1$s", "passcode": "%3$s"}}}}}
                """.formatted(id, password, now(secret)));
    }

    private static String password(String name) {
        return """
                {"auth": {"identity": {"methods": ["password"], "password": {"user":
                 {"name": "%s", "domain": {"id": "default"}, "password": "pw"}}}}}
                """.formatted(name);
    }

    private static String now(String secret) {
        return Totp.passcode(secret, Instant.now());
    }

    private static String totp(String user, String passcode) {
        return totp(user, passcode, "null");
    }

    private static String totp(String user, String passcode, String scope) {
        return """
                {"auth": {"identity": {"methods": ["totp"], "totp": {"user": {"id": "%s", "passcode": "%s"}}},
                 "scope": %s}}
                """.formatted(user, passcode, scope);
    }
}
