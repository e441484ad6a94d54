package io.nephos.identity.keycloak;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Keycloak's own console, in the hands of an administrator of the realm who is not identity-service. */
public final class Console {
    private static final String URL = config("nephos.keycloak.url");
    private static final String REALM = URL + "/realms/nephos";
    private static final String ADMIN = URL + "/admin/realms/nephos";

    private Console() {}

    /** With the rights of an administrator, below {@code /admin/realms/nephos}. */
    public static RequestSpecification as() {
        return with(token("admin-cli", "", "console-administrator", "console"));
    }

    public static String url(String path) {
        return ADMIN + path;
    }

    public static String discovery() {
        return REALM + "/.well-known/openid-configuration";
    }

    /** Once for a test class. */
    public static void open() {
        String own = given().formParam("grant_type", "client_credentials")
                .formParam("client_id", config("nephos.keycloak.client-id"))
                .formParam("client_secret", config("nephos.keycloak.client-secret"))
                .post(REALM + "/protocol/openid-connect/token")
                .path("access_token");
        if (!with(own)
                .get(ADMIN + "/users?exact=true&username=console-administrator")
                .jsonPath()
                .getList("$")
                .isEmpty()) {
            return;
        }
        with(own).body("""
                        {"username": "console-administrator", "enabled": true, "email": "c@example.com",
                         "firstName": "C", "lastName": "A",
                         "credentials": [{"type": "password", "value": "console"}]}
                        """).post(ADMIN + "/users").then().statusCode(201);
        String user = with(own)
                .get(ADMIN + "/users?exact=true&username=console-administrator")
                .path("[0].id");
        String client =
                with(own).get(ADMIN + "/clients?clientId=realm-management").path("[0].id");
        String role = with(own)
                .get(ADMIN + "/clients/" + client + "/roles/realm-admin")
                .asString();
        with(own)
                .body("[" + role + "]")
                .post(ADMIN + "/users/" + user + "/role-mappings/clients/" + client)
                .then()
                .statusCode(204);
    }

    /** A user with a password; returns his id. */
    public static String user(String name, String password) {
        Response made = as().body("""
                        {"username": "%s", "enabled": true, "credentials": [{"type": "password", "value": "%s"}]}
                        """.formatted(name, password)).post(url("/users"));
        made.then().statusCode(201);
        return made.header("Location").replaceAll(".*/", "");
    }

    /** He has a device for passcodes as well, whose secret is that text; not in base 32. */
    public static void userWithDevice(String name, String password, String secret) {
        Map<String, String> device = Map.of(
                "type",
                "otp",
                "secretData",
                "{\"value\": \"" + secret + "\"}",
                "credentialData",
                "{\"subType\": \"totp\", \"digits\": 6, \"counter\": 0, \"period\": 30,"
                        + " \"algorithm\": \"HmacSHA1\"}");
        as().body(Map.of(
                        "username",
                        name,
                        "enabled",
                        true,
                        "credentials",
                        List.of(Map.of("type", "password", "value", password), device)))
                .post(url("/users"))
                .then()
                .statusCode(201);
    }

    /** An access token of the realm. */
    public static String token(String client, String secret, String user, String password) {
        return tokens(client, secret, user, password).path("access_token");
    }

    /** Access token and ID token of one sign-in. */
    public static Response tokens(String client, String secret, String user, String password) {
        return given().formParam("grant_type", "password")
                .formParam("client_id", client)
                .formParam("client_secret", secret)
                .formParam("username", user)
                .formParam("password", password)
                .formParam("scope", "openid profile")
                .post(REALM + "/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .response();
    }

    private static RequestSpecification with(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    private static String config(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}
