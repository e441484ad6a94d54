package io.nephos.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
 * Every operation of Placement at every microversion, as placement-operations.txt has them, writes included: each succeeds, and
 * what is answered is what the OpenAPI document says. An operation that the document has at a version, and of which the file
 * does not speak there, is a failure.
 */
class PlacementOperationsIT {
    private static final Path ORACLE = Path.of(System.getProperty(
            "nephos.oracle", Path.of("../../shared/oracle/openapi").toString()));
    private static final int NEWEST = 39;
    private static final Pattern LINE = Pattern.compile(
            "(?:1\\.(\\d+)-(?:1\\.(\\d+))?\\s+)?([A-Z]+)\\s+(\\S+)(?:\\s+([\\[{](?:(?! => ).)*))?(?:\\s+=>\\s+(\\S+)=(\\S+))?\\s*");

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> wrong = new ArrayList<>();
    private final String token = Cli.admin().json("token", "issue").path("id").asText();

    /** One line of the file. */
    private record Operation(
            int from, int to, String method, String path, Optional<String> body, Optional<String> name, String value) {
        static Operation of(String line) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalStateException(line);
            }
            return new Operation(
                    Integer.parseInt(Objects.requireNonNullElse(parts.group(1), "0")),
                    Integer.parseInt(Objects.requireNonNullElse(parts.group(2), "" + NEWEST)),
                    parts.group(3).toLowerCase(Locale.ROOT),
                    parts.group(4),
                    Optional.ofNullable(parts.group(5)),
                    Optional.ofNullable(parts.group(6)),
                    Objects.requireNonNullElse(parts.group(7), ""));
        }

        String documented() {
            return path.split("\\?", 2)[0];
        }
    }

    @Test
    void whatEveryOperationAnswersIsWhatTheDocumentSays() throws Exception {
        assumeTrue(Files.isDirectory(ORACLE), "no OpenAPI documents in " + ORACLE);
        Oracle oracle = Oracle.of(ORACLE, "placement-v");
        List<Operation> operations = operations();
        int checked = 0;
        for (int minor = 0; minor <= NEWEST; minor++) {
            checked += at(minor, oracle, operations);
        }
        System.out.printf("PLACEMENT: %d answers at %d versions, %d wrong%n", checked, NEWEST + 1, wrong.size());
        assertEquals("", String.join("\n", wrong));
    }

    private int at(int minor, Oracle oracle, List<Operation> operations) throws Exception {
        String version = "1." + minor;
        Map<String, String> names = new HashMap<>();
        names.put("RUN", UUID.randomUUID().toString().substring(0, 8).toUpperCase(Locale.ROOT));
        names.put("resource_class", "MEMORY_MB");
        for (String name : List.of("uuid", "consumer_uuid", "other_uuid")) {
            names.put(name, UUID.randomUUID().toString());
        }
        TreeSet<String> unspoken = new TreeSet<>();
        for (String operation : oracle.operations()) {
            String[] words = operation.split(" ", 2);
            if (oracle.has(words[1], words[0], version)) {
                unspoken.add(operation);
            }
        }
        int checked = 0;
        for (Operation operation : operations) {
            if (minor >= operation.from() && minor <= operation.to()) {
                unspoken.remove(operation.method() + " " + operation.documented());
                run(operation, version, oracle, names);
                checked++;
            }
        }
        unspoken.forEach(
                operation -> wrong.add(version + " " + operation + ": placement-operations.txt does not speak of it"));
        return checked;
    }

    private void run(Operation operation, String version, Oracle oracle, Map<String, String> names) throws Exception {
        String text = operation.body().orElse("");
        if (text.contains("{generation}")) {
            names.put(
                    "generation",
                    read("/resource_providers/" + names.get("uuid"))
                            .path("generation")
                            .toString());
        }
        if (text.contains("{consumer}")) {
            names.put(
                    "consumer",
                    read("/allocations/" + names.get("consumer_uuid"))
                            .path("consumer_generation")
                            .toString());
        }
        HttpResponse<byte[]> answer = send(
                operation.method(),
                filled(operation.path(), names),
                version,
                operation.body().map(body -> filled(body, names)));
        JsonNode body = answer.body().length == 0 ? MissingNode.getInstance() : Cloud.JSON.readTree(answer.body());
        String line = version + " " + operation.method() + " " + operation.path();
        if (answer.statusCode() / 100 != 2) {
            wrong.add(line + ": " + answer.statusCode() + " " + body);
        } else if (!body.isMissingNode()) {
            List<String> violations = oracle.violations(operation.documented(), operation.method(), version, body);
            if (!violations.isEmpty()) {
                wrong.add(line + ": " + violations);
            }
        }
        operation.name().ifPresent(name -> names.put(name, filled(operation.value(), names)));
    }

    private JsonNode read(String path) throws Exception {
        return Cloud.JSON.readTree(
                send("get", path, "1." + NEWEST, Optional.empty()).body());
    }

    private HttpResponse<byte[]> send(String method, String path, String version, Optional<String> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(Cloud.PLACEMENT + path))
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", "placement " + version)
                .method(
                        method.toUpperCase(Locale.ROOT),
                        body.map(HttpRequest.BodyPublishers::ofString).orElse(HttpRequest.BodyPublishers.noBody()));
        if (body.isPresent()) {
            request.header("Content-Type", "application/json");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String filled(String template, Map<String, String> names) {
        Matcher name = Pattern.compile("\\{([A-Za-z_]++)}").matcher(template);
        StringBuilder text = new StringBuilder();
        while (name.find()) {
            name.appendReplacement(text, Matcher.quoteReplacement(names.getOrDefault(name.group(1), name.group())));
        }
        return name.appendTail(text).toString();
    }

    private static List<Operation> operations() throws IOException {
        return Lines.of("/placement-operations.txt").stream().map(Operation::of).toList();
    }
}
