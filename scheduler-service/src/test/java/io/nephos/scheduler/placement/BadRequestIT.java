package io.nephos.scheduler.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.data.Database;
import io.nephos.scheduler.placement.Mistakes.Mistake;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a request, it is refused in Placement's words, which name what is wrong; nothing is an error of ours. */
@QuarkusTest
@QuarkusTestResource(value = Infrastructure.class, initArgs = @ResourceArg(name = "service", value = "scheduler"))
class BadRequestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern LINE = Pattern.compile("(1\\.\\d+)\\s+([A-Z]+)\\s+(\\S+) (.*?)( ~)?");
    private static final List<String> ODD = List.of(
            "",
            "'",
            "-1",
            "0",
            "99999999999999999999",
            "VCPU:1",
            "VCPU:9223372036854775807",
            "VCPU:1:2",
            "VCPU:1,VCPU:2",
            "!,!",
            "in:",
            "in:,",
            "!in:x",
            "%_\\",
            "\uD83D\uDCA9",
            "x".repeat(5_000),
            "A,".repeat(5_000) + "B",
            "00000000000000000000000000000000");

    @TestHTTPResource
    URI service;

    @Inject
    Database database;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> wrong = new ArrayList<>();
    private final String provider = UUID.randomUUID().toString();
    private final String token = TestTokens.admin();
    private int asked;

    @BeforeEach
    void provider() {
        database.execute(
                "insert into resource_provider (id, name, root_id) values ($1, $2, $1)", provider, "p-" + provider);
        database.execute(
                "insert into inventory (provider_id, resource_class, total, reserved, min_unit, max_unit, step_size,"
                        + " allocation_ratio) values ($1, 'VCPU', 1000000, 0, 1, 8, 1, 2)",
                provider);
        database.execute(
                "insert into host (id, name, agent_address, hypervisor_type, hypervisor_version, availability_zone,"
                        + " cpu_info, up, last_heartbeat) values ($1, $2, '', 'qemu', 1, 'nova', '{}', true,"
                        + " now() + interval '1 hour')",
                provider,
                "host-" + provider);
    }

    @Test
    void oneThingWrongIsRefusedAndNamed() throws IOException {
        try (InputStream file = BadRequestIT.class.getResourceAsStream("/requests.txt")) {
            new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(this::makeMistakes);
        }
        System.out.printf("%d bad requests%n", asked);
        assertEquals("", String.join("\n", wrong));
        assertTrue(asked > 1_500, "only " + asked + " requests");
    }

    private void makeMistakes(String text) {
        Matcher line = LINE.matcher(text);
        assertTrue(line.matches(), text);
        HttpResponse<String> right = send(line, bytes(line.group(4)));
        if (right.statusCode() / 100 != 2) {
            wrong.add(text + " is right, but " + told(right));
        }
        // Names stand for what they mean until a request is sent; a number needs none to be JSON.
        String body = line.group(4).replace("{generation}", "-12345");
        for (Mistake mistake : Mistakes.of(body)) {
            HttpResponse<String> answer = send(line, mistake.body());
            int status = answer.statusCode();
            String detail = detail(answer);
            boolean fresh = mistake.field().contains("{fresh}");
            boolean strict = line.group(5) == null;
            boolean holds = switch (mistake.expected()) {
                case NAMED -> !strict || status == 400 && (fresh || detail.contains(filled(mistake.field())));
                case REFUSED -> !strict || status == 400;
                case ANSWERED -> true;
            };
            if (!holds || status >= 500 || status >= 400 && detail.isEmpty()) {
                wrong.add(line.group(1) + " " + line.group(2) + " " + line.group(3) + " "
                        + mistake.what()
                                .substring(0, Math.min(160, mistake.what().length())) + ": " + told(answer));
            }
        }
    }

    @Test
    void whateverIsAskedForItIsAnsweredOrRefused() {
        List<String> parameters = List.of(
                "resources",
                "resources_A",
                "required",
                "member_of",
                "member_of_A",
                "in_tree",
                "limit",
                "group_policy",
                "root_required",
                "same_subtree",
                "name",
                "uuid",
                "associated",
                "project_id",
                "user_id",
                "consumer_type",
                "a%5Bb%5D");
        for (String path : List.of(
                "/resource_providers?",
                "/allocation_candidates?resources=VCPU:1&",
                "/usages?project_id=p&",
                "/traits?",
                "/resource_classes?")) {
            for (String parameter : parameters) {
                for (String odd : ODD) {
                    String query = parameter + "=" + URLEncoder.encode(odd, StandardCharsets.UTF_8);
                    judge("GET", path + query);
                    judge("GET", path + query + "&" + query);
                }
                judge("GET", path + parameter + "=%ff%fe");
                judge("GET", path + parameter);
            }
        }
        for (String path : List.of(
                "/resource_providers/%s",
                "/resource_providers/%s/inventories",
                "/resource_providers/%s/traits",
                "/resource_providers/%s/usages",
                "/resource_providers/%s/aggregates",
                "/resource_providers/%s/allocations",
                "/allocations/%s",
                "/traits/%s",
                "/resource_classes/%s",
                "/resource_providers/" + provider + "/inventories/%s",
                "/nephos/v1/optimizer/plans/%s")) {
            for (String odd :
                    List.of("x".repeat(300), "%ff%fe", "%2e%2e", "%F0%9F%92%A9", ";a=b", "%00", "0".repeat(32))) {
                for (String method : List.of("GET", "DELETE", "PUT", "POST", "PATCH")) {
                    judge(method, path.formatted(odd));
                }
            }
        }
        System.out.printf("%d odd questions%n", asked);
        assertEquals("", String.join("\n", wrong));
    }

    @Test
    void muchAtOnceIsDoneSoonOrRefused() {
        database.execute("insert into trait (name) select 'CUSTOM_MANY_' || n from generate_series(1, 10000) n"
                + " on conflict do nothing");
        String traits = IntStream.rangeClosed(1, 10_000)
                .mapToObj(n -> "\"CUSTOM_MANY_" + n + "\"")
                .collect(Collectors.joining(","));
        String aggregates = IntStream.range(0, 10_000)
                .mapToObj(n -> "\"" + UUID.randomUUID() + "\"")
                .collect(Collectors.joining(","));
        soon(
                200,
                () -> put(
                        "/resource_providers/" + provider + "/traits",
                        "{\"traits\": [" + traits + "], \"resource_provider_generation\": {generation}}"));
        soon(
                200,
                () -> put(
                        "/resource_providers/" + provider + "/aggregates",
                        "{\"aggregates\": [" + aggregates + "], \"resource_provider_generation\": {generation}}"));
        soon(
                200,
                () -> put(
                        "/resource_providers/" + provider + "/traits",
                        "{\"traits\": [], \"resource_provider_generation\": {generation}}"));
        soon(413, () -> put("/resource_providers/" + provider + "/aggregates", "[" + "[],".repeat(1_000_000) + "[]]"));
        soon(409, () -> put("/allocations/{fresh}", allocation("2147483647")));
        soon(400, () -> put("/allocations/{fresh}", allocation("9223372036854775807")));
        soon(400, () -> put("/allocations/{fresh}", allocation("18446744073709551616")));
        soon(200, () -> send("1.39", "GET", "/allocation_candidates?resources=VCPU:1&limit=99999999999999999999", ""));
        soon(200, () -> send("1.39", "GET", "/allocation_candidates?resources=VCPU:1&limit=999999999", ""));
    }

    @Test
    void aVeryDeepTreeIsMovedAndSearched() {
        String top = UUID.randomUUID().toString();
        database.execute(
                "with deep as (select n, case n when 0 then cast($1 as text) else cast(cast(md5(cast($1 as text) || n) as uuid) as text) end as id from generate_series(0, 1000) n)"
                        + " insert into resource_provider (id, name, root_id, parent_id)"
                        + " select id, 'deep-' || id, $1, lag(id) over (order by n) from deep order by n",
                top);
        database.execute(
                "insert into inventory (provider_id, resource_class, total, reserved, min_unit, max_unit, step_size,"
                        + " allocation_ratio) select id, 'SRIOV_NET_VF', 1, 0, 1, 1, 1, 1 from resource_provider where root_id = $1",
                top);
        soon(
                200,
                () -> put(
                        "/resource_providers/" + top,
                        "{\"name\": \"{unique}\", \"parent_provider_uuid\": \"" + provider + "\"}"));
        assertEquals(
                1001L,
                database.rows(
                                "select count(*) as members from resource_provider where root_id = $1 and id <> $1",
                                provider)
                        .getFirst()
                        .getLong("members"));
        String groups = IntStream.range(0, 12)
                .mapToObj(n -> "resources_" + n + "=SRIOV_NET_VF:1")
                .collect(Collectors.joining("&"));
        for (String policy : List.of("isolate", "none")) {
            soon(
                    200,
                    () -> send(
                            "1.39",
                            "GET",
                            "/allocation_candidates?" + groups + "&group_policy=" + policy + "&limit=5&in_tree_0="
                                    + provider + "&same_subtree=_0,_1,_2",
                            ""));
        }
        soon(
                200,
                () -> send(
                        "1.39", "GET", "/allocation_candidates?" + groups + "&group_policy=none&limit=999999999", ""));
        soon(
                400,
                () -> put(
                        "/resource_providers/" + provider,
                        "{\"name\": \"{unique}\", \"parent_provider_uuid\": \"" + top + "\"}"));
    }

    private static String allocation(String amount) {
        return "{\"allocations\": {\"{provider}\": {\"resources\": {\"VCPU\": " + amount
                + "}}}, \"project_id\": \"p\", \"user_id\": \"u\", \"consumer_generation\": null, \"consumer_type\": \"INSTANCE\"}";
    }

    private void soon(int status, Supplier<HttpResponse<String>> request) {
        HttpResponse<String> answer = assertTimeout(Duration.ofSeconds(20), request::get);
        assertEquals(status, answer.statusCode(), () -> told(answer));
    }

    private HttpResponse<String> put(String path, String body) {
        return send("1.39", "PUT", path, body);
    }

    private void judge(String method, String path) {
        HttpResponse<String> answer = send("1.39", method, path, "");
        if (answer.statusCode() >= 500
                || answer.statusCode() >= 400 && detail(answer).isEmpty()) {
            wrong.add(method + " " + path + ": " + told(answer));
        }
    }

    private HttpResponse<String> send(Matcher line, byte[] body) {
        return send(line.group(1), line.group(2), line.group(3), body);
    }

    private HttpResponse<String> send(String version, String method, String path, String body) {
        return send(version, method, path, bytes(body));
    }

    private HttpResponse<String> send(String version, String method, String path, byte[] body) {
        asked++;
        String text = filled(new String(body, StandardCharsets.ISO_8859_1));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(service.toString().replaceAll("/$", "") + filled(path)))
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", "placement " + version)
                .timeout(Duration.ofSeconds(60))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(text.getBytes(StandardCharsets.ISO_8859_1)));
        if (!method.equals("GET") && !method.equals("DELETE")) {
            request.header("Content-Type", "application/json");
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(method + " " + path, e);
        }
    }

    private String filled(String text) {
        String unique = "u" + UUID.randomUUID();
        String filled = text.replace("{unique}", unique)
                .replace("{UNIQUE}", unique.toUpperCase(Locale.ROOT).replace('-', '_'))
                .replace("{fresh}", UUID.randomUUID().toString())
                .replace("{aggregate}", provider)
                .replace("{host}", "host-" + provider)
                .replace("{provider}", provider);
        if (filled.contains("{generation}") || filled.contains("-12345")) {
            String generation = database.rows("select generation from resource_provider where id = $1", provider)
                    .getFirst()
                    .getLong("generation")
                    .toString();
            filled = filled.replace("{generation}", generation).replace("-12345", generation);
        }
        if (filled.contains("{class}")) {
            database.execute("insert into resource_class (name) values ('CUSTOM_OLD') on conflict do nothing");
            filled = filled.replace("{class}", "CUSTOM_OLD");
        }
        return filled;
    }

    /** Empty when the answer is not an error in Placement's words. */
    private static String detail(HttpResponse<String> answer) {
        try {
            JsonNode error = JSON.readTree(answer.body()).path("errors").path(0);
            return error.path("status").asInt() == answer.statusCode()
                            && error.path("title").isTextual()
                    ? error.path("detail").asText()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String told(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + answer.body().substring(0, Math.min(300, answer.body().length()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
