package io.nephos.scheduler.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of exchanges: requests and what must be answered, as data, run from top to bottom.
 *
 * <pre>
 * about: what the file is about
 * minor: 39                       # microversion 1.39, unless a step says another
 * steps:
 * - it: says what is true
 *   minor: 20
 *   as: reader                    # admin (the default), service, reader, member, system, nobody
 *   PUT: /resource_providers/${p}/traits    # or GET, POST, DELETE
 *   send: {accept: text/plain}    # headers
 *   json: {traits: []}            # or text: for a body that is no JSON
 *   status: 409
 *   code: placement.concurrent_update
 *   says: generation              # some of the error's detail
 *   expect: {/traits/0: CUSTOM_A} # JSON pointers; see {@link #mismatch}
 *   headers: {last-modified: &lt;any&gt;}
 *   keep: {gen: /resource_provider_generation}
 * </pre>
 *
 * <p>{@code ${name}} is what an earlier answer gave and {@code keep} kept, else a new UUID, the same within the file;
 * {@code ${tag}} is a word for names of traits and classes.
 */
final class Contract {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "DELETE", "OPTIONS");

    private final Map<String, JsonNode> variables = new HashMap<>();
    private final JsonNode file;

    Contract(String resource) {
        try (InputStream stream = Contract.class.getResourceAsStream("/contract/" + resource)) {
            file = new YAMLMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String tag = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        variables.put("tag", JsonNodeFactory.instance.textNode(tag.toUpperCase(Locale.ROOT)));
    }

    /** One request and what is wanted of its answer. */
    record Step(
            String it,
            String method,
            String path,
            String as,
            Optional<String> version,
            Map<String, String> headers,
            Optional<String> body,
            JsonNode wanted) {}

    List<JsonNode> steps() {
        List<JsonNode> steps = new ArrayList<>();
        file.get("steps").forEach(steps::add);
        return steps;
    }

    /** With what earlier answers gave put in. */
    Step step(JsonNode raw) {
        JsonNode step = fill(raw);
        String method = METHODS.stream().filter(step::has).findFirst().orElseThrow();
        Map<String, String> headers = new HashMap<>();
        if (step.has("json") || step.has("text")) {
            headers.put("content-type", "application/json");
        }
        step.path("send")
                .properties()
                .forEach(entry -> headers.put(
                        entry.getKey(),
                        entry.getValue().isNull() ? "" : entry.getValue().asText()));
        headers.values().removeIf(String::isEmpty);
        JsonNode minor = step.has("minor") ? step.get("minor") : file.path("minor");
        return new Step(
                step.get("it").asText(),
                method,
                step.get(method).asText(),
                step.path("as").asText("admin"),
                minor.isInt() ? Optional.of("1." + minor.intValue()) : Optional.ofNullable(minor.textValue()),
                headers,
                step.has("json")
                        ? Optional.of(step.get("json").toString())
                        : Optional.ofNullable(step.path("text").textValue()),
                step);
    }

    void keep(Step step, JsonNode answer) {
        step.wanted()
                .path("keep")
                .properties()
                .forEach(entry ->
                        variables.put(entry.getKey(), answer.at(entry.getValue().asText())));
    }

    /** What is not as wanted; empty when all is. */
    List<String> mismatches(Step step, int status, Map<String, String> headers, JsonNode answer) {
        List<String> all = new ArrayList<>();
        JsonNode wanted = step.wanted();
        int expected = wanted.path("status").asInt(200);
        if (status != expected) {
            all.add("status " + status + ", not " + expected);
        }
        if (wanted.has("code") && !answer.at("/errors/0/code").equals(wanted.get("code"))) {
            all.add("code " + answer.at("/errors/0/code") + ", not " + wanted.get("code"));
        }
        if (wanted.has("says")
                && !answer.at("/errors/0/detail")
                        .asText()
                        .contains(wanted.get("says").asText())) {
            all.add("the detail does not say " + wanted.get("says"));
        }
        wanted.path("expect")
                .properties()
                .forEach(entry -> mismatch(answer.at(entry.getKey()), entry.getValue())
                        .ifPresent(wrong -> all.add(entry.getKey() + " " + wrong)));
        wanted.path("headers").properties().forEach(entry -> {
            String header = headers.get(entry.getKey());
            JsonNode there =
                    header == null ? JsonNodeFactory.instance.missingNode() : JsonNodeFactory.instance.textNode(header);
            mismatch(there, entry.getValue()).ifPresent(wrong -> all.add(entry.getKey() + " " + wrong));
        });
        return all;
    }

    /** Equal, or as {@code <any>}, {@code <absent>}, {@code <size 2>}, {@code <has x>} (an element, a key or a part of a text) say. */
    private static Optional<String> mismatch(JsonNode there, JsonNode wanted) {
        String rule = wanted.isTextual() ? wanted.textValue() : "";
        boolean good;
        if (rule.equals("<any>")) {
            good = !there.isMissingNode();
        } else if (rule.equals("<absent>")) {
            good = there.isMissingNode();
        } else if (rule.startsWith("<size ")) {
            good = there.isContainerNode() && there.size() == Integer.parseInt(argument(rule));
        } else if (rule.startsWith("<has ")) {
            good = has(there, argument(rule));
        } else {
            good = same(there, wanted);
        }
        return good ? Optional.empty() : Optional.of("is " + there + ", not " + wanted);
    }

    private static boolean has(JsonNode there, String item) {
        if (there.isTextual()) {
            return there.textValue().contains(item);
        }
        if (there.isObject()) {
            return there.has(item);
        }
        for (JsonNode one : there) {
            if (one.asText().equals(item)) {
                return true;
            }
        }
        return false;
    }

    private static boolean same(JsonNode there, JsonNode wanted) {
        if (there.isNumber() && wanted.isNumber()) {
            return there.doubleValue() == wanted.doubleValue();
        }
        return there.equals(wanted);
    }

    private static String argument(String rule) {
        return rule.substring(rule.indexOf(' ') + 1, rule.length() - 1);
    }

    private JsonNode fill(JsonNode node) {
        if (node.isTextual()) {
            return fillText(node.textValue());
        }
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.properties()
                    .forEach(entry -> object.set(fillText(entry.getKey()).asText(), fill(entry.getValue())));
            return object;
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(one -> array.add(fill(one)));
            return array;
        }
        return node;
    }

    /** A text that is one variable takes its type too. */
    private JsonNode fillText(String text) {
        Matcher matcher = VARIABLE.matcher(text);
        if (matcher.matches()) {
            return value(matcher.group(1));
        }
        return JsonNodeFactory.instance.textNode(
                VARIABLE.matcher(text).replaceAll(match -> value(match.group(1)).asText()));
    }

    private JsonNode value(String name) {
        return variables.computeIfAbsent(
                name,
                fresh -> JsonNodeFactory.instance.textNode(UUID.randomUUID().toString()));
    }

    static JsonNode read(byte[] body) {
        try {
            return body.length == 0 ? JsonNodeFactory.instance.missingNode() : JSON.readTree(body);
        } catch (IOException e) {
            return JsonNodeFactory.instance.missingNode();
        }
    }
}
