package io.nephos.image.metadef;

import io.nephos.image.PageQuery;
import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;

/** What a list of namespaces was asked for: filters, order, marker and limit. 400 for what cannot be. */
record NamespaceQuery(PageQuery page) {
    private static final Map<String, String> SORT_FIELDS =
            Map.of("namespace", "namespace", "created_at", "createdAt", "updated_at", "updatedAt");

    static NamespaceQuery of(MultivaluedMap<String, String> sent) {
        return new NamespaceQuery(new PageQuery(sent));
    }

    int limit() {
        return page.limit();
    }

    NamespaceStore.Query toStore() {
        String visibility = page.value("visibility").orElse("");
        if (!List.of("", "public", "private").contains(visibility)) {
            throw Fault.badRequest("Invalid visibility value: " + visibility);
        }
        boolean descending = page.descending();
        String key = page.value("sort_key").orElse("created_at");
        if (!SORT_FIELDS.containsKey(key)) {
            throw Fault.badRequest("Sort key supplied was not valid.");
        }
        List<String> types = page.value("resource_types")
                .map(text -> List.of(text.split(",")))
                .orElse(List.of());
        return new NamespaceStore.Query(
                visibility,
                types,
                page.value("marker").orElse(""),
                limit(),
                SORT_FIELDS.getOrDefault(key, "createdAt"),
                descending);
    }
}
