package io.nephos.image.metadef;

import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a list of namespaces was asked for: filters, order, marker and limit. 400 for what cannot be. */
record NamespaceQuery(MultivaluedMap<String, String> sent, int limit) {
    private static final int USUAL_LIMIT = 25;
    private static final int LARGEST_LIMIT = 1000;
    private static final Map<String, String> SORT_FIELDS =
            Map.of("namespace", "namespace", "created_at", "createdAt", "updated_at", "updatedAt");

    static NamespaceQuery of(MultivaluedMap<String, String> sent) {
        return new NamespaceQuery(
                sent, first(sent, "limit").map(NamespaceQuery::limit).orElse(USUAL_LIMIT));
    }

    NamespaceStore.Query toStore() {
        String visibility = first(sent, "visibility").orElse("");
        if (!List.of("", "public", "private").contains(visibility)) {
            throw Fault.badRequest("Invalid visibility value: " + visibility);
        }
        String direction = first(sent, "sort_dir").orElse("desc");
        if (!direction.equals("asc") && !direction.equals("desc")) {
            throw Fault.badRequest("Invalid sort direction: " + direction);
        }
        String key = first(sent, "sort_key").orElse("created_at");
        if (!SORT_FIELDS.containsKey(key)) {
            throw Fault.badRequest("Sort key supplied was not valid.");
        }
        List<String> types = first(sent, "resource_types")
                .map(text -> List.of(text.split(",")))
                .orElse(List.of());
        return new NamespaceStore.Query(
                visibility,
                types,
                first(sent, "marker").orElse(""),
                limit,
                SORT_FIELDS.getOrDefault(key, "createdAt"),
                direction.equals("desc"));
    }

    /** This list again, from its beginning or behind that namespace. */
    String link(String marker) {
        StringBuilder link = new StringBuilder("/v2/metadefs/namespaces");
        sent.forEach((name, values) -> {
            if (!name.equals("marker")) {
                values.forEach(value -> append(link, name, value));
            }
        });
        if (!marker.isEmpty()) {
            append(link, "marker", marker);
        }
        return link.toString();
    }

    private static void append(StringBuilder link, String name, String value) {
        link.append(link.indexOf("?") < 0 ? '?' : '&')
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text.strip());
            if (limit < 0) {
                throw Fault.badRequest("limit param must be positive");
            }
            return Math.min(limit, LARGEST_LIMIT);
        } catch (NumberFormatException e) {
            throw Fault.badRequest("limit param must be an integer");
        }
    }

    private static Optional<String> first(MultivaluedMap<String, String> sent, String name) {
        return Optional.ofNullable(sent.getFirst(name)).filter(value -> !value.isEmpty());
    }
}
