package io.nephos.identity.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** JSON that is kept as text: the attributes that Keystone lets callers add to a resource, its options, tags, role ids. */
public final class Attributes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 65_536;

    private Attributes() {}

    /** What the request has beside the known attributes. */
    public static String others(Fields fields, Set<String> known) {
        return others("{}", fields, known);
    }

    /** The kept attributes with those of the request laid over them; a null removes none, it is kept as null. */
    public static String others(String kept, Fields fields, Set<String> known) {
        ObjectNode all = object(kept);
        fields.json().properties().forEach(entry -> {
            if (!known.contains(entry.getKey())) {
                all.set(entry.getKey(), entry.getValue());
            }
        });
        String text = all.toString();
        if (text.length() > LONGEST) {
            throw Fault.badRequest("The additional attributes are too long.");
        }
        return text;
    }

    public static ObjectNode object(String text) {
        if (text.equals("{}")) {
            return JSON.createObjectNode();
        }
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("Not a JSON object is kept where one belongs", e);
        }
    }

    public static List<String> texts(String text) {
        try {
            List<String> all = new ArrayList<>();
            JSON.readTree(text).forEach(item -> all.add(item.asText()));
            return List.copyOf(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not a JSON list is kept where one belongs", e);
        }
    }

    public static String ofTexts(List<String> texts) {
        return JSON.valueToTree(texts).toString();
    }

    /** Options by Keystone's rule: null removes one; one that is not known is a 400. */
    public static String options(String kept, Fields fields, Set<String> known) {
        ObjectNode all = object(kept);
        fields.optionalObject("options")
                .ifPresent(sent -> sent.json().properties().forEach(entry -> {
                    if (!known.contains(entry.getKey())) {
                        throw fields.invalid("options", "'" + entry.getKey() + "' is not a known option.");
                    }
                    JsonNode value = entry.getValue();
                    if (value.isNull()) {
                        all.remove(entry.getKey());
                    } else if (entry.getKey().endsWith("_rules") ? value.isArray() : value.isBoolean()) {
                        all.set(entry.getKey(), value);
                    } else {
                        throw fields.invalid("options." + entry.getKey(), "has a value of the wrong type.");
                    }
                }));
        return all.toString();
    }

    /** The resource is immutable and the request does anything but end that. */
    public static boolean locked(String options, Fields fields) {
        JsonNode asked = fields.json().path("options");
        JsonNode word = asked.path("immutable");
        boolean ends = fields.json().size() == 1
                && asked.has("immutable")
                && (word.isNull() || word.isBoolean() && !word.booleanValue());
        return immutable(options) && !ends;
    }

    /** The resource is protected by its option "immutable". */
    public static boolean immutable(String options) {
        return object(options).path("immutable").asBoolean();
    }
}
