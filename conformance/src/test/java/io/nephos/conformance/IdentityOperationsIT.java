package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every operation of identity that is built, as identity-operations.txt has them, writes included: what is answered must be
 * what the OpenAPI document says. An operation of the document of which the file does not speak is a failure.
 */
class IdentityOperationsIT {
    private static final Path ORACLE = Path.of(System.getProperty(
            "nephos.oracle", Path.of("../../shared/oracle/openapi").toString()));
    private static final Pattern LINE = Pattern.compile("([A-Z]+)\\s+(\\S+)(?:\\s+(\\{.*}))?(?:\\s+=>\\s+(\\S+))?\\s*");

    private static final String SIGN_IN = ("{'auth': {'identity': {'methods': ['password'], 'password': {'user': {"
                    + "'name': 'admin', 'domain': {'id': 'default'}, 'password': '{admin-password}'}}},"
                    + " 'scope': {'project': {'name': 'admin', 'domain': {'id': 'default'}}}}}")
            .replace('\'', '"');

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> names = new HashMap<>();
    private String token = "";

    @Test
    void whatEveryOperationAnswersIsWhatTheDocumentSays() throws Exception {
        assumeTrue(Files.isDirectory(ORACLE), "no OpenAPI documents in " + ORACLE);
        Oracle oracle = Oracle.of(ORACLE, "identity-v");
        signIn();
        List<String> wrong = new ArrayList<>();
        TreeSet<String> unspoken = new TreeSet<>(oracle.operations());
        int checked = 0;
        for (String line : lines()) {
            if (line.startsWith("~") || line.startsWith("-")) {
                Pattern paths = Pattern.compile(
                        "[a-z]+ " + line.substring(2).replace("{", "\\{").replace("}", "\\}"));
                if (line.startsWith("-")) {
                    unspoken.stream()
                            .filter(operation -> paths.matcher(operation).matches())
                            .forEach(operation -> missing(operation, wrong));
                }
                unspoken.removeIf(operation -> paths.matcher(operation).matches());
                continue;
            }
            Matcher operation = LINE.matcher(line);
            if (!operation.matches()) {
                throw new IllegalStateException(line);
            }
            String path = operation.group(2).replace("{region_id2}", "{region_id}");
            String method = operation.group(1).toLowerCase(Locale.ROOT);
            unspoken.remove(method + " " + path);
            unspoken.remove("head " + path);
            String problem = run(oracle, operation, path, method);
            checked++;
            if (!problem.isEmpty()) {
                wrong.add(line + ": " + problem);
            }
        }
        System.out.printf("IDENTITY: %d operations answered, %d of them not as documented%n", checked, wrong.size());
        unspoken.forEach(operation -> wrong.add(operation + ": identity-operations.txt does not speak of it"));
        assertEquals("", String.join("\n", wrong));
    }

    private String run(Oracle oracle, Matcher operation, String path, String method) throws Exception {
        HttpResponse<byte[]> answer = send(
                method,
                filled(operation.group(2)),
                Optional.ofNullable(operation.group(3)).map(this::filled));
        JsonNode body = answer.body().length == 0 ? MissingNode.getInstance() : Cloud.JSON.readTree(answer.body());
        if (answer.statusCode() / 100 != 2) {
            return answer.statusCode() + " " + body;
        }
        Optional.ofNullable(operation.group(4)).ifPresent(name -> names.put(name, idOf(body)));
        List<String> violations = body.isMissingNode() ? List.of() : oracle.violations(path, method, "", body);
        return violations.isEmpty() ? "" : violations.toString();
    }

    private void missing(String operation, List<String> wrong) {
        try {
            String[] words = operation.split(" ");
            int status = send(words[0], words[1].replaceAll("\\{[^}]*}", "x"), Optional.of("{}"))
                    .statusCode();
            if (status != 404) {
                wrong.add(operation + ": is not built, but answered " + status);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void signIn() throws Exception {
        String run = UUID.randomUUID().toString().substring(0, 6);
        names.put("run", run);
        names.put("admin-password", Cloud.secret("admin"));
        names.put("value", "tag");
        names.put("group", "ldap");
        names.put("option", "url");
        for (String name : List.of("mapping_id", "idp_id", "protocol_id", "region_id2")) {
            names.put(name, name.substring(0, 3) + "-" + run);
        }
        HttpResponse<byte[]> answer = send("post", "/v3/auth/tokens", Optional.of(filled(SIGN_IN)));
        token = answer.headers().firstValue("X-Subject-Token").orElseThrow();
    }

    private HttpResponse<byte[]> send(String method, String path, Optional<String> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Cloud.IDENTITY + path))
                .header("Accept", "application/json")
                .method(
                        method.toUpperCase(Locale.ROOT),
                        body.map(HttpRequest.BodyPublishers::ofString).orElse(HttpRequest.BodyPublishers.noBody()));
        if (!token.isEmpty()) {
            request.header("X-Auth-Token", token).header("X-Subject-Token", token);
        }
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String filled(String template) {
        Matcher name = Pattern.compile("\\{([a-z][a-z_2-]*+)}").matcher(template);
        StringBuilder text = new StringBuilder();
        while (name.find()) {
            String key = name.group(1).equals("prior_role_id") ? "role_id" : name.group(1);
            name.appendReplacement(text, Matcher.quoteReplacement(names.getOrDefault(key, name.group())));
        }
        return name.appendTail(text).toString();
    }

    private static String idOf(JsonNode body) {
        JsonNode made = body.properties().iterator().next().getValue();
        return (made.isArray() ? made.path(0) : made).path("id").asText();
    }

    private static List<String> lines() throws IOException {
        try (InputStream file = IdentityOperationsIT.class.getResourceAsStream("/identity-operations.txt")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        }
    }
}
