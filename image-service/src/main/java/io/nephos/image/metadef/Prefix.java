package io.nephos.image.metadef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a namespace's properties are called on a resource of a type that gives them a prefix. */
final class Prefix {
    private Prefix() {}

    /** On the properties of the namespace, and on those of its objects. */
    static void put(String prefix, ObjectNode namespace) {
        rename(prefix, namespace);
        for (JsonNode object : namespace.path("objects")) {
            rename(prefix, (ObjectNode) object);
            if (object.has("required")) {
                ArrayNode required = JsonNodeFactory.instance.arrayNode();
                object.get("required").forEach(name -> required.add(prefix + name.asText()));
                ((ObjectNode) object).set("required", required);
            }
        }
    }

    private static void rename(String prefix, ObjectNode holder) {
        if (holder.has("properties")) {
            ObjectNode renamed = JsonNodeFactory.instance.objectNode();
            holder.get("properties")
                    .properties()
                    .forEach(property -> renamed.set(prefix + property.getKey(), property.getValue()));
            holder.set("properties", renamed);
        }
    }
}
