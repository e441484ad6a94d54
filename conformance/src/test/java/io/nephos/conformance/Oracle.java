package io.nephos.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One OpenAPI 3.1 document of a real OpenStack service. What its {@code x-openstack} marks as newer or older than the
 * microversion in question is left out before a response is validated.
 */
final class Oracle {
    private static final Pattern NEW_IN = Pattern.compile("New in version (\\d+\\.\\d+)");
    private final JsonNode document;
    private final Map<String, JsonNode> componentsAt = new HashMap<>();
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final List<Pattern> errata;

    private Oracle(JsonNode document, List<Pattern> errata) {
        this.document = document;
        this.errata = errata;
    }

    /** The document whose name begins with that, for example "compute-v". */
    static Oracle of(Path directory, String name) throws IOException {
        try (var files = Files.list(directory)) {
            Path file = files.filter(path -> path.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
            return new Oracle(new YAMLMapper().readTree(file.toFile()), errata());
        }
    }

    /** Paths that can be read, the short ones first. */
    List<String> readable() {
        List<String> paths = new ArrayList<>();
        document.path("paths").properties().forEach(path -> {
            if (path.getValue().has("get")) {
                paths.add(path.getKey());
            }
        });
        paths.sort((a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length());
        return paths;
    }

    /** "get /v3/users" and so on. */
    List<String> operations() {
        List<String> all = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (List.of("get", "head", "post", "put", "patch", "delete").contains(method)) {
                        all.add(method + " " + path.getKey());
                    }
                }));
        return all;
    }

    /** False when the operation came later than that microversion, or was gone before it. */
    boolean has(String path, String method, String version) {
        JsonNode operation = operation(path, method);
        return operation.isObject() && within(operation, version);
    }

    /** The statuses that the document has for a success. */
    Set<Integer> successes(String path, String method) {
        Set<Integer> statuses = new HashSet<>();
        operation(path, method).path("responses").fieldNames().forEachRemaining(status -> {
            if (status.startsWith("2")) {
                statuses.add(Integer.valueOf(status));
            }
        });
        return statuses;
    }

    /** The media type of what that operation is sent, JSON when the document says nothing of it. */
    String mediaType(String path, String method) {
        var types = operation(path, method).path("requestBody").path("content").fieldNames();
        return types.hasNext() ? types.next() : "application/json";
    }

    /** What is wrong with the body that a client sends; it is a text unless it is JSON. */
    List<String> wrongInRequest(String path, String method, String version, String mediaType, JsonNode body) {
        String label = "REQUEST " + method.toUpperCase(Locale.ROOT) + " " + path;
        JsonNode content = operation(path, method).path("requestBody").path("content");
        JsonNode schema = content.path(mediaType).path("schema");
        if (!schema.isObject()) {
            return unlessErratum(label, List.of("the document has no body of " + mediaType));
        }
        return violations(label, schema, version, body);
    }

    /** What is wrong with that answer; empty when nothing is, or when the document says nothing of it. */
    List<String> violations(String path, String method, String version, JsonNode answer) {
        return responseSchema(path, method)
                .map(schema -> violations(method.toUpperCase(Locale.ROOT) + " " + path, schema, version, answer))
                .orElse(List.of());
    }

    private List<String> violations(String label, JsonNode schema, String version, JsonNode value) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("components", componentsAt.computeIfAbsent(version, v -> at(document.path("components"), v)));
        root.set("allOf", JsonNodeFactory.instance.arrayNode().add(at(schema, version)));
        Set<ValidationMessage> found = schemas.getSchema(root).validate(value);
        // The documents hardly ever say where the real services answer null; Tempest and the clients do.
        Set<String> nulls = new HashSet<>();
        for (ValidationMessage message : found) {
            if (message.getMessage().contains(": null found, ")) {
                nulls.add(message.getInstanceLocation().toString());
            }
        }
        return unlessErratum(
                label,
                found.stream()
                        .filter(message ->
                                !nulls.contains(message.getInstanceLocation().toString()))
                        .map(ValidationMessage::getMessage)
                        .distinct()
                        .toList());
    }

    private List<String> unlessErratum(String label, List<String> violations) {
        return violations.stream()
                .filter(violation -> errata.stream()
                        .noneMatch(erratum ->
                                erratum.matcher(label + " " + violation).matches()))
                .toList();
    }

    private JsonNode operation(String path, String method) {
        return document.path("paths").path(path).path(method);
    }

    private static List<Pattern> errata() throws IOException {
        return Lines.of("/openapi-errata.txt").stream()
                .map(line -> Pattern.compile(line.replace("{", "\\{").replace("}", "\\}")))
                .toList();
    }

    private Optional<JsonNode> responseSchema(String path, String method) {
        for (Map.Entry<String, JsonNode> response :
                operation(path, method).path("responses").properties()) {
            JsonNode schema =
                    response.getValue().path("content").path("application/json").path("schema");
            if (response.getKey().startsWith("2") && schema.isObject()) {
                return Optional.of(schema);
            }
        }
        return Optional.empty();
    }

    private static JsonNode at(JsonNode node, String version) {
        if (node.isArray()) {
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            node.forEach(item -> {
                if (within(item, version)) {
                    kept.add(at(item, version));
                }
            });
            return kept;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        node.properties().forEach(field -> {
            boolean choice = field.getKey().equals("oneOf") || field.getKey().equals("anyOf");
            JsonNode value = at(field.getValue(), version);
            if (choice && value.isArray() && value.isEmpty()) {
                return;
            }
            // Alternatives that differ by microversion only overlap once the others are gone.
            kept.set(field.getKey().equals("oneOf") ? "anyOf" : field.getKey(), value);
        });
        dropProperties(node, kept, version);
        return kept;
    }

    private static void dropProperties(JsonNode node, ObjectNode kept, String version) {
        if (!(kept.get("properties") instanceof ObjectNode properties)) {
            return;
        }
        List<String> gone = new ArrayList<>();
        node.path("properties").properties().forEach(property -> {
            if (!within(property.getValue(), version)) {
                gone.add(property.getKey());
            }
        });
        properties.remove(gone);
        if (kept.get("required") instanceof ArrayNode required) {
            ArrayNode still = JsonNodeFactory.instance.arrayNode();
            required.forEach(name -> {
                if (!gone.contains(name.asText())) {
                    still.add(name);
                }
            });
            kept.set("required", still);
        }
    }

    private static boolean within(JsonNode node, String version) {
        JsonNode range = node.path("x-openstack");
        Matcher since = NEW_IN.matcher(node.path("description").asText(""));
        String first = since.find() ? since.group(1) : "0.0";
        return version.isEmpty()
                || (order(range.path("min-ver").asText(first)) <= order(version)
                        && order(range.path("max-ver").asText("99.9999")) >= order(version));
    }

    private static long order(String version) {
        String[] parts = version.split("\\.");
        return Long.parseLong(parts[0]) * 100_000 + (parts.length > 1 ? Long.parseLong(parts[1]) : 0);
    }
}
