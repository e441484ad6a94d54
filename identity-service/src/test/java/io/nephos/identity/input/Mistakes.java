package io.nephos.identity.input;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A right body with one thing wrong, in every way that there is. */
final class Mistakes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String NUL = "a\u0000b";

    private Mistakes() {}

    /** What the answer must be. */
    enum Expected {
        /** 400 that names the field; 403 where Keystone has that for it. */
        NAMED,
        /** A client error that names the field or the value. */
        MEANT,
        /** A client error. */
        REFUSED,
        /** Anything but an error of ours; what is refused is refused in Keystone's words. */
        ANSWERED
    }

    record Mistake(String what, String field, Expected expected, byte[] body) {}

    /** @param template the body as the table has it, where names in braces tell references */
    static List<Mistake> of(RequestTable.Request request, String template, String body) {
        List<Mistake> all = new ArrayList<>(whole(body));
        JsonNode root = tree(body);
        walk(root, request.body().startsWith("{\"") ? tree(template) : root, "", (path, shape) -> {
            String field = name(path);
            JsonNode value = root.at(path);
            boolean free = request.free().contains(field);
            Expected named = free ? Expected.ANSWERED : Expected.NAMED;
            for (JsonNode wrong : others(value)) {
                all.add(replaced(root, path, wrong, "is " + wrong, field, named));
            }
            all.add(replaced(root, path, NODES.nullNode(), "is null", field, Expected.ANSWERED));
            without(root, path)
                    .ifPresent(left -> all.add(
                            new Mistake(path + " is left out", field, Expected.ANSWERED, bytes(left.toString()))));
            if (value.isTextual()) {
                request.longest(field)
                        .ifPresent(longest -> all.add(replaced(
                                root, path, text("x".repeat(longest + 1)), "is too long", field, Expected.NAMED)));
                all.add(replaced(root, path, text("x".repeat(70_000)), "is huge", field, Expected.ANSWERED));
                all.add(replaced(root, path, text(NUL), "has a NUL", field, named));
                all.add(replaced(
                        root, path, text("\uD83D\uDCA9 ' \" \\ %00 ; --"), "is odd", field, Expected.ANSWERED));
                if (!free
                        && shape.asText().matches("\\{[a-z][a-z0-9-]+}")
                        && !shape.asText().equals("{unique}")) {
                    all.add(replaced(root, path, text("nowhere"), "is nothing that is there", field, Expected.MEANT));
                }
            }
        });
        return all;
    }

    private static List<Mistake> whole(String body) {
        List<Mistake> all = new ArrayList<>();
        for (String text : List.of("", " ", "7", "null", "true", "\"x\"", "[]", "[" + body + "]", "{", "{}", "x")) {
            all.add(new Mistake("the body is " + text, "", Expected.REFUSED, bytes(text)));
        }
        all.add(new Mistake("the body is cut off", "", Expected.REFUSED, bytes(body.substring(0, body.length() - 2))));
        all.add(new Mistake("the body is not UTF-8", "", Expected.REFUSED, broken(body)));
        all.add(new Mistake("the body is nested", "", Expected.REFUSED, bytes("[".repeat(100_000))));
        all.add(new Mistake("the body has depth", "", Expected.REFUSED, bytes("{\"a\":".repeat(100_000))));
        int first = body.indexOf(':');
        all.add(new Mistake(
                "a number is huge",
                "",
                Expected.REFUSED,
                bytes(body.substring(0, first + 1) + "9".repeat(5_000) + "}")));
        all.add(new Mistake(
                "an exponent is huge", "", Expected.REFUSED, bytes(body.substring(0, first + 1) + "1e999999999}")));
        return all;
    }

    /** The same text with bytes that begin a character and do not end it. */
    private static byte[] broken(String body) {
        byte[] all = bytes(body);
        int quote = body.lastIndexOf('"');
        all[quote - 1] = (byte) 0xc3;
        return all;
    }

    private static List<JsonNode> others(JsonNode value) {
        List<JsonNode> all = new ArrayList<>();
        if (value.isTextual()) {
            all.addAll(List.of(NODES.numberNode(7), NODES.booleanNode(true), NODES.objectNode(), NODES.arrayNode()));
        } else if (value.isBoolean()) {
            all.addAll(List.of(text("perhaps"), NODES.numberNode(7), NODES.objectNode(), NODES.arrayNode()));
        } else if (value.isNumber()) {
            all.addAll(List.of(
                    text("x"),
                    NODES.numberNode(1.5),
                    NODES.numberNode(-99_999_999_999L),
                    NODES.numberNode(new java.math.BigInteger("9".repeat(40))),
                    NODES.numberNode(1e300),
                    NODES.booleanNode(true),
                    NODES.objectNode(),
                    NODES.arrayNode()));
        } else if (value.isArray()) {
            all.addAll(List.of(text("x"), NODES.numberNode(7), NODES.booleanNode(true), NODES.objectNode()));
        } else {
            all.addAll(List.of(text("x"), NODES.numberNode(7), NODES.booleanNode(true), NODES.arrayNode()));
        }
        return all;
    }

    private static void walk(JsonNode node, JsonNode shape, String path, BiConsumer<String, JsonNode> each) {
        if (!path.isEmpty()) {
            each.accept(path, shape);
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(entry -> walk(
                            entry.getValue(),
                            shape.path(entry.getKey()),
                            path + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"),
                            each));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), shape.path(i), path + "/" + i, each);
            }
        }
    }

    /** The last name in the path: that of the list for what is in a list. */
    private static String name(String path) {
        String[] words = path.split("/");
        for (int i = words.length - 1; i > 0; i--) {
            if (!words[i].matches("\\d+")) {
                return words[i];
            }
        }
        return "";
    }

    private static Mistake replaced(
            JsonNode root, String path, JsonNode value, String what, String field, Expected expected) {
        JsonNode copy = root.deepCopy();
        JsonNode parent = copy.at(path.substring(0, path.lastIndexOf('/')));
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(last), value);
        }
        return new Mistake(path + " " + what, field, expected, bytes(copy.toString()));
    }

    private static Optional<JsonNode> without(JsonNode root, String path) {
        JsonNode copy = root.deepCopy();
        if (copy.at(path.substring(0, path.lastIndexOf('/'))) instanceof ObjectNode object) {
            object.remove(path.substring(path.lastIndexOf('/') + 1));
            return Optional.of(copy);
        }
        return Optional.empty();
    }

    private static ValueNode text(String text) {
        return NODES.textNode(text);
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
