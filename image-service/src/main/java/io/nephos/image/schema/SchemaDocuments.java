package io.nephos.image.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The schemas of metadata definitions, read once: for {@code /v2/schemas/metadefs}, and to hold requests to. */
public final class SchemaDocuments {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ObjectNode DEFINITIONS = definitions();

    public static final JsonSchema NAMESPACE = schema("namespace", "namespace", true, "namespace");
    public static final JsonSchema OBJECT = schema("object", "object", true, "name");
    public static final JsonSchema PROPERTY = schema("property", "property", true, "name", "title", "type");
    public static final JsonSchema TAG = schema("tag", "tag", false, "name");
    public static final JsonSchema RESOURCE_TYPE = schema("resource_type_association", "resource_type", false, "name");
    /** Several tags at once. */
    public static final JsonSchema TAGS = new JsonSchema("tags", tags());

    private SchemaDocuments() {}

    /** The schema of a list of such things, and of its pages. */
    public static ObjectNode collection(String name, JsonNode item) {
        return page(name, "array", "items", item);
    }

    /** The schema of such things by their names, which they need not repeat. */
    static ObjectNode byName(String name, JsonNode item) {
        ObjectNode nameless = item.deepCopy();
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        item.path("required").forEach(field -> {
            if (!field.asText().equals("name")) {
                required.add(field);
            }
        });
        nameless.set("required", required);
        return page(name, "object", "additionalProperties", nameless);
    }

    // What the items refer to stands at the top of a document.
    private static ObjectNode page(String name, String type, String role, JsonNode item) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("name", name);
        ObjectNode own = item.deepCopy();
        JsonNode definitions = own.remove("definitions");
        if (definitions != null) {
            schema.set("definitions", definitions);
        }
        ObjectNode properties = schema.putObject("properties");
        properties.putObject(name).put("type", type).set(role, own);
        for (String page : List.of("first", "next", "schema")) {
            properties.putObject(page).put("type", "string");
        }
        ArrayNode links = schema.putArray("links");
        links.addObject().put("href", "{first}").put("rel", "first");
        links.addObject().put("href", "{next}").put("rel", "next");
        links.addObject().put("href", "{schema}").put("rel", "describedby");
        return schema;
    }

    private static JsonSchema schema(String name, String file, boolean defined, String... required) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("name", name);
        document.set("properties", load(file));
        document.put("additionalProperties", false);
        if (defined) {
            document.set("definitions", DEFINITIONS);
        }
        ArrayNode must = document.putArray("required");
        List.of(required).forEach(must::add);
        return new JsonSchema(name, document);
    }

    private static ObjectNode tags() {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("name", "tags");
        ObjectNode item = document.putObject("properties")
                .putObject("tags")
                .put("type", "array")
                .putObject("items");
        item.put("type", "object").put("additionalProperties", false);
        item.putObject("properties").putObject("name").put("type", "string").put("maxLength", 80);
        item.putArray("required").add("name");
        document.put("additionalProperties", false);
        document.putArray("required").add("tags");
        return document;
    }

    // A property is the same alone, in an object and in a namespace.
    private static ObjectNode definitions() {
        ObjectNode definitions = load("definitions");
        ((ObjectNode) definitions.path("property").path("additionalProperties")).set("properties", load("property"));
        return definitions;
    }

    private static ObjectNode load(String file) {
        String path = "/schemas/metadefs/" + file + ".json";
        try (InputStream in = Objects.requireNonNull(SchemaDocuments.class.getResourceAsStream(path), path)) {
            return (ObjectNode) JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
