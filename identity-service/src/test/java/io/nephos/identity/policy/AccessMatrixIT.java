package io.nephos.identity.policy;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.identity.policy.AccessTable.Operation;
import io.nephos.kit.token.Public;
import io.nephos.testkit.Infrastructure;
import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.inject.Any;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every operation by every persona, as access.txt says it must end. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(io.nephos.testkit.Keycloak.class)
class AccessMatrixIT {
    private final AccessTable table = AccessTable.read();

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void everyPersonaMayDoWhatTheTableSaysAndNothingElse() {
        Cast cast = new Cast();
        Map<String, String> wrong = new TreeMap<>();
        int asked = 0;
        for (Operation operation : table.operations()) {
            for (String place : operation.places()) {
                String shared = cast.filled(operation.path(), place, "");
                for (Map.Entry<String, String> persona : cast.tokens().entrySet()) {
                    boolean allowed = operation.permits(persona.getKey(), place);
                    String path = allowed || operation.path().contains("{self}")
                            ? cast.filled(operation.path(), place, persona.getKey())
                            : shared;
                    Response answer = send(cast, operation, place, persona.getKey(), persona.getValue(), path);
                    asked++;
                    int status = answer.statusCode();
                    boolean right = switch (persona.getKey()) {
                        case "anonymous" -> status == 401;
                        default -> allowed ? status / 100 == 2 : status == 403;
                    };
                    if (!right) {
                        wrong.put(
                                operation.method() + " " + operation.path() + " " + place + " " + persona.getKey(),
                                (allowed ? "allowed" : "not allowed") + ", but " + status + " "
                                        + answer.asString().lines().findFirst().orElse(""));
                    }
                }
            }
        }
        System.out.printf("%d operations, %d requests%n", table.operations().size(), asked);
        assertEquals(
                "",
                String.join(
                        "\n",
                        wrong.entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + entry.getValue())
                                .toList()));
        assertTrue(asked > 1_000, "only " + asked + " requests");
    }

    /** What the table does not speak of is closed to who shows no token, unless it is meant for him. */
    @Test
    void noOperationIsOpenToAnyoneByOversight() {
        List<String> open = new ArrayList<>();
        TreeSet<String> unspoken = new TreeSet<>();
        for (String[] route : routes()) {
            String path = route[1].replaceAll("\\{kind:[^}]*}", "users").replaceAll("\\{[^}]*}", "x");
            int status = given().contentType(ContentType.JSON)
                    .body(route[0].equals("GET") || route[0].equals("DELETE") ? "" : "{}")
                    .request(route[0], path)
                    .statusCode();
            if (status != 401) {
                open.add(route[0] + " " + route[1] + " answered " + status);
            }
            if (table.operations().stream().noneMatch(known -> speaksOf(known, route))) {
                unspoken.add(route[0] + " " + route[1]);
            }
        }
        System.out.println("Without a line in access.txt: " + unspoken);
        assertEquals(List.of(), open);
    }

    private static boolean speaksOf(Operation known, String[] route) {
        String path = known.path().replaceAll("\\?.*", "").replaceAll("\\{[^}]*}", "x");
        String pattern = route[1].replaceAll("\\{kind:([^}]*)}", "($1)").replaceAll("\\{[^}]*}", "[^/]+");
        return known.method().equals(route[0]) && path.matches(pattern);
    }

    /** Method and path of every route that wants a token. */
    private static List<String[]> routes() {
        List<String[]> all = new ArrayList<>();
        Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE).stream()
                .map(bean -> bean.getBeanClass())
                .filter(type -> type.getName().startsWith("io.nephos.identity") && type.isAnnotationPresent(Path.class))
                .filter(type -> !type.isAnnotationPresent(Public.class))
                .distinct()
                .forEach(type -> {
                    for (Method method : type.getDeclaredMethods()) {
                        verb(method)
                                .ifPresent(verb -> all.add(new String[] {
                                    verb,
                                    type.getAnnotation(Path.class).value()
                                            + (method.isAnnotationPresent(Path.class)
                                                    ? method.getAnnotation(Path.class)
                                                            .value()
                                                    : "")
                                }));
                    }
                });
        return all;
    }

    private static Optional<String> verb(Method method) {
        return method.isAnnotationPresent(Public.class)
                ? Optional.empty()
                : Stream.of(method.getAnnotations())
                        .map(Annotation::annotationType)
                        .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                        .map(type -> type.getAnnotation(HttpMethod.class).value())
                        .findFirst();
    }

    private static Response send(
            Cast cast, Operation operation, String place, String persona, String token, String path) {
        RequestSpecification request = given().contentType(ContentType.JSON).urlEncodingEnabled(false);
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token);
        }
        operation.body().ifPresent(body -> request.body(cast.filled(body, place, persona)));
        operation
                .subject()
                .ifPresent(subject -> request.header("X-Subject-Token", cast.filled(subject, place, persona)));
        return request.request(operation.method(), path);
    }
}
