package io.nephos.scheduler.placement;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What JSON a request may have: as much of JSON Schema as Placement's requests need, refused in JSON Schema's words. The
 * message names the value, the keyword and the path, for example {@code JSON does not validate: 0 is less than the minimum
 * of 1. Failed validating 'minimum' in schema['properties']['total'].}
 */
public interface Schema {
    int LARGEST = Integer.MAX_VALUE;
    Pattern UUID_KEY = Pattern.compile("[0-9a-fA-F-]{36}");
    Pattern CLASS_KEY = Pattern.compile("[A-Z0-9_]+");

    /** Throws the 400 that says what is wrong with the value at that path. */
    void check(JsonNode value, String path);

    /** A string of so many characters. */
    static Schema text(int min, int max) {
        return (value, path) -> {
            require(value.isTextual(), path, "type", show(value) + " is not of type 'string'");
            String text = value.textValue();
            require(text.codePointCount(0, text.length()) >= min, path, "minLength", show(value) + " is too short");
            require(text.codePointCount(0, text.length()) <= max, path, "maxLength", show(value) + " is too long");
            require(text.indexOf('\0') < 0, path, "pattern", "a string must not contain a NUL character");
        };
    }

    /** A string of one character to 255 that matches; {@code shown} is the pattern as the API documents it. */
    static Schema word(Pattern pattern, String shown) {
        Schema text = text(1, 255);
        return (value, path) -> {
            text.check(value, path);
            require(
                    pattern.matcher(value.textValue()).matches(),
                    path,
                    "pattern",
                    show(value) + " does not match '" + shown + "'");
        };
    }

    static Schema uuid() {
        return (value, path) -> {
            require(value.isTextual(), path, "type", show(value) + " is not of type 'string'");
            require(Fields.isUuid(value.textValue()), path, "format", show(value) + " is not a 'uuid'");
        };
    }

    static Schema integer(long min, long max) {
        return (value, path) -> {
            require(value.isIntegralNumber(), path, "type", show(value) + " is not of type 'integer'");
            BigDecimal number = value.decimalValue();
            require(
                    number.compareTo(BigDecimal.valueOf(min)) >= 0,
                    path,
                    "minimum",
                    show(value) + " is less than the minimum of " + min);
            require(
                    number.compareTo(BigDecimal.valueOf(max)) <= 0,
                    path,
                    "maximum",
                    show(value) + " is greater than the maximum of " + max);
        };
    }

    /** Any integer that the books can hold. */
    static Schema integer() {
        return integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    static Schema number(double max) {
        return (value, path) -> {
            require(value.isNumber(), path, "type", show(value) + " is not of type 'number'");
            require(
                    value.doubleValue() <= max,
                    path,
                    "maximum",
                    show(value) + " is greater than the maximum of " + max);
        };
    }

    static Schema orNull(Schema schema) {
        return (value, path) -> {
            if (!value.isNull()) {
                schema.check(value, path);
            }
        };
    }

    static Schema list(Schema item, int least, boolean unique) {
        return (value, path) -> {
            require(value.isArray(), path, "type", show(value) + " is not of type 'array'");
            require(value.size() >= least, path, "minItems", show(value) + " is too short");
            int index = 0;
            for (JsonNode one : value) {
                item.check(one, path + "['items'][" + index++ + "]");
            }
            boolean repeated = new HashSet<>(elements(value)).size() < value.size();
            require(!unique || !repeated, path, "uniqueItems", show(value) + " has non-unique elements");
        };
    }

    static Properties object() {
        return new Properties(Map.of(), Optional.empty(), 0);
    }

    /** 400 unless the body obeys. Returns it. */
    default JsonNode require(JsonNode body) {
        check(body, "");
        return body;
    }

    /** An object that has no other properties than the named ones and those whose keys match. */
    record Properties(Map<String, Property> named, Optional<Keyed> keyed, int least) implements Schema {
        record Property(Schema schema, boolean required) {}

        record Keyed(Pattern keys, Schema schema) {}

        public Properties with(String name, Schema schema) {
            return and(name, new Property(schema, true));
        }

        public Properties optional(String name, Schema schema) {
            return and(name, new Property(schema, false));
        }

        /** Any number of properties with such keys. */
        public Properties keys(Pattern keys, Schema schema) {
            return new Properties(named, Optional.of(new Keyed(keys, schema)), least);
        }

        public Properties atLeast(int properties) {
            return new Properties(named, keyed, properties);
        }

        private Properties and(String name, Property property) {
            Map<String, Property> more = new LinkedHashMap<>(named);
            more.put(name, property);
            return new Properties(more, keyed, least);
        }

        @Override
        public void check(JsonNode value, String path) {
            Schema.require(value.isObject(), path, "type", show(value) + " is not of type 'object'");
            Schema.require(
                    value.size() >= least,
                    path,
                    "minProperties",
                    show(value) + " does not have enough properties, it should be non-empty");
            named.forEach((name, property) -> Schema.require(
                    !property.required() || value.has(name),
                    path,
                    "required",
                    "'" + name + "' is a required property"));
            List<String> unknown = new ArrayList<>();
            value.properties().forEach(entry -> {
                Optional<Schema> known = schemaOf(entry.getKey());
                if (known.isPresent()) {
                    known.get().check(entry.getValue(), path + "['properties']['" + entry.getKey() + "']");
                } else {
                    unknown.add("'" + entry.getKey() + "'");
                }
            });
            String names = String.join(", ", unknown);
            Schema.require(unknown.isEmpty(), path, "additionalProperties", refusal(names, unknown.size()));
        }

        private Optional<Schema> schemaOf(String key) {
            Property property = named.get(key);
            return property != null
                    ? Optional.of(property.schema())
                    : keyed.filter(some -> some.keys().matcher(key).matches()).map(Keyed::schema);
        }

        private String refusal(String names, int count) {
            String verb = count == 1 ? "was" : "were";
            return keyed.isPresent() && named.isEmpty()
                    ? names + " " + (count == 1 ? "does" : "do") + " not match any of the regexes: '^"
                            + keyed.get().keys() + "$'"
                    : "Additional properties are not allowed (" + names + " " + verb + " unexpected)";
        }
    }

    private static void require(boolean holds, String path, String keyword, String message) {
        if (!holds) {
            throw refused(path, keyword, message);
        }
    }

    private static FaultException refused(String path, String keyword, String message) {
        return Fault.badRequest(
                "JSON does not validate: " + message + ". Failed validating '" + keyword + "' in schema" + path + ".");
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    private static String show(JsonNode value) {
        String text = value.isTextual() ? "'" + value.textValue() + "'" : value.toString();
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }
}
