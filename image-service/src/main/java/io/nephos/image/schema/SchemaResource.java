package io.nephos.image.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.ImageAttribute;
import io.nephos.image.task.TaskType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** What images and members look like, as JSON schemas (Image API v2, "Image Schemas"). */
@Path("/v2/schemas")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SchemaResource {
    private static final String UUID_PATTERN =
            "^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @GET
    @Path("image")
    public JsonNode image() {
        return imageSchema();
    }

    @GET
    @Path("images")
    public JsonNode images() {
        return collection("images", imageSchema());
    }

    @GET
    @Path("member")
    public JsonNode member() {
        return memberSchema();
    }

    @GET
    @Path("members")
    public JsonNode members() {
        return collection("members", memberSchema());
    }

    @GET
    @Path("task")
    public JsonNode task() {
        return taskSchema();
    }

    @GET
    @Path("tasks")
    public JsonNode tasks() {
        return collection("tasks", taskSchema());
    }

    private static ObjectNode imageSchema() {
        ObjectNode schema = JSON.objectNode().put("name", "image");
        ObjectNode properties = schema.putObject("properties");
        for (ImageAttribute attribute : ImageAttribute.values()) {
            properties.set(attribute.wire(), describe(attribute));
        }
        properties
                .putObject("stores")
                .put("type", "string")
                .put("readOnly", true)
                .put("description", "The stores that have the image's data, between commas");
        properties
                .putObject("direct_url")
                .put("type", "string")
                .put("readOnly", true)
                .put(
                        "description",
                        "Where the image's data lies, where the operator shows it to who clones from there");
        ObjectNode locations = properties
                .putObject("locations")
                .put("type", "array")
                .put("description", "Where the image's data lies, where the operator shows it");
        ObjectNode location = locations.putObject("items").put("type", "object");
        location.putArray("required").add("url").add("metadata");
        location.putObject("properties").putObject("url").put("type", "string");
        ((ObjectNode) location.get("properties")).putObject("metadata").put("type", "object");
        schema.putObject("additionalProperties").put("type", "string");
        ArrayNode links = schema.putArray("links");
        links.addObject().put("href", "{self}").put("rel", "self");
        links.addObject().put("href", "{file}").put("rel", "enclosure");
        links.addObject().put("href", "{schema}").put("rel", "describedby");
        return schema;
    }

    private static ObjectNode describe(ImageAttribute attribute) {
        ObjectNode schema = JSON.objectNode();
        switch (attribute.kind()) {
            case UUID -> schema.put("type", "string").put("pattern", UUID_PATTERN);
            case NULLABLE_TEXT -> {
                nullable(schema, "string");
                schema.put("maxLength", ImageAttribute.LONGEST_TEXT);
            }
            case CHOICE -> {
                schema.put("type", "string");
                attribute.choices().forEach(schema.withArray("enum")::add);
            }
            case NULLABLE_CHOICE -> {
                nullable(schema, "string");
                schema.withArray("enum").addNull();
                attribute.choices().forEach(schema.withArray("enum")::add);
            }
            case FLAG -> schema.put("type", "boolean");
            case NUMBER -> schema.put("type", "integer");
            case TEXTS ->
                schema.put("type", "array")
                        .putObject("items")
                        .put("type", "string")
                        .put("maxLength", ImageAttribute.LONGEST_TEXT);
            case READ_ONLY_TEXT -> nullable(schema, "string");
            case READ_ONLY_NUMBER -> nullable(schema, "integer");
        }
        if (attribute.kind().readOnly()) {
            schema.put("readOnly", true);
        }
        return schema.put("description", attribute.description());
    }

    private static ObjectNode memberSchema() {
        ObjectNode schema = JSON.objectNode().put("name", "member");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("member_id").put("type", "string").put("description", "The project it is shared with");
        properties
                .putObject("image_id")
                .put("type", "string")
                .put("pattern", UUID_PATTERN)
                .put("description", "The image that is shared");
        properties.putObject("created_at").put("type", "string").put("description", "When it was shared");
        properties.putObject("updated_at").put("type", "string").put("description", "When the member last answered");
        ObjectNode status = properties.putObject("status").put("type", "string");
        status.put("description", "What the member thinks of it");
        status.putArray("enum").add("pending").add("accepted").add("rejected");
        properties.putObject("schema").put("type", "string").put("readOnly", true);
        return schema;
    }

    private static ObjectNode taskSchema() {
        ObjectNode schema = JSON.objectNode().put("name", "task");
        ObjectNode properties = schema.putObject("properties");
        for (String text : List.of(
                "image_id",
                "owner",
                "user_id",
                "request_id",
                "message",
                "created_at",
                "updated_at",
                "self",
                "schema")) {
            properties.putObject(text).put("type", "string");
        }
        properties.putObject("id").put("type", "string").put("pattern", UUID_PATTERN);
        nullable(properties.putObject("expires_at"), "string");
        nullable(properties.putObject("input"), "object");
        nullable(properties.putObject("result"), "object");
        ArrayNode types = properties.putObject("type").put("type", "string").putArray("enum");
        TaskType.names().forEach(types::add);
        ArrayNode statuses =
                properties.putObject("status").put("type", "string").putArray("enum");
        List.of("pending", "processing", "success", "failure").forEach(statuses::add);
        return schema;
    }

    private static ObjectNode collection(String name, ObjectNode item) {
        ObjectNode schema = JSON.objectNode().put("name", name);
        ObjectNode properties = schema.putObject("properties");
        properties.putObject(name).put("type", "array").set("items", item);
        properties.putObject("first").put("type", "string");
        properties.putObject("next").put("type", "string");
        properties.putObject("schema").put("type", "string");
        ArrayNode links = schema.putArray("links");
        links.addObject().put("href", "{first}").put("rel", "first");
        links.addObject().put("href", "{next}").put("rel", "next");
        links.addObject().put("href", "{schema}").put("rel", "describedby");
        return schema;
    }

    private static void nullable(ObjectNode schema, String type) {
        schema.putArray("type").add("null").add(type);
    }
}
