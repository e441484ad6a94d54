package io.nephos.compute.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Links of resources and of pages, on the address that the client used. */
@RequestScoped
public class Links {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Inject
    UriInfo uri;

    /** Where the service is, without a slash at the end. */
    public String root() {
        String base = uri.getBaseUri().toString();
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    /** The self and bookmark links of "servers/ID". */
    public ArrayNode of(String path) {
        return of(root(), path);
    }

    public static ArrayNode of(String root, String path) {
        return JSON.arrayNode().add(link("self", root + "/v2.1/" + path)).add(link("bookmark", root + "/" + path));
    }

    public static ObjectNode bookmark(String root, String path) {
        return link("bookmark", root + "/" + path);
    }

    public static ObjectNode link(String relation, String address) {
        return JSON.objectNode().put("rel", relation).put("href", address);
    }

    /** The link to the page after that marker; this request's other parameters are kept. */
    public ArrayNode next(String marker) {
        String kept = uri.getQueryParameters().entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals("marker"))
                .flatMap(parameter -> parameter.getValue().stream().map(value -> pair(parameter.getKey(), value)))
                .collect(Collectors.joining("&"));
        String query = List.of(kept, pair("marker", marker)).stream()
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        String path = uri.getPath().startsWith("/") ? uri.getPath() : "/" + uri.getPath();
        return JSON.arrayNode().add(link("next", root() + path + "?" + query));
    }

    private static String pair(String name, String value) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
