package io.nephos.network.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a GET of a collection asks for: filters (any attribute, repeated for "one of"), {@code fields}, {@code sort_key}
 * and {@code sort_dir}, {@code limit}, {@code marker} and {@code page_reverse}, as Neutron has them.
 */
public final class Query {
    private final UriInfo uri;
    private final MultivaluedMap<String, String> parameters;

    public Query(UriInfo uri) {
        this.uri = uri;
        this.parameters = uri.getQueryParameters();
    }

    /** The values wanted of that attribute; empty when it is not asked for. */
    public List<String> values(String attribute) {
        return parameters.getOrDefault(attribute, List.of());
    }

    public boolean asks(String attribute) {
        return parameters.containsKey(attribute);
    }

    public Set<String> filters() {
        return parameters.keySet();
    }

    /** At most so many; 0 when all are wanted. */
    public int limit() {
        String text = first("limit").orElse("0");
        if (!text.matches("\\d{1,9}")) {
            throw Fault.badRequest(
                    "Invalid input for operation: limit must be a non-negative integer, not '" + text + "'.");
        }
        return Math.min(Integer.parseInt(text), 10_000);
    }

    public Optional<String> marker() {
        return first("marker");
    }

    public boolean reverse() {
        return first("page_reverse").map(text -> flag(text).orElse(false)).orElse(false);
    }

    /** Pairs of attribute and "asc" or "desc". */
    public List<String[]> sort() {
        List<String> keys = values("sort_key");
        List<String> directions = values("sort_dir");
        List<String[]> sort = new ArrayList<>();
        if (!directions.isEmpty() && keys.size() != directions.size()) {
            throw Fault.badRequest("The number of sort_keys and sort_dirs must be same");
        }
        for (int i = 0; i < keys.size(); i++) {
            String direction = directions.isEmpty() ? "asc" : directions.get(i);
            if (!direction.equals("asc") && !direction.equals("desc")) {
                throw Fault.badRequest("sort_dir must be 'asc' or 'desc', not '" + direction + "'.");
            }
            sort.add(new String[] {keys.get(i), direction});
        }
        return sort;
    }

    /** Keeps of a view what {@code fields} names. */
    public ObjectNode select(ObjectNode view) {
        List<String> fields = values("fields");
        return fields.isEmpty() ? view : view.retain(fields);
    }

    /** {@code {"ports": [...], "ports_links": [...]}}. */
    public ObjectNode page(String collection, List<ObjectNode> views, boolean more) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        List<String> ids = views.stream().map(view -> view.path("id").asText()).toList();
        var items = body.putArray(collection);
        views.forEach(view -> items.add(select(view)));
        if (limit() > 0 && !ids.isEmpty()) {
            var links = body.putArray(collection + "_links");
            boolean forward = !reverse();
            if (forward ? more : marker().isPresent()) {
                links.addObject().put("rel", "next").put("href", link(ids.getLast(), false));
            }
            if (forward ? marker().isPresent() : more) {
                links.addObject().put("rel", "previous").put("href", link(ids.getFirst(), true));
            }
            if (links.isEmpty()) {
                body.remove(collection + "_links");
            }
        }
        return body;
    }

    private String link(String marker, boolean back) {
        UriBuilder link = uri.getRequestUriBuilder().replaceQueryParam("marker", marker);
        return (back ? link.replaceQueryParam("page_reverse", "True") : link.replaceQueryParam("page_reverse"))
                .build()
                .toString();
    }

    private Optional<String> first(String name) {
        return values(name).stream().findFirst().filter(text -> !text.isEmpty());
    }

    static Optional<Boolean> flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> Optional.of(true);
            case "false", "0", "no", "off" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
