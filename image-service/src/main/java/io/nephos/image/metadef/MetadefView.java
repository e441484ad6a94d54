package io.nephos.image.metadef;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.ImageView;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.List;

/** Metadata definitions as clients see them; what was never said is left out. */
final class MetadefView {
    private static final JsonMapper JSON = new JsonMapper();

    private MetadefView() {}

    /** Of one of those that a namespace has: {@code address(row, "objects", "limits")}; of the namespace itself with neither. */
    static URI address(NamespaceRow namespace, String... below) {
        return UriBuilder.fromPath("/v2/metadefs/namespaces")
                .segment(namespace.namespace)
                .segment(below)
                .build();
    }

    static ObjectNode namespace(NamespaceRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("namespace", row.namespace);
        if (row.displayName != null) {
            view.put("display_name", row.displayName);
        }
        if (row.description != null) {
            view.put("description", row.description);
        }
        view.put("visibility", row.visibility);
        view.put("protected", row.isProtected);
        view.put("owner", row.owner);
        view.put("created_at", ImageView.time(row.createdAt));
        view.put("updated_at", ImageView.time(row.updatedAt));
        view.put("self", "/v2/metadefs/namespaces/" + row.namespace);
        return view.put("schema", "/v2/schemas/metadefs/namespace");
    }

    static ObjectNode object(NamespaceRow namespace, DefinitionRow row) {
        ObjectNode view = body(row);
        view.path("properties").forEach(MetadefView::spellDefault);
        view.put("name", row.name);
        view.put("created_at", ImageView.time(row.createdAt));
        view.put("updated_at", ImageView.time(row.updatedAt));
        view.put("self", "/v2/metadefs/namespaces/" + namespace.namespace + "/objects/" + row.name);
        return view.put("schema", "/v2/schemas/metadefs/object");
    }

    static ObjectNode property(DefinitionRow row) {
        ObjectNode view = body(row);
        spellDefault(view);
        return view.put("name", row.name);
    }

    // Clients take a default for a text, whatever the property's type; what is true is True there.
    private static void spellDefault(JsonNode property) {
        JsonNode said = property.path("default");
        if (said.isBoolean()) {
            ((ObjectNode) property).put("default", said.booleanValue() ? "True" : "False");
        } else if (said.isNumber()) {
            ((ObjectNode) property).put("default", said.asText());
        }
    }

    /** By their names. */
    static ObjectNode properties(List<DefinitionRow> rows) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        rows.forEach(row -> all.set(row.name, property(row)));
        return all;
    }

    static ObjectNode tag(DefinitionRow row) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", row.name)
                .put("created_at", ImageView.time(row.createdAt))
                .put("updated_at", ImageView.time(row.updatedAt));
    }

    static ArrayNode names(List<String> names) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        names.forEach(name -> all.addObject().put("name", name));
        return all;
    }

    static ObjectNode association(AssociationRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode().put("name", row.resourceType);
        if (row.prefix != null) {
            view.put("prefix", row.prefix);
        }
        if (row.target != null) {
            view.put("properties_target", row.target);
        }
        view.put("created_at", ImageView.time(row.createdAt));
        return view.put("updated_at", ImageView.time(row.updatedAt));
    }

    static ArrayNode associations(List<AssociationRow> rows) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        rows.forEach(row -> all.add(association(row)));
        return all;
    }

    /** What is kept of a definition: all but its name, which stands in the row. */
    static String stored(JsonNode definition) {
        ObjectNode kept = definition.deepCopy();
        return kept.without(List.of("name", "created_at", "updated_at", "self", "schema"))
                .toString();
    }

    private static ObjectNode body(DefinitionRow row) {
        try {
            return (ObjectNode) JSON.readTree(row.body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A definition's row holds what is not its JSON", e);
        }
    }
}
