package io.nephos.identity.token;

import static io.nephos.identity.IdentityClient.admin;
import static io.nephos.identity.IdentityClient.as;
import static io.nephos.identity.IdentityClient.domain;
import static io.nephos.identity.IdentityClient.unique;
import static io.nephos.identity.IdentityClient.user;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.identity.IdentityClient;
import io.nephos.identity.keycloak.Console;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A sign-in that fails says the same and has Keycloak asked as often, whatever is wrong with it: it is Keycloak's hash of a
 * password that takes the time. Five wrong passwords lock a user out for two seconds here.
 */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class FailureCostIT {
    @Inject
    MeterRegistry metrics;

    private String admin;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
        admin = admin();
    }

    @Test
    void everyFailureHasTheSameWordsAndAsksKeycloakOnce() {
        String name = unique("u");
        String id = user(admin, name);
        String off = unique("off");
        String offId = user(admin, off);
        patch("users/" + offId, "{\"user\": {\"enabled\": false}}");
        String domain = domain(admin, unique("d"));
        String inIt = as(admin)
                .body("{\"user\": {\"name\": \"inside\", \"password\": \"pw\", \"domain_id\": \"" + domain + "\"}}")
                .post("/v3/users")
                .path("user.id");
        patch("domains/" + domain, "{\"domain\": {\"enabled\": false}}");
        Console.open();
        String device = unique("device");
        Console.userWithDevice(device, "pw", "12345678901234567890");
        Map<String, String> cases = new LinkedHashMap<>();
        cases.put("wrong password", password(named(name, "default"), "no"));
        cases.put("wrong password, by id", password(byId(id), "no"));
        cases.put("nobody", password(named("nobody", "default"), "pw"));
        cases.put("nobody, by id", password(byId("0123456789abcdef"), "pw"));
        cases.put("no such domain", password(named(name, "nowhere"), "pw"));
        cases.put("no such domain, by its name", password("\"name\": \"n\", \"domain\": {\"name\": \"n\"}", "pw"));
        cases.put("disabled", password(named(off, "default"), "pw"));
        cases.put("disabled, by id", password(byId(offId), "pw"));
        cases.put("disabled domain", password(named("inside", domain), "pw"));
        cases.put("disabled domain, by id", password(byId(inIt), "pw"));
        cases.put("nobody in a disabled domain", password(named("nobody", domain), "pw"));
        cases.put("without his device in Keycloak", password(named(device, "default"), "pw"));
        cases.put("wrong passcode", totp(byId(id)));
        cases.put("passcode of nobody", totp(named("nobody", "default")));
        cases.put("passcode of someone disabled", totp(byId(offId)));
        cases.put("passcode of someone in a disabled domain", totp(byId(inIt)));
        cases.put("wrong password and passcode", both(byId(id), "no"));
        cases.put("password and passcode of nobody", both(named("nobody", "default"), "pw"));
        cases.put("right password and wrong passcode", both(byId(id), "pw"));
        String words = signIn(password(byId(id), "no")).body().asString();
        cases.forEach((what, body) -> assertFails(what, body, words, 1));
        for (int i = 0; i < 5; i++) {
            signIn(password(byId(id), "no")).then().statusCode(401);
        }
        assertFails("locked out", password(byId(id), "pw"), words, 1);
        // Of the two Keycloak hashes a password for one only.
        String without = unique("without");
        as(admin)
                .body("{\"user\": {\"name\": \"" + without + "\"}}")
                .post("/v3/users")
                .then()
                .statusCode(201);
        assertFails("without a password", password(named(without, "default"), "pw"), words, 2);
    }

    private void assertFails(String what, String identity, String words, int grants) {
        double before = grants();
        Response response = signIn(identity);
        assertEquals(401, response.statusCode(), what);
        assertEquals(words, response.body().asString(), what);
        assertEquals(grants, Math.round(grants() - before), what);
    }

    private double grants() {
        Counter counter =
                metrics.find("nephos.keycloak.grants").tag("type", "password").counter();
        return counter == null ? 0 : counter.count();
    }

    private void patch(String path, String body) {
        as(admin).body(body).patch("/v3/" + path).then().statusCode(200);
    }

    private static Response signIn(String identity) {
        return given().contentType("application/json")
                .body("{\"auth\": {\"identity\": {" + identity + "}}}")
                .post("/v3/auth/tokens");
    }

    private static String byId(String id) {
        return "\"id\": \"" + id + "\"";
    }

    private static String named(String name, String domain) {
        return "\"name\": \"" + name + "\", \"domain\": {\"id\": \"" + domain + "\"}";
    }

    private static String password(String user, String password) {
        return "\"methods\": [\"password\"], \"password\": {\"user\": {" + user + ", \"password\": \"" + password
                + "\"}}";
    }

    private static String totp(String user) {
        return "\"methods\": [\"totp\"], \"totp\": {\"user\": {" + user + ", \"passcode\": \"000000\"}}";
    }

    private static String both(String user, String password) {
        return password(user, password).replace("[\"password\"]", "[\"password\", \"totp\"]")
                + ", \"totp\": {\"user\": {" + user + ", \"passcode\": \"000000\"}}";
    }
}
