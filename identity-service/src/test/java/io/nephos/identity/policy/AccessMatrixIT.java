package io.nephos.identity.policy;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nephos.identity.IdentityClient;
import io.nephos.identity.policy.AccessTable.Operation;
import io.nephos.identity.policy.Routes.Route;
import io.nephos.testkit.Infrastructure;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
                        default -> allowed ? status / 100 == 2 : status == operation.otherwise();
                    };
                    if (operation.method().equals("GET") && persona.getKey().equals("project-member")) {
                        right = right && headIsAllowedAsGetIs(cast, operation, place, persona, path, status);
                    }
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

    /** What wants a token gets none from who has none, whatever the table says. */
    @Test
    void noOperationIsOpenToAnyoneByOversight() {
        List<String> open = new ArrayList<>();
        for (Route route : Routes.all()) {
            int status = given().contentType(ContentType.JSON)
                    .body(route.method().equals("GET") || route.method().equals("DELETE") ? "" : "{}")
                    .request(route.method(), route.path().replaceAll("\\{[^}]*}", "x"))
                    .statusCode();
            if (!route.open() && status != 401) {
                open.add(route + " answered " + status);
            }
        }
        assertEquals(List.of(), open);
    }

    @Test
    void everyRouteIsInTheTable() {
        TreeSet<String> unspoken = new TreeSet<>();
        for (Route route : Routes.all()) {
            if (table.operations().stream().noneMatch(known -> known.speaksOf(route.method(), route.path()))
                    && table.left().stream()
                            .noneMatch(one -> one.built() && one.speaksOf(route.method(), route.path()))) {
                unspoken.add(route.method() + " " + route.path());
            }
        }
        assertEquals(Set.of(), unspoken, "routes without a line in access.txt");
    }

    /** A HEAD is answered as the GET that the document has with it. */
    @Test
    void everyOperationOfTheDocumentIsInTheTableOrAnswersThatItIsNotThere() throws IOException {
        Path document =
                Path.of(System.getProperty("nephos.oracle", "../../shared/oracle/openapi"), "identity-v3.14.yaml");
        assumeTrue(Files.exists(document), "not compared with the OpenAPI document, which is not in " + document);
        String admin = IdentityClient.admin();
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (Route documented : documented(Files.readAllLines(document))) {
            String method = documented.method().equals("HEAD") ? "GET" : documented.method();
            compared++;
            if (table.operations().stream().anyMatch(known -> known.speaksOf(method, documented.path()))) {
                continue;
            }
            Optional<AccessTable.Left> left = table.left().stream()
                    .filter(one -> one.speaksOf(method, documented.path()))
                    .findFirst();
            if (left.isEmpty()) {
                wrong.add(documented + " is not in access.txt");
            } else if (!left.get().built()) {
                Response answer = IdentityClient.as(admin)
                        .request(documented.method(), documented.path().replaceAll("\\{[^}]*}", "x"));
                if (answer.statusCode() != 404 && answer.statusCode() != 405) {
                    wrong.add(documented + " is not built, but answered " + answer.statusCode());
                }
            }
        }
        System.out.printf("%d operations of the document compared%n", compared);
        assertEquals(List.of(), wrong);
        assertTrue(compared > 300, "only " + compared + " operations in " + document);
    }

    /** The document is written with two spaces for each level. */
    private static List<Route> documented(List<String> lines) {
        List<Route> all = new ArrayList<>();
        String path = "";
        for (String line : lines) {
            if (line.matches("  /.*:")) {
                path = line.strip().replaceAll(":$", "");
            } else if (line.matches("    (get|head|post|put|patch|delete):") && !path.isEmpty()) {
                all.add(new Route(line.strip().replace(":", "").toUpperCase(Locale.ROOT), path, false, false));
            } else if (line.matches("\\S.*")) {
                path = "";
            }
        }
        return all;
    }

    private static boolean headIsAllowedAsGetIs(
            Cast cast, Operation operation, String place, Map.Entry<String, String> persona, String path, int status) {
        return send(cast, operation.as("HEAD"), place, persona.getKey(), persona.getValue(), path)
                                .statusCode()
                        / 100
                == status / 100;
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
