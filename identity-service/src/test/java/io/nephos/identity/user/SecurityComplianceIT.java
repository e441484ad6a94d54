package io.nephos.identity.user;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.signIn;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.nephos.identity.IdentityClient;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five wrong passwords lock a user out for two seconds here, and the last two passwords must differ. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class SecurityComplianceIT {
    @Inject
    Database db;

    private String admin;
    private String name;
    private String id;

    @BeforeEach
    void aUser() {
        IdentityClient.awaitReady();
        admin = admin();
        name = unique("u");
        id = user(admin, name);
    }

    @Test
    void wrongPasswordsLockAUserOutForAWhileUnlessHeIsExempt() throws InterruptedException {
        signIn("default", name, "pw", "").then().statusCode(201);
        fail(name);
        signIn("default", name, "pw", "").then().statusCode(401);
        patch("\"enabled\": true").then().statusCode(200);
        signIn("default", name, "pw", "").then().statusCode(201);
        fail(name);
        Thread.sleep(3000);
        signIn("default", name, "pw", "").then().statusCode(201);
        patch("\"options\": {\"ignore_lockout_failure_attempts\": true}").then().statusCode(200);
        fail(name);
        Thread.sleep(300);
        signIn("default", name, "pw", "").then().statusCode(201);
    }

    @Test
    void aUserChoosesAPasswordUnlikeHisLastOnesAndAnAdministratorAny() {
        change("pw", "pw").then().statusCode(400).body("error.message", containsString("previous password"));
        change("pw", "second").then().statusCode(204);
        change("second", "pw").then().statusCode(400);
        change("second", "third").then().statusCode(204);
        change("third", "pw").then().statusCode(204);
        patch("\"password\": \"pw\"").then().statusCode(200);
        patch("\"options\": {\"lock_password\": true}").then().statusCode(200);
        change("pw", "more").then().statusCode(400);
        change("wrong", "more").then().statusCode(401);
    }

    @Test
    void anExpiredPasswordIsGoodForBeingChangedAndNothingElse() {
        db.run(tx -> tx.find(UserRow.class, id).ifPresent(row -> {
            row.passwordExpiresAt = Instant.parse("2026-01-02T03:04:05Z");
            tx.update(row);
        }));
        as(admin).get("/v3/users/" + id).then().body("user.password_expires_at", startsWith("2026-01-02T03:04:05"));
        String filtered = "/v3/users?password_expires_at=";
        as(admin).get(filtered + "lt:2026-01-02T03:04:06Z").then().body("users.id", hasItem(id));
        as(admin)
                .get(filtered + "gt:2026-01-02T03:04:05Z")
                .then()
                .statusCode(200)
                .body("users.id", not(hasItem(id)));
        as(admin).get(filtered + "soon").then().statusCode(400);
        signIn("default", name, "pw", "").then().statusCode(401).body("error.message", containsString("expired"));
        signIn("default", name, "wrong", "")
                .then()
                .statusCode(401)
                .body("error.message", not(containsString("expired")));
        patch("\"options\": {\"ignore_password_expiry\": true}").then().statusCode(200);
        signIn("default", name, "pw", "")
                .then()
                .statusCode(201)
                .body("token.user.password_expires_at", startsWith("2026-01-02"));
        patch("\"options\": {\"ignore_password_expiry\": null}").then().statusCode(200);
        change("pw", "fresh").then().statusCode(204);
        signIn("default", name, "fresh", "").then().statusCode(201);
    }

    @Test
    void optionsAreOfTheirTypeOrRefused() {
        patch("\"options\": {\"multi_factor_auth_rules\": [[\"password\", \"totp\"]]}")
                .then()
                .statusCode(200)
                .body("user.options.multi_factor_auth_rules", hasSize(1));
        patch("\"options\": {\"multi_factor_auth_rules\": null}")
                .then()
                .statusCode(200)
                .body("user.options", equalTo(java.util.Map.of()));
        for (String bad : List.of(
                "\"lock_password\": \"yes\"",
                "\"lock_password\": []",
                "\"unknown\": true",
                "\"multi_factor_auth_rules\": true",
                "\"multi_factor_auth_rules\": [[]]",
                "\"multi_factor_auth_rules\": [[\"a\", \"a\"]]",
                "\"multi_factor_auth_rules\": [[\"a\"], [\"a\"]]",
                "\"multi_factor_auth_rules\": [[1]]")) {
            patch("\"options\": {" + bad + "}").then().statusCode(400);
        }
    }

    private static void fail(String name) {
        for (int i = 0; i < 5; i++) {
            signIn("default", name, "wrong", "").then().statusCode(401);
        }
    }

    private io.restassured.response.Response patch(String attributes) {
        return as(admin).body("{\"user\": {" + attributes + "}}").patch("/v3/users/" + id);
    }

    private io.restassured.response.Response change(String original, String password) {
        return given().contentType("application/json")
                .body("{\"user\": {\"original_password\": \"" + original + "\", \"password\": \"" + password + "\"}}")
                .post("/v3/users/" + id + "/password");
    }
}
