package io.nephos.kit.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a request, read field by field. Every mismatch is a 400 that names the field by its path, for example
 * {@code Invalid input for field/attribute server.name: must be a string of 1 to 255 characters.}
 */
public final class Fields {
    private final String path;
    private final JsonNode node;

    private Fields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    /** The object under the one key of the body, as in {@code {"server": {...}}}. */
    public static Fields of(@Nullable JsonNode body, String key) {
        if (body == null || !body.isObject() || !body.has(key)) {
            throw Fault.badRequest("Invalid input: '" + key + "' is a required property.");
        }
        JsonNode inner = body.get(key);
        if (!inner.isObject()) {
            throw Fault.badRequest("Invalid input for field/attribute " + key + ": must be an object.");
        }
        return new Fields(key, inner);
    }

    /** The body itself. */
    public static Fields ofBody(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            throw Fault.badRequest("Invalid input: the request body must be a JSON object.");
        }
        return new Fields("", body);
    }

    public JsonNode json() {
        return node;
    }

    /** Present, even when null. */
    public boolean has(String name) {
        return node.has(name);
    }

    public boolean isNull(String name) {
        return node.has(name) && node.get(name).isNull();
    }

    /** 400 when any other field is there. */
    public Fields only(String... names) {
        Set<String> known = Set.of(names);
        List<String> unknown = new ArrayList<>();
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw Fault.badRequest("Additional properties are not allowed" + (path.isEmpty() ? "" : " in " + path)
                    + ": '" + String.join("', '", unknown) + "'.");
        }
        return this;
    }

    public String text(String name, int min, int max) {
        return optionalText(name, min, max).orElseThrow(() -> required(name));
    }

    public Optional<String> optionalText(String name, int min, int max) {
        return present(name).map(value -> {
            if (!value.isTextual()
                    || value.textValue().length() < min
                    || value.textValue().length() > max) {
                throw invalid(name, "must be a string of " + min + " to " + max + " characters.");
            }
            return kept(name, value.textValue());
        });
    }

    // PostgreSQL refuses a NUL, and would be sent a question mark for half a surrogate pair, which JSON can spell.
    private String kept(String name, String text) {
        if (text.indexOf('\0') >= 0) {
            throw invalid(name, "must not contain a NUL character.");
        }
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw invalid(name, "must be Unicode.");
        }
        return text;
    }

    public String oneOf(String name, String... allowed) {
        return optionalOneOf(name, allowed).orElseThrow(() -> required(name));
    }

    public Optional<String> optionalOneOf(String name, String... allowed) {
        return present(name).map(value -> {
            if (!value.isTextual() || !Set.of(allowed).contains(value.textValue())) {
                throw invalid(name, "must be one of '" + String.join("', '", allowed) + "'.");
            }
            return value.textValue();
        });
    }

    /** A UUID with or without hyphens, as sent. */
    public Optional<String> optionalUuid(String name) {
        return present(name).map(value -> {
            if (!value.isTextual() || !isUuid(value.textValue())) {
                throw invalid(name, "must be a UUID.");
            }
            return value.textValue();
        });
    }

    public String uuid(String name) {
        return optionalUuid(name).orElseThrow(() -> required(name));
    }

    public int integer(String name, int min, int max) {
        return optionalInteger(name, min, max).orElseThrow(() -> required(name));
    }

    /** A number or, as OpenStack accepts, its digits in a string. */
    public Optional<Integer> optionalInteger(String name, int min, int max) {
        return optionalLong(name, min, max).map(Math::toIntExact);
    }

    public Optional<Long> optionalLong(String name, long min, long max) {
        return present(name).map(value -> {
            long number;
            if (value.isIntegralNumber() && value.canConvertToLong()) {
                number = value.longValue();
            } else if (value.isTextual() && value.textValue().matches("-?\\d{1,18}")) {
                number = Long.parseLong(value.textValue());
            } else {
                throw invalid(name, "must be an integer.");
            }
            if (number < min || number > max) {
                throw invalid(name, "must be from " + min + " to " + max + ".");
            }
            return number;
        });
    }

    public Optional<Double> optionalNumber(String name, double min, double max) {
        return present(name).map(value -> {
            if (!value.isNumber() || value.doubleValue() < min || value.doubleValue() > max) {
                throw invalid(name, "must be a number from " + min + " to " + max + ".");
            }
            return value.doubleValue();
        });
    }

    /** A boolean or, as OpenStack accepts, one of the usual words for one. */
    public Optional<Boolean> optionalFlag(String name) {
        return present(name).map(value -> flag(value).orElseThrow(() -> invalid(name, "must be a boolean.")));
    }

    public boolean flag(String name, boolean otherwise) {
        return optionalFlag(name).orElse(otherwise);
    }

    public Fields object(String name) {
        return optionalObject(name).orElseThrow(() -> required(name));
    }

    public Optional<Fields> optionalObject(String name) {
        return present(name).map(value -> {
            if (!value.isObject()) {
                throw invalid(name, "must be an object.");
            }
            return new Fields(at(name), value);
        });
    }

    /** The objects of a list; empty when the field is absent. */
    public List<Fields> objects(String name) {
        List<Fields> all = new ArrayList<>();
        int index = 0;
        for (JsonNode item : array(name)) {
            if (!item.isObject()) {
                throw invalid(name + "." + index, "must be an object.");
            }
            all.add(new Fields(at(name + "." + index++), item));
        }
        return all;
    }

    /** The strings of a list; empty when the field is absent. */
    public List<String> texts(String name, int min, int max) {
        List<String> all = new ArrayList<>();
        int index = 0;
        for (JsonNode item : array(name)) {
            if (!item.isTextual()
                    || item.textValue().length() < min
                    || item.textValue().length() > max) {
                throw invalid(name + "." + index, "must be a string of " + min + " to " + max + " characters.");
            }
            all.add(kept(name + "." + index, item.textValue()));
            index++;
        }
        return all;
    }

    /** An object of strings, as OpenStack's metadata is; empty when the field is absent. */
    public Map<String, String> textMap(String name, int maxKey, int maxValue) {
        Map<String, String> all = new LinkedHashMap<>();
        Optional<Fields> object = optionalObject(name);
        if (object.isPresent()) {
            object.get().node.properties().forEach(entry -> {
                if (entry.getKey().isEmpty() || entry.getKey().length() > maxKey) {
                    throw invalid(name, "keys must have 1 to " + maxKey + " characters.");
                }
                if (!entry.getValue().isTextual()
                        || entry.getValue().textValue().length() > maxValue) {
                    throw invalid(
                            name + "." + entry.getKey(), "must be a string of at most " + maxValue + " characters.");
                }
                all.put(entry.getKey(), entry.getValue().textValue());
            });
        }
        return all;
    }

    /** The bad request that names this field; for rules that only the caller knows. */
    public FaultException invalid(String name, String rule) {
        return Fault.badRequest("Invalid input for field/attribute " + at(name) + ": " + rule);
    }

    public FaultException required(String name) {
        return Fault.badRequest("Invalid input: '" + at(name) + "' is a required property.");
    }

    private JsonNode array(String name) {
        return present(name)
                .map(value -> {
                    if (!value.isArray()) {
                        throw invalid(name, "must be a list.");
                    }
                    return value;
                })
                .orElse(JsonNodeFactory.instance.arrayNode());
    }

    private Optional<JsonNode> present(String name) {
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static Optional<Boolean> flag(JsonNode value) {
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue());
        }
        return switch (value.asText().toLowerCase(java.util.Locale.ROOT)) {
            case "true", "1", "yes", "on", "t", "y" -> Optional.of(true);
            case "false", "0", "no", "off", "f", "n" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    public static boolean isUuid(String text) {
        if (text.matches("[0-9a-fA-F]{32}")) {
            return true;
        }
        try {
            return text.length() == 36 && UUID.fromString(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
