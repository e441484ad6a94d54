package io.nephos.image.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema that is served and that what clients send is held to. Of the language, the words that our documents use;
 * texts that no database can keep fit no schema.
 *
 * @param name as the refusal has it: "Provided object does not match schema 'NAME': ..."
 */
public record JsonSchema(String name, JsonNode document) {
    private static final String DEFINITION = "#/definitions/";

    /** 400 that says where and why the value does not fit. */
    public void require(@Nullable JsonNode value) {
        if (value == null || !value.isObject()) {
            throw Fault.badRequest("Provided object does not match schema '" + name + "': it is not an object.");
        }
        mismatch(document, value, "").ifPresent(why -> {
            throw Fault.badRequest("Provided object does not match schema '" + name + "': " + why + ".");
        });
    }

    private Optional<String> mismatch(JsonNode schema, JsonNode value, String at) {
        if (schema.has("$ref")) {
            String definition = schema.get("$ref").asText().substring(DEFINITION.length());
            JsonNode there = document.path("definitions").path(definition);
            if (there.isMissingNode()) {
                throw new IllegalStateException(
                        "The schema " + name + " refers to what it does not have: " + definition);
            }
            return mismatch(there, value, at);
        }
        for (JsonNode part : schema.path("allOf")) {
            Optional<String> why = mismatch(part, value, at);
            if (why.isPresent()) {
                return why;
            }
        }
        return wrongKind(schema, value, at)
                .or(() -> wrongText(schema, value, at))
                .or(() -> wrongNumber(schema, value, at))
                .or(() -> wrongArray(schema, value, at))
                .or(() -> wrongObject(schema, value, at));
    }

    private static Optional<String> wrongKind(JsonNode schema, JsonNode value, String at) {
        JsonNode type = schema.path("type");
        boolean fits = type.isArray() ? anyOf(type, value) : is(type.asText(), value);
        if (!fits) {
            return Optional.of(named(at) + " is not of type " + type);
        }
        if (schema.has("enum")) {
            for (JsonNode choice : schema.get("enum")) {
                if (choice.equals(value)) {
                    return Optional.empty();
                }
            }
            return Optional.of(named(at) + " is not one of " + schema.get("enum"));
        }
        return Optional.empty();
    }

    private static boolean anyOf(JsonNode types, JsonNode value) {
        for (JsonNode type : types) {
            if (is(type.asText(), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "null" -> value.isNull();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> true;
        };
    }

    private static Optional<String> wrongText(JsonNode schema, JsonNode value, String at) {
        if (!value.isTextual()) {
            return Optional.empty();
        }
        String text = value.textValue();
        if (schema.has("maxLength") && text.length() > schema.get("maxLength").asInt()) {
            return Optional.of(named(at) + " is too long, at most "
                    + schema.get("maxLength").asInt() + " characters");
        }
        if (!storable(text)) {
            return Optional.of(named(at) + " holds characters that are none");
        }
        if (schema.has("pattern") && !text.matches(schema.get("pattern").asText())) {
            return Optional.of(named(at) + " does not match " + schema.get("pattern"));
        }
        if (schema.path("format").asText().equals("regex")) {
            try {
                Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                return Optional.of(named(at) + " is not a 'regex'");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> wrongNumber(JsonNode schema, JsonNode value, String at) {
        boolean low = value.isNumber()
                && schema.has("minimum")
                && value.decimalValue().compareTo(schema.get("minimum").decimalValue()) < 0;
        return low
                ? Optional.of(named(at) + " is less than the minimum of " + schema.get("minimum"))
                : Optional.empty();
    }

    private Optional<String> wrongArray(JsonNode schema, JsonNode value, String at) {
        if (!value.isArray()) {
            return Optional.empty();
        }
        Set<JsonNode> seen = new HashSet<>();
        int index = 0;
        for (JsonNode item : value) {
            if (schema.path("uniqueItems").asBoolean() && !seen.add(item)) {
                return Optional.of(named(at) + " has an element twice");
            }
            Optional<String> why = mismatch(schema.path("items"), item, at + "[" + index++ + "]");
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    private Optional<String> wrongObject(JsonNode schema, JsonNode value, String at) {
        if (!value.isObject()) {
            return Optional.empty();
        }
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                return Optional.of("'" + required.asText() + "' is a required property"
                        + (at.isEmpty() ? "" : " of " + named(at)));
            }
        }
        JsonNode others = schema.path("additionalProperties");
        for (var field : value.properties()) {
            if (!storable(field.getKey())) {
                return Optional.of("the name of a property holds characters that are none");
            }
            JsonNode own = schema.path("properties").path(field.getKey());
            if (own.isMissingNode() && others.isBoolean() && !others.booleanValue()) {
                return Optional.of(
                        "Additional properties are not allowed ('" + shortened(field.getKey()) + "' was unexpected)");
            }
            Optional<String> why = mismatch(
                    own.isMissingNode() ? others : own, field.getValue(), at + "/" + shortened(field.getKey()));
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    // PostgreSQL has neither NUL nor half a surrogate pair.
    private static boolean storable(String text) {
        return text.indexOf('\0') < 0
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static String named(String at) {
        return at.isEmpty() ? "the object" : "'" + at.substring(at.startsWith("/") ? 1 : 0) + "'";
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
