package io.nephos.kit.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Which web pages may use this API from a browser, as OpenStack's services have it ([cors] of their configuration): nobody's,
 * until {@code nephos.http.cors.allowed-origin} names some ({@code https://horizon.example.com}, or {@code *}). An origin that is
 * not among them is answered like any client and told nothing, so that its browser keeps the answer from it.
 */
@ApplicationScoped
public class Cors {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final List<String> ALWAYS = List.of(
            "Accept",
            "Accept-Language",
            "Content-Type",
            "Content-Language",
            "Cache-Control",
            "Expires",
            "Last-Modified",
            "Pragma");

    private final Set<String> origins;
    private final Set<String> headers;
    private final String exposed;
    private final int maxAge;

    /** @param maxAge seconds for which a browser may remember what it was allowed */
    @Inject
    public Cors(
            @ConfigProperty(name = "nephos.http.cors.allowed-origin") Optional<List<String>> origins,
            @ConfigProperty(name = "nephos.http.cors.allow-headers") List<String> headers,
            @ConfigProperty(name = "nephos.http.cors.expose-headers") List<String> exposed,
            @ConfigProperty(name = "nephos.http.cors.max-age") int maxAge) {
        this.origins = Set.copyOf(origins.orElse(List.of()));
        this.headers = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        this.headers.addAll(ALWAYS);
        this.headers.addAll(headers);
        this.exposed = String.join(",", exposed);
        this.maxAge = maxAge;
    }

    void install(@Observes Router router) {
        if (!origins.isEmpty()) {
            router.route().order(Integer.MIN_VALUE).handler(this::handle);
        }
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        String origin = request.getHeader("Origin");
        if (origin == null) {
            context.next();
            return;
        }
        String method = request.getHeader("Access-Control-Request-Method");
        if (request.method().equals(HttpMethod.OPTIONS) && method != null) {
            preflight(origin, method, Optional.ofNullable(request.getHeader("Access-Control-Request-Headers")))
                    .forEach(context.response()::putHeader);
            context.response().end();
            return;
        }
        // Added first, so run last: a service may set Vary for itself.
        context.addHeadersEndHandler(
                ignored -> actual(origin).forEach(context.response().headers()::add));
        context.next();
    }

    /** The headers of the answer to a browser that asks before it asks; none if it may not. */
    Map<String, String> preflight(String origin, String method, Optional<String> wanted) {
        List<String> asked = wanted.stream()
                .flatMap(text -> Stream.of(text.split(",")))
                .map(String::strip)
                .filter(header -> !header.isEmpty())
                .toList();
        if (!METHODS.contains(method.toUpperCase(Locale.ROOT)) || !headers.containsAll(asked)) {
            return Map.of();
        }
        Map<String, String> answer = new LinkedHashMap<>(allowed(origin));
        if (!answer.isEmpty()) {
            answer.put("Access-Control-Max-Age", Integer.toString(maxAge));
            answer.put("Access-Control-Allow-Methods", method);
            if (!asked.isEmpty()) {
                answer.put("Access-Control-Allow-Headers", String.join(",", asked));
            }
        }
        return answer;
    }

    /** What any other answer to that origin carries. */
    Map<String, String> actual(String origin) {
        Map<String, String> answer = new LinkedHashMap<>(allowed(origin));
        if (!answer.isEmpty()) {
            answer.put("Access-Control-Expose-Headers", exposed);
        }
        return answer;
    }

    private Map<String, String> allowed(String origin) {
        if (origins.contains(origin)) {
            return Map.of(
                    "Access-Control-Allow-Origin",
                    origin,
                    "Access-Control-Allow-Credentials",
                    "true",
                    "Vary",
                    "Origin");
        }
        // Cookies are for pages that are named.
        return origins.contains("*") ? Map.of("Access-Control-Allow-Origin", "*") : Map.of();
    }
}
