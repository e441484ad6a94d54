package io.nephos.image;

import static io.restassured.RestAssured.given;

import io.nephos.testkit.TestTokens;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The service under test, as its clients speak to it. */
public final class Api {
    private Api() {}

    public static String project() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    public static RequestSpecification as(String token) {
        return given().urlEncodingEnabled(true).header("X-Auth-Token", token);
    }

    public static RequestSpecification member(String project) {
        return as(TestTokens.member(project));
    }

    /** A queued raw image of that project; its id. */
    public static String image(String project, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(Map.of("name", "i", "disk_format", "raw", "container_format", "bare"));
        body.putAll(more);
        return create(project, body).then().statusCode(201).extract().path("id");
    }

    public static Response create(String project, Map<String, ?> body) {
        return member(project).contentType(ContentType.JSON).body(body).post("/v2/images");
    }

    public static Response upload(String project, String id, byte[] bytes) {
        return member(project)
                .contentType("application/octet-stream")
                .body(bytes)
                .put("/v2/images/" + id + "/file");
    }

    public static Response patch(String token, String id, String body) {
        return as(token)
                .config(io.restassured.RestAssured.config()
                        .encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                                .encodeContentTypeAs("application/openstack-images-v2.1-json-patch", ContentType.TEXT)
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType("application/openstack-images-v2.1-json-patch")
                .body(body)
                .patch("/v2/images/" + id);
    }

    public static String status(String project, String id) {
        return member(project)
                .get("/v2/images/" + id)
                .then()
                .statusCode(200)
                .extract()
                .path("status");
    }
}
