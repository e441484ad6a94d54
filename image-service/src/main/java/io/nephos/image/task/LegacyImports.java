package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.backend.WebSource;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/**
 * What a task of the type "import" is asked for: {@code {"import_from": address, "import_from_format": disk format,
 * "image_properties": attributes of the image}}. 400 for what cannot be.
 */
@ApplicationScoped
class LegacyImports {
    private static final int LONGEST_ADDRESS = 2048;
    private final WebSource web;

    @Inject
    LegacyImports(WebSource web) {
        this.web = web;
    }

    /** Of a whole request. */
    static JsonNode input(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            throw Fault.badRequest("Body expected in request.");
        }
        for (String required : new String[] {"type", "input"}) {
            if (!body.has(required)) {
                throw Fault.badRequest("Task '" + required + "' is required");
            }
        }
        String type = Fields.ofBody(body)
                .only("type", "input")
                .oneOf("type", TaskType.names().toArray(String[]::new));
        if (!type.equals(TaskType.IMPORT.wire())) {
            throw Fault.badRequest("A task of the type '" + type + "' is begun by the import of an image.");
        }
        JsonNode input = body.path("input");
        if (!input.isObject()) {
            throw Fault.badRequest("Provided object does not match schema 'task': 'input' must be an object.");
        }
        for (String field : new String[] {"import_from", "import_from_format", "image_properties"}) {
            if (!input.has(field)) {
                throw Fault.badRequest("Input does not contain '" + field + "' field");
            }
        }
        return input;
    }

    /** Of the image to be; what is not said of its formats is as Glance has it. */
    JsonNode attributes(JsonNode input) {
        Fields fields = Fields.ofBody(input);
        web.checked(fields.text("import_from", 1, LONGEST_ADDRESS));
        String format = fields.text("import_from_format", 1, 255);
        ObjectNode attributes = ((ObjectNode) fields.object("image_properties").json()).deepCopy();
        if (!attributes.hasNonNull("disk_format")) {
            attributes.put("disk_format", format);
        }
        if (!attributes.hasNonNull("container_format")) {
            attributes.put("container_format", "bare");
        }
        return attributes;
    }
}
