package io.nephos.compute.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** JSON in text columns: lists and maps of strings, and trees. */
public final class Json {
    public static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectReader TEXTS = MAPPER.readerForMapOf(String.class);
    private static final ObjectReader LIST = MAPPER.readerForListOf(String.class);
    private static final ObjectReader TREE = MAPPER.readerFor(JsonNode.class);

    private Json() {}

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Map<String, String> texts(String json) {
        return read(json, TEXTS);
    }

    public static List<String> list(String json) {
        return read(json, LIST);
    }

    public static JsonNode tree(String json) {
        return read(json, TREE);
    }

    private static <T> T read(String json, ObjectReader reader) {
        try {
            return reader.readValue(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
