package io.nephos.image.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.nephos.kit.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PATCH of an image: add, replace and remove of one attribute each, in the order sent (Image API, "HTTP PATCH media
 * types"). 400 for a malformed patch, 409 for what is not there, 403 for what may not be changed.
 */
public record ImagePatch(List<Change> changes) {
    public static final String TYPE_2_1 = "application/openstack-images-v2.1-json-patch";
    public static final String TYPE_2_0 = "application/openstack-images-v2.0-json-patch";
    private static final int MOST_CHANGES = 10_000;
    private static final String LOCATIONS = "locations";

    /** What is done to an attribute. */
    public enum Operation {
        ADD,
        REPLACE,
        REMOVE
    }

    /**
     * @param position in the list that the attribute is, only of locations: a number, "-" for the end, or the empty text
     * @param onlyNew an add fails when the attribute is there, as in the older media type
     */
    public record Change(Operation operation, String attribute, String position, JsonNode value, boolean onlyNew) {
        boolean ofLocations() {
            return attribute.equals(LOCATIONS);
        }
    }

    /** {@code [{"op": "replace", "path": "/name", "value": "x"}]}, or {@code [{"replace": "/name", "value": "x"}]} in 2.0. */
    public static ImagePatch parse(JsonNode body, boolean older) {
        if (!body.isArray()) {
            throw Fault.badRequest("Request body must be a JSON array of operation objects.");
        }
        if (body.size() > MOST_CHANGES) {
            throw Fault.overLimit("", "A patch may hold at most " + MOST_CHANGES + " operations.");
        }
        List<Change> changes = new ArrayList<>();
        for (JsonNode operation : body) {
            if (!operation.isObject()) {
                throw Fault.badRequest("Operations must be JSON objects.");
            }
            changes.add(older ? changeOf20(operation) : changeOf21(operation));
        }
        return new ImagePatch(List.copyOf(changes));
    }

    /** Those that are about where the bytes lie. */
    List<Change> ofLocations() {
        return changes.stream().filter(Change::ofLocations).toList();
    }

    /** All others, one after the other. */
    Attributes apply(Attributes attributes) {
        Draft draft = Draft.of(attributes);
        for (Change change : changes) {
            if (change.ofLocations()) {
                continue;
            }
            String attribute = change.attribute();
            switch (change.operation()) {
                case ADD -> {
                    ImageAttribute.requireWritable(attribute);
                    if (change.onlyNew() && draft.has(attribute)) {
                        throw Fault.conflict("Property " + attribute + " already present.");
                    }
                    draft.set(attribute, change.value());
                }
                case REPLACE -> {
                    ImageAttribute.requireWritable(attribute);
                    if (!draft.has(attribute)) {
                        throw Fault.conflict("Property " + attribute + " does not exist.");
                    }
                    draft.set(attribute, change.value());
                }
                case REMOVE -> draft.remove(attribute);
            }
        }
        return draft.build();
    }

    private static Change changeOf21(JsonNode operation) {
        Operation kind = operation(text(operation, "op").orElseThrow(() -> {
                    return Fault.badRequest("Unable to find '" + "op" + "' in JSON Schema change.");
                }))
                .orElseThrow(() -> Fault.badRequest("Operations must be one of: add, replace, remove."));
        String path = text(operation, "path")
                .orElseThrow(() -> Fault.badRequest("Unable to find 'path' in JSON Schema change."));
        return change(kind, path, value(kind, operation), false);
    }

    private static Change changeOf20(JsonNode operation) {
        Change found = null;
        for (Operation kind : Operation.values()) {
            Optional<String> path = text(operation, kind.name().toLowerCase(java.util.Locale.ROOT));
            if (path.isPresent()) {
                if (found != null) {
                    throw Fault.badRequest(
                            "Operation objects must contain only one member named add, remove or replace.");
                }
                found = change(kind, path.get(), value(kind, operation), kind == Operation.ADD);
            }
        }
        if (found == null) {
            throw Fault.badRequest("Operation objects must contain exactly one member named add, remove or replace.");
        }
        return found;
    }

    private static Optional<Operation> operation(String name) {
        return switch (name) {
            case "add" -> Optional.of(Operation.ADD);
            case "replace" -> Optional.of(Operation.REPLACE);
            case "remove" -> Optional.of(Operation.REMOVE);
            default -> Optional.empty();
        };
    }

    private static JsonNode value(Operation kind, JsonNode operation) {
        if (kind == Operation.REMOVE) {
            return NullNode.getInstance();
        }
        JsonNode value = operation.get("value");
        if (value == null) {
            throw Fault.badRequest("Operation \"" + kind.name().toLowerCase(java.util.Locale.ROOT)
                    + "\" requires a member named \"value\".");
        }
        return value;
    }

    private static Optional<String> text(JsonNode object, String key) {
        return Optional.ofNullable(object.get(key)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    private static Change change(Operation kind, String path, JsonNode value, boolean onlyNew) {
        if (path.startsWith("/" + LOCATIONS + "/") && kind != Operation.REPLACE) {
            String position = path.substring(LOCATIONS.length() + 2);
            if (position.matches("-|[0-9]+")) {
                return new Change(kind, LOCATIONS, position, value, false);
            }
        }
        String attribute = attribute(path);
        if (attribute.equals(LOCATIONS) && kind != Operation.REPLACE) {
            throw Fault.badRequest("Invalid JSON pointer for this resource: '" + path + "'.");
        }
        return new Change(kind, attribute, "", value, onlyNew);
    }

    // A pointer of one step: the attributes of an image are not looked into.
    private static String attribute(String pointer) {
        if (!pointer.startsWith("/")) {
            throw Fault.badRequest("Pointer `" + shortened(pointer) + "` does not start with \"/\".");
        }
        String step = pointer.substring(1);
        if (step.isEmpty() || step.contains("/")) {
            throw Fault.badRequest("Invalid JSON pointer for this resource: '" + shortened(pointer) + "'.");
        }
        if (step.replace("~0", "").replace("~1", "").contains("~")) {
            throw Fault.badRequest(
                    "Pointer `" + shortened(pointer) + "` contains \"~\" not part of a recognized escape sequence.");
        }
        return step.replace("~1", "/").replace("~0", "~");
    }

    private static String shortened(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
