package io.nephos.scheduler.placement;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Placement's errors: {@code {"errors": [{"status", "title", "detail", "code", "request_id"}]}}; the code since 1.23. */
@ApplicationScoped
public class PlacementDialect implements Dialect {
    private final RequestContext request;

    @Inject
    public PlacementDialect(RequestContext request) {
        this.request = request;
    }

    @Override
    public Object body(Fault fault, int status, String requestId) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", status);
        error.put("title", title(status));
        error.put("detail", fault.message());
        if (withCode()) {
            error.put("code", fault.type().isEmpty() ? "placement.undefined_code" : fault.type());
        }
        error.put("request_id", requestId);
        if (status == 406) {
            error.put("min_version", Microversions.MIN.toString());
            error.put("max_version", Microversions.MAX.toString());
        }
        return Map.of("errors", List.of(error));
    }

    private boolean withCode() {
        try {
            return request.version().atLeast(1, 23);
        } catch (IllegalStateException notNegotiated) {
            return true;
        }
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 409 -> "Conflict";
            case 413 -> "Request Entity Too Large";
            case 415 -> "Unsupported Media Type";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
