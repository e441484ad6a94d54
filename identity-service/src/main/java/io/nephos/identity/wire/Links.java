package io.nephos.identity.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.http.Page;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Absolute links, on the host that the client called, and the envelope of lists. */
@RequestScoped
public class Links {
    @Context
    UriInfo uri;

    private String root = "";

    /** "http://host:5000/v3/" and the path. */
    public String to(String path) {
        return root() + "v3/" + path;
    }

    public String root() {
        if (root.isEmpty()) {
            root = uri.getBaseUri().resolve("/").toString();
        }
        return root;
    }

    /** {@code {"self": ...}} */
    public ObjectNode self(String path) {
        return JsonNodeFactory.instance.objectNode().put("self", to(path));
    }

    /** {@code {"users": [...], "links": {"self", "next", "previous"}}} */
    public ObjectNode list(String key, Collection<? extends JsonNode> items) {
        return list(key, items, Optional.empty());
    }

    /** As {@link #list(String, Collection)}, with a link to the page after {@code marker} when there is one. */
    public ObjectNode list(String key, Collection<? extends JsonNode> items, Optional<String> marker) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray(key).addAll(items);
        body.set("links", pages(marker));
        return body;
    }

    /** The rows of {@link Selection#page}, one of which may be too many: that tells that there is a next page. */
    public <T> ObjectNode page(
            String key, List<T> rows, Page page, Function<T, ? extends JsonNode> view, Function<T, String> id) {
        boolean more = rows.size() > page.limit();
        List<T> shown = more ? rows.subList(0, page.limit()) : rows;
        return list(
                key,
                shown.stream().map(view).toList(),
                more ? Optional.of(id.apply(shown.getLast())) : Optional.empty());
    }

    public ObjectNode pages(Optional<String> marker) {
        ObjectNode links = JsonNodeFactory.instance.objectNode();
        links.put("self", uri.getRequestUri().toString());
        links.put("previous", (String) null);
        links.put(
                "next",
                marker.map(last -> uri.getRequestUriBuilder()
                                .replaceQueryParam("marker", last)
                                .build()
                                .toString())
                        .orElse(null));
        return links;
    }
}
