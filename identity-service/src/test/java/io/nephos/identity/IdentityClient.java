package io.nephos.identity;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Calls the service under test as a client would. */
public final class IdentityClient {
    public static final String ADMIN_PASSWORD = "the admin of a test";

    private IdentityClient() {}

    /** Until the cloud's own admin is there. */
    public static void awaitReady() {
        Instant end = Instant.now().plusSeconds(60);
        while (given().get("/q/health/ready").statusCode() != 200) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException(given().get("/q/health/ready").asString());
            }
            Thread.onSpinWait();
        }
    }

    public static String admin() {
        return signIn(
                        "default",
                        "admin",
                        ADMIN_PASSWORD,
                        "{\"project\": {\"name\": \"admin\", \"domain\": {\"id\": \"default\"}}}")
                .then()
                .statusCode(201)
                .extract()
                .header("X-Subject-Token");
    }

    public static RequestSpecification as(String token) {
        return given().header("X-Auth-Token", token).contentType(ContentType.JSON);
    }

    /** {@code scope} as JSON; empty for none. */
    public static Response signIn(String domain, String name, String password, String scope) {
        return given().contentType(ContentType.JSON)
                .body("""
                        {"auth": {"identity": {"methods": ["password"], "password": {"user":
                         {"name": "%s", "domain": {"id": "%s"}, "password": "%s"}}}%s}}
                        """.formatted(name, domain, password, scope.isEmpty() ? "" : ", \"scope\": " + scope))
                .post("/v3/auth/tokens");
    }

    public static String token(String name, String password, String scope) {
        return signIn("default", name, password, scope)
                .then()
                .statusCode(201)
                .extract()
                .header("X-Subject-Token");
    }

    public static Response byCredential(String id, String secret) {
        return given().contentType(ContentType.JSON)
                .body("""
                        {"auth": {"identity": {"methods": ["application_credential"],
                         "application_credential": {"id": "%s", "secret": "%s"}}}}
                        """.formatted(id, secret))
                .post("/v3/auth/tokens");
    }

    public static Response byTrust(String name, String password, String trust) {
        return signIn("default", name, password, "{\"OS-TRUST:trust\": {\"id\": \"" + trust + "\"}}");
    }

    public static String onProject(String id) {
        return "{\"project\": {\"id\": \"" + id + "\"}}";
    }

    public static String unique(String prefix) {
        return prefix + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    /** A new enabled user of the default domain, whose password is "pw". */
    public static String user(String admin, String name) {
        return create(admin, "user", "\"name\": \"" + name + "\", \"password\": \"pw\"");
    }

    public static String project(String admin, String name) {
        return create(admin, "project", "\"name\": \"" + name + "\"");
    }

    public static String domain(String admin, String name) {
        return create(admin, "domain", "\"name\": \"" + name + "\"");
    }

    /** Within twenty seconds. */
    public static void eventually(BooleanSupplier condition) {
        Instant end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("it did not happen in time");
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public static void grant(String admin, String user, String project, String role) {
        as(admin)
                .put("/v3/projects/" + project + "/users/" + user + "/roles/" + role(admin, role))
                .then()
                .statusCode(204);
    }

    public static String role(String admin, String name) {
        return as(admin).get("/v3/roles?name=" + name).then().extract().path("roles[0].id");
    }

    /** {@code attributes} as JSON, in which values are put. */
    public static String make(String admin, String noun, String attributes, Object... values) {
        return create(admin, noun, attributes.formatted(values));
    }

    /** Of the role "member" with impersonation; {@code more} as JSON. */
    public static String trust(String token, String by, String to, String project, String more) {
        return as(token)
                .body("""
                        {"trust": {"trustor_user_id": "%s", "trustee_user_id": "%s", "impersonation": true,
                         "project_id": "%s", "roles": [{"name": "member"}], %s}}
                        """.formatted(by, to, project, more))
                .post("/v3/OS-TRUST/trusts")
                .then()
                .statusCode(201)
                .extract()
                .path("trust.id");
    }

    /** {@code more} as JSON, with a comma before it. */
    public static Response applicationCredential(String token, String user, String more) {
        Response made = as(token)
                .body("{\"application_credential\": {\"name\": \"" + unique("c") + "\"" + more + "}}")
                .post("/v3/users/" + user + "/application_credentials");
        made.then().statusCode(201);
        return made;
    }

    private static String create(String admin, String noun, String attributes) {
        return as(admin)
                .body("{\"" + noun + "\": {" + attributes + "}}")
                .post("/v3/" + noun + "s")
                .then()
                .statusCode(201)
                .extract()
                .path(noun + ".id");
    }
}
