package io.nephos.compute;

import static io.restassured.RestAssured.given;

import io.nephos.testkit.TestTokens;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;

/** The service under test, as its clients speak to it. */
public final class Api {
    public static final String IMAGE = "11111111-1111-4111-8111-111111111111";

    private Api() {}

    public static RequestSpecification admin() {
        return as(TestTokens.admin());
    }

    public static RequestSpecification as(String token) {
        return as(token, "2.1");
    }

    public static RequestSpecification as(String token, String version) {
        return given().contentType(ContentType.JSON)
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", "compute " + version);
    }

    /** A small flavor of that id and name, if there is none yet. */
    public static void flavor(String id) {
        admin().body("{\"flavor\": {\"id\": \"" + id + "\", \"name\": \"" + id
                        + "\", \"ram\": 128, \"disk\": 1, \"vcpus\": 1}}")
                .post("/v2.1/flavors");
    }
}
