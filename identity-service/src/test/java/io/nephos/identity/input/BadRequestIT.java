package io.nephos.identity.input;

import static io.nephos.identity.IdentityClient.unique;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.identity.IdentityClient;
import io.nephos.identity.input.Mistakes.Mistake;
import io.nephos.identity.input.RequestTable.Request;
import io.nephos.identity.policy.Cast;
import io.nephos.identity.policy.Routes;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Keycloak;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a request, it is refused in Keystone's words, which name what is wrong; nothing is an error of ours. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Keycloak.class)
class BadRequestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LATER = "<unique>";
    private static final List<String> PARAMETERS = List.of(
            "name",
            "domain_id",
            "parent_id",
            "enabled",
            "is_domain",
            "limit",
            "marker",
            "sort_key",
            "sort_dir",
            "password_expires_at",
            "user_id",
            "type",
            "tags",
            "not-tags-any",
            "region_id",
            "interface",
            "since",
            "user.id",
            "scope.project.id",
            "scope.system",
            "effective",
            "include_subtree",
            "include_names",
            "scope.OS-INHERIT:inherited_to",
            "trustor_user_id",
            "nocatalog",
            "name__contains",
            "a%5Bb%5D");
    private static final String FILLER = "x".repeat(20_000);

    @TestHTTPResource
    URI service;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> wrong = new ArrayList<>();
    private int asked;

    @BeforeEach
    void bootstrapped() {
        IdentityClient.awaitReady();
    }

    @Test
    void everyRouteThatReadsABodyIsInTheTable() {
        TreeSet<String> unspoken = new TreeSet<>();
        Routes.all().stream()
                .filter(Routes.Route::readsBody)
                .filter(route -> RequestTable.read().stream()
                        .noneMatch(request -> request.speaksOf(route.method(), route.path())))
                .forEach(route -> unspoken.add(route.method() + " " + route.path()));
        assertEquals(List.of(), List.copyOf(unspoken), "routes without a line in requests.txt");
    }

    @Test
    void whateverAListIsAskedForItIsAnsweredOrRefused() {
        String token = IdentityClient.admin();
        for (Routes.Route route : Routes.all()) {
            if (!route.method().equals("GET") || route.open() || route.path().contains("{")) {
                continue;
            }
            for (String parameter : PARAMETERS) {
                for (String value :
                        List.of("'", "%ff", "-1", "99999999999999999999", "%5C%25_", "lt:soon", "x".repeat(2_000))) {
                    String path = route.path() + "?" + parameter + "=" + value;
                    HttpResponse<String> answer = send("GET", path, token, new byte[0], "");
                    if (answer.statusCode() >= 500
                            || answer.statusCode() >= 400 && message(answer).isEmpty()) {
                        wrong.add("GET " + path + ": " + told(answer));
                    }
                }
            }
        }
        System.out.printf("%d odd questions%n", asked);
        assertEquals("", String.join("\n", wrong));
    }

    /** What is short as text may be far longer as objects. */
    @Test
    void aBodyThatIsTooLongIsNotRead() throws IOException, InterruptedException {
        byte[] long8 = bytes("{\"auth\": {\"identity\": [" + "{},".repeat(2_700_000) + "{}]}}");
        for (int i = 0; i < 5; i++) {
            HttpResponse<String> answer = send("POST", "/v3/auth/tokens", "", long8, "");
            assertEquals(413, answer.statusCode());
            assertTrue(message(answer).contains("longer than"), answer.body());
        }
        HttpRequest unsaid = HttpRequest.newBuilder(service.resolve("/v3/auth/tokens"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(long8)))
                .build();
        try {
            assertEquals(
                    413, http.send(unsaid, HttpResponse.BodyHandlers.ofString()).statusCode());
        } catch (IOException cutOff) {
            // The connection is closed while the client is still sending.
        }
        assertEquals(200, send("GET", "/v3", "", new byte[0], "").statusCode());
    }

    @Test
    void oneThingWrongIsRefusedAndNamed() {
        Cast cast = new Cast();
        for (Request request : RequestTable.read()) {
            String token = cast.tokens().getOrDefault(request.persona(), "");
            String path = filled(cast, request, request.path());
            String body = filled(cast, request, request.body());
            HttpResponse<String> right = send(request.method(), path, token, bytes(body), "");
            if (right.statusCode() != request.right() && (request.right() != 200 || right.statusCode() / 100 != 2)) {
                wrong.add(request.method() + " " + request.path() + " is right, but " + told(right));
            }
            for (Mistake mistake : Mistakes.of(request, request.body(), body)) {
                judge(request, mistake, send(request.method(), path, token, mistake.body(), ""));
            }
            elsewhere(request, path, body, token);
        }
        System.out.printf("%d bad requests%n", asked);
        assertEquals("", String.join("\n", wrong));
        assertTrue(asked > 1_000, "only " + asked + " requests");
    }

    /** What is wrong is not the body: headers that are too long, names in the path that cannot be. */
    private void elsewhere(Request request, String path, String body, String token) {
        for (String header :
                List.of("X-Auth-Token", "X-Subject-Token", "OpenStack-Identity-Access-Rules", "X-Filler")) {
            HttpResponse<String> answer = send(request.method(), path, token, bytes(body), header);
            boolean refused = answer.statusCode() == 401;
            if (answer.statusCode() >= 500 || header.equals("X-Auth-Token") && !token.isEmpty() && !refused) {
                wrong.add(request.method() + " " + request.path() + " with a long " + header + ": " + told(answer));
            }
        }
        if (!request.path().contains("{")) {
            return;
        }
        String start = path.substring(0, filledStart(request.path(), path));
        String rest = request.path().substring(request.path().lastIndexOf('}') + 1);
        for (String odd :
                List.of("x".repeat(300), "%00", "%ff%fe", "%2e%2e", "%F0%9F%92%A9", "a%2Fb", ";a=b", "%3Cscript%3E")) {
            // What a PUT has made is not there for the PATCH of the next line.
            String name = odd + (odd.equals("%00") || request.method().equals("PUT") ? "" : "other");
            HttpResponse<String> answer = send(request.method(), start + name + rest, token, bytes(body), "");
            boolean made =
                    request.method().equals("PUT") && !List.of("%00", "%ff%fe").contains(odd) && odd.length() < 300;
            if (answer.statusCode() >= 500 || !made && answer.statusCode() / 100 == 2) {
                wrong.add(request.method() + " " + start + name + rest + ": " + told(answer));
            }
        }
    }

    /** Where in the path that is filled the last name begins. */
    private static int filledStart(String template, String path) {
        int names = template.substring(0, template.lastIndexOf('{')).split("/", -1).length - 1;
        int at = 0;
        for (int i = 0; i < names; i++) {
            at = path.indexOf('/', at) + 1;
        }
        return at;
    }

    private void judge(Request request, Mistake mistake, HttpResponse<String> answer) {
        int status = answer.statusCode();
        String message = message(answer);
        boolean right = switch (mistake.expected()) {
            case NAMED -> (status == 400 || status == 403) && message.contains(mistake.field());
            case MEANT ->
                status / 100 == 4
                        && (message.contains(mistake.field())
                                || message.contains("nowhere")
                                || List.of(401, 403, 404).contains(status));
            case REFUSED -> status / 100 == 4;
            case ANSWERED -> status < 500;
        };
        if (!right || status >= 400 && message.isEmpty()) {
            wrong.add(request.method() + " " + request.path() + " "
                    + mistake.what()
                            .lines()
                            .findFirst()
                            .orElse("")
                            .substring(0, Math.min(160, mistake.what().length())) + ": " + told(answer));
        }
    }

    /** Empty when the answer is not an error in Keystone's words. */
    private static String message(HttpResponse<String> answer) {
        try {
            JsonNode error = JSON.readTree(answer.body()).path("error");
            return error.path("code").asInt() == answer.statusCode()
                            && error.path("title").isTextual()
                    ? error.path("message").asText()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String told(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + answer.body().substring(0, Math.min(300, answer.body().length()));
    }

    private static String filled(Cast cast, Request request, String template) {
        return cast.filled(template.replace("{unique}", LATER), "home", request.persona());
    }

    private HttpResponse<String> send(String method, String path, String token, byte[] body, String longHeader) {
        asked++;
        byte[] text = new String(body, StandardCharsets.ISO_8859_1)
                .replace(LATER, unique("u"))
                .getBytes(StandardCharsets.ISO_8859_1);
        URI target = URI.create(service.toString().replaceAll("/$", "")
                + path.replace(LATER, unique("u")).replace("{", "%7B").replace("}", "%7D"));
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(text));
        if (!token.isEmpty() && !longHeader.equals("X-Auth-Token")) {
            request.header("X-Auth-Token", token);
        }
        Optional.of(longHeader).filter(name -> !name.isEmpty()).ifPresent(name -> request.header(name, FILLER));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
