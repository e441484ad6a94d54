package io.nephos.network;

import static io.restassured.RestAssured.given;

import io.nephos.testkit.Await;
import io.nephos.testkit.TestTokens;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** The service under test, as a client with that token speaks to it. */
public final class Api {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String token;

    private Api(String token) {
        this.token = token;
    }

    public static Api admin() {
        return new Api(TestTokens.admin());
    }

    public static Api member(String project) {
        return new Api(TestTokens.member(project));
    }

    public static Api reader(String project) {
        return new Api(TestTokens.reader(project));
    }

    public static String project() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    public ValidatableResponse get(String path, Object... parameters) {
        return given().header("X-Auth-Token", token)
                .get("/v2.0" + path, parameters)
                .then();
    }

    public ValidatableResponse post(String path, Map<String, ?> body) {
        return given().header("X-Auth-Token", token)
                .contentType(ContentType.JSON)
                .body(body)
                .post("/v2.0" + path)
                .then();
    }

    public ValidatableResponse put(String path, Map<String, ?> body) {
        return given().header("X-Auth-Token", token)
                .contentType(ContentType.JSON)
                .body(body)
                .put("/v2.0" + path)
                .then();
    }

    public ValidatableResponse delete(String path) {
        return given().header("X-Auth-Token", token).delete("/v2.0" + path).then();
    }

    /** Makes one and returns its id. */
    public String make(String collection, String singular, Map<String, ?> attributes) {
        return post("/" + collection, Map.of(singular, attributes))
                .statusCode(201)
                .extract()
                .path(singular + ".id");
    }

    public String network() {
        return make("networks", "network", Map.of("name", "net"));
    }

    public String subnet(String network, String cidr) {
        return make(
                "subnets",
                "subnet",
                Map.of("network_id", network, "cidr", cidr, "ip_version", cidr.contains(":") ? 6 : 4));
    }

    public String port(String network, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("network_id", network);
        return make("ports", "port", body);
    }

    public static void await(String what, BooleanSupplier condition) {
        if (!Await.comesTrue(PATIENCE, condition)) {
            throw new AssertionError("Not in " + PATIENCE.toSeconds() + " s: " + what);
        }
    }
}
