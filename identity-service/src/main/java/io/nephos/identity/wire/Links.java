package io.nephos.identity.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.Collection;
import java.util.Optional;

/** Absolute links, on the host that the client called, and the envelope of lists. */
@RequestScoped
public class Links {
    @Context
    UriInfo uri;

    /** "http://host:5000/v3/" and the path. */
    public String to(String path) {
        return uri.getBaseUri().resolve("/v3/" + path).toString();
    }

    public String root() {
        return uri.getBaseUri().resolve("/").toString();
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
