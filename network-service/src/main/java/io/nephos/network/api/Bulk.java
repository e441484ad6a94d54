package io.nephos.network.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A POST of one resource or, under the plural's name, of many: all are made or none. */
public final class Bulk {
    private Bulk() {}

    /**
     * @param create makes them all in one transaction, in order
     */
    public static ObjectNode create(
            @Nullable JsonNode body, String singular, String plural, Function<List<Fields>, List<ObjectNode>> create) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (body != null && body.has(plural)) {
            if (!body.get(plural).isArray() || body.get(plural).isEmpty()) {
                throw Fault.badRequest("Resources required");
            }
            List<Fields> all = new ArrayList<>();
            for (JsonNode item : body.get(plural)) {
                ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
                wrapped.set(singular, item.has(singular) ? item.get(singular) : item);
                all.add(Fields.of(wrapped, singular));
            }
            var items = answer.putArray(plural);
            create.apply(all).forEach(items::add);
        } else {
            answer.set(
                    singular, create.apply(List.of(Fields.of(body, singular))).getFirst());
        }
        return answer;
    }

    public static ObjectNode one(String singular, ObjectNode view) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.set(singular, view);
        return answer;
    }
}
