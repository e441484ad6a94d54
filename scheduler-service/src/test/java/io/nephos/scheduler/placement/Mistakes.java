package io.nephos.scheduler.placement;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A right body with one thing wrong, in every way that there is. */
final class Mistakes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Mistakes() {}

    /** What the answer must be. */
    enum Expected {
        /** 400 that names the field. */
        NAMED,
        /** 400. */
        REFUSED,
        /** Anything but an error of ours. */
        ANSWERED
    }

    record Mistake(String what, String field, Expected expected, byte[] body) {}

    static List<Mistake> of(String body) {
        List<Mistake> all = new ArrayList<>(whole(body));
        JsonNode root = tree(body);
        walk(root, "", path -> all.addAll(at(root, path)));
        return all;
    }

    private static List<Mistake> whole(String body) {
        List<Mistake> all = new ArrayList<>();
        for (String text : List.of(
                "", " ", "7", "null", "true", "\"x\"", "[7]", "[" + body + "]", "{", "x", "{\"surprise\": 1}")) {
            all.add(new Mistake("the body is " + text, "", Expected.REFUSED, bytes(text)));
        }
        all.add(new Mistake("the body is cut off", "", Expected.REFUSED, bytes(body.substring(0, body.length() - 1))));
        all.add(new Mistake("the body is nested", "", Expected.REFUSED, bytes("[".repeat(100_000))));
        all.add(new Mistake("the body has depth", "", Expected.REFUSED, bytes("{\"a\":".repeat(100_000))));
        byte[] broken = bytes(body);
        broken[body.lastIndexOf('"') - 1] = (byte) 0xc3;
        all.add(new Mistake("the body is not UTF-8", "", Expected.REFUSED, broken));
        return all;
    }

    private static List<Mistake> at(JsonNode root, String path) {
        List<Mistake> all = new ArrayList<>();
        JsonNode value = root.at(path);
        String field = name(path);
        for (JsonNode other : others(value)) {
            boolean number = value.isNumber() && other.isNumber();
            all.add(new Mistake(
                    path + " is " + other,
                    field,
                    number || value.isNull() ? Expected.ANSWERED : Expected.NAMED,
                    with(root, path, other)));
        }
        if (value.isTextual()) {
            all.add(new Mistake(path + " has a NUL", field, Expected.REFUSED, with(root, path, text("a\0b"))));
            for (String odd : List.of("", "\uD83D\uDCA9 ' \" \\ %00 ; --", "\uD800", "x".repeat(70_000), "nowhere")) {
                all.add(new Mistake(path + " is odd", field, Expected.ANSWERED, with(root, path, text(odd))));
            }
        }
        if (value.isObject()) {
            ObjectNode more = value.deepCopy();
            more.put("surprise", 1);
            all.add(new Mistake(path + " has more", "surprise", Expected.NAMED, with(root, path, more)));
            all.add(new Mistake(path + " is empty", field, Expected.ANSWERED, with(root, path, NODES.objectNode())));
        }
        if (value.isArray()) {
            ArrayNode twice = value.deepCopy();
            twice.addAll((ArrayNode) value.deepCopy());
            all.add(new Mistake(path + " says it twice", field, Expected.ANSWERED, with(root, path, twice)));
            all.add(new Mistake(path + " is empty", field, Expected.ANSWERED, with(root, path, NODES.arrayNode())));
        }
        JsonNode copy = root.deepCopy();
        if (copy.at(parent(path)) instanceof ObjectNode object) {
            object.remove(last(path));
            all.add(new Mistake(path + " is left out", field, Expected.ANSWERED, bytes(copy.toString())));
        }
        return all;
    }

    private static List<JsonNode> others(JsonNode value) {
        Stream<JsonNode> all = Stream.of(
                text("perhaps"),
                NODES.booleanNode(true),
                NODES.objectNode().put("a", 1),
                NODES.arrayNode().add(NODES.arrayNode()));
        Stream<JsonNode> numbers = value.isNumber() || value.isNull()
                ? Stream.of(
                        NODES.numberNode(0),
                        NODES.numberNode(-1),
                        NODES.numberNode(1.5),
                        NODES.numberNode(1e300),
                        NODES.numberNode(Integer.MAX_VALUE),
                        NODES.numberNode(Long.MAX_VALUE),
                        NODES.numberNode(Long.MIN_VALUE),
                        NODES.numberNode(BigInteger.TWO.pow(64)),
                        NODES.numberNode(new BigInteger("9".repeat(400))))
                : Stream.of(NODES.numberNode(7));
        return Stream.concat(all, numbers)
                .filter(other -> other.getNodeType() != value.getNodeType() || other.isNumber())
                .toList();
    }

    private static void walk(JsonNode node, String path, Consumer<String> each) {
        if (!path.isEmpty()) {
            each.accept(path);
        }
        if (node.isObject()) {
            node.properties().forEach(entry -> walk(entry.getValue(), path + "/" + entry.getKey(), each));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), path + "/" + i, each);
            }
        }
    }

    /** The last name in the path: that of the list for what is in a list. */
    private static String name(String path) {
        String[] words = path.split("/", -1);
        for (int i = words.length - 1; i > 0; i--) {
            if (!words[i].matches("\\d+")) {
                return words[i];
            }
        }
        return "";
    }

    private static byte[] with(JsonNode root, String path, JsonNode value) {
        JsonNode copy = root.deepCopy();
        if (copy.at(parent(path)) instanceof ObjectNode object) {
            object.set(last(path), value);
        } else if (copy.at(parent(path)) instanceof ArrayNode array) {
            array.set(Integer.parseInt(last(path)), value);
        }
        return bytes(copy.toString());
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static JsonNode text(String text) {
        return NODES.textNode(text);
    }

    private static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
