package io.nephos.network.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A column's value (RFC 7047 section 5.1). A single atom and a set of one are the same on the wire, so both are a
 * {@link Many} here, and values of the database and wanted ones compare with {@code equals}.
 */
sealed interface Datum {
    /** Strings, longs, booleans, {@link Uuid}s of rows there are and {@link Ref}s to rows that are wanted. */
    record Many(Set<Object> atoms) implements Datum {}

    record Entries(Map<String, String> map) implements Datum {}

    /** A row of the database. */
    record Uuid(String id) {}

    /** A row that is wanted, by its table and key. */
    record Ref(String table, String key) {}

    static Datum of(Object... atoms) {
        return new Many(new LinkedHashSet<>(java.util.List.of(atoms)));
    }

    static Datum set(Iterable<?> atoms) {
        Set<Object> all = new LinkedHashSet<>();
        atoms.forEach(all::add);
        return new Many(all);
    }

    static Datum none() {
        return new Many(Set.of());
    }

    static Datum map(Map<String, String> entries) {
        return new Entries(new TreeMap<>(entries));
    }

    static Datum read(JsonNode json) {
        if (json.isArray() && json.size() == 2) {
            switch (json.get(0).asText()) {
                case "set" -> {
                    Set<Object> atoms = new HashSet<>();
                    json.get(1).forEach(item -> atoms.add(atom(item)));
                    return new Many(atoms);
                }
                case "map" -> {
                    Map<String, String> entries = new TreeMap<>();
                    json.get(1)
                            .forEach(pair ->
                                    entries.put(String.valueOf(atom(pair.get(0))), String.valueOf(atom(pair.get(1)))));
                    return new Entries(entries);
                }
                default -> {
                    return of(atom(json));
                }
            }
        }
        return of(atom(json));
    }

    private static Object atom(JsonNode json) {
        if (json.isArray()) {
            return new Uuid(json.get(1).asText());
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        return json.isNumber() ? (Object) json.longValue() : json.asText();
    }

    /** The strings of a map; none when it is something else. */
    static Map<String, String> entries(Datum datum) {
        return datum instanceof Entries entries ? entries.map() : Map.of();
    }

    static Set<Object> atoms(Datum datum) {
        return datum instanceof Many many ? many.atoms() : Set.of();
    }

    /** For a transaction; references are resolved by the names of the rows that it inserts, or by the rows there are. */
    static JsonNode write(Datum datum, java.util.function.Function<Ref, JsonNode> resolve) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        switch (datum) {
            case Many many -> {
                ArrayNode items = json.add("set").addArray();
                many.atoms().forEach(atom -> items.add(write(atom, resolve)));
            }
            case Entries entries -> {
                ArrayNode pairs = json.add("map").addArray();
                entries.map().forEach((key, value) -> pairs.addArray().add(key).add(value));
            }
        }
        return json;
    }

    private static JsonNode write(Object atom, java.util.function.Function<Ref, JsonNode> resolve) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (atom) {
            case String text -> json.textNode(text);
            case Long number -> json.numberNode(number);
            case Integer number -> json.numberNode(number);
            case Boolean flag -> json.booleanNode(flag);
            case Uuid uuid -> uuid(uuid.id());
            case Ref ref -> resolve.apply(ref);
            default -> throw new IllegalArgumentException("Not an atom: " + atom);
        };
    }

    static JsonNode uuid(String id) {
        return JsonNodeFactory.instance.arrayNode().add("uuid").add(id);
    }

    static JsonNode named(String name) {
        return JsonNodeFactory.instance.arrayNode().add("named-uuid").add(name);
    }
}
