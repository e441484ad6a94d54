package io.nephos.image;

import jakarta.ws.rs.core.UriInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The addresses that a list names: of its first page, and of the one behind a marker. */
public final class PageLink {
    private PageLink() {}

    /** That path with what the client asked for; of the first page without a marker. */
    public static String of(String path, UriInfo uri, Optional<String> marker) {
        StringBuilder link = new StringBuilder(path);
        uri.getQueryParameters().forEach((name, values) -> {
            if (!name.equals("marker")) {
                values.forEach(value -> append(link, name, value));
            }
        });
        marker.ifPresent(id -> append(link, "marker", id));
        return link.toString();
    }

    private static void append(StringBuilder link, String name, String value) {
        link.append(link.indexOf("?") < 0 ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
