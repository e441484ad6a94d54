package io.nephos.block;

import static io.restassured.RestAssured.given;

import io.nephos.testkit.Await;
import io.nephos.testkit.TestTokens;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** The service under test, as its clients speak to it. */
public final class Api {
    private Api() {}

    public static String project() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    public static RequestSpecification as(String token) {
        return given().header("X-Auth-Token", token);
    }

    public static RequestSpecification member(String project) {
        return as(TestTokens.member(project));
    }

    public static RequestSpecification admin() {
        return as(TestTokens.admin());
    }

    public static Response create(String project, Map<String, ?> more) {
        Map<String, Object> body = new HashMap<>(Map.of("size", 1));
        body.putAll(more);
        return post(member(project), "/v3/volumes", Map.of("volume", body));
    }

    /** A volume of 1 GiB that has become available; its id. */
    public static String volume(String project, Map<String, ?> more) {
        String id = create(project, more).then().statusCode(202).extract().path("volume.id");
        Await.until(() -> "available".equals(status(project, id)));
        return id;
    }

    public static Response post(RequestSpecification who, String path, Map<String, ?> body) {
        return who.contentType(ContentType.JSON).body(body).post(path);
    }

    public static Response put(RequestSpecification who, String path, Map<String, ?> body) {
        return who.contentType(ContentType.JSON).body(body).put(path);
    }

    public static Response act(RequestSpecification who, String volume, String action, Map<String, ?> arguments) {
        return post(who, "/v3/volumes/" + volume + "/action", Map.of(action, arguments));
    }

    /** "gone" when there is no such volume. */
    public static String status(String project, String volume) {
        Response response = member(project).get("/v3/volumes/" + volume);
        return response.statusCode() == 404 ? "gone" : response.path("volume.status");
    }

    public static <T> T onVirtualThread(Callable<T> work) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.submit(work).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
