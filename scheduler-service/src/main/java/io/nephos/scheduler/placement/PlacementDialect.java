package io.nephos.scheduler.placement;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Placement's errors: {@code {"errors": [{"status", "title", "detail", "code", "request_id"}]}}; the code since 1.23. */
@ApplicationScoped
public class PlacementDialect implements Dialect {
    private static final Pattern UNSUPPORTED = Pattern.compile("Version (\\S+) is not supported by the API\\..*");
    private static final Pattern MALFORMED = Pattern.compile("API Version String (.*) is of invalid format\\..*");

    private static final Map<Integer, String> GENERAL = Map.of(
            400,
            "The server could not comply with the request since it is either malformed or otherwise incorrect.",
            403,
            "Access was denied to this resource.",
            404,
            "The resource could not be found.",
            409,
            "There was a conflict when trying to complete your request.");

    private final RequestContext request;

    private final Request http;

    @Inject
    public PlacementDialect(RequestContext request, Request http) {
        this.request = request;
        this.http = http;
    }

    @Override
    public Object body(Fault fault, int status, String requestId) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", status);
        error.put("title", title(status));
        error.put("detail", inGeneral(status, detail(fault)));
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

    /** What such a status means, and after an empty line what was wrong: clients, Nova among them, know both by heart. */
    private static String inGeneral(int status, String detail) {
        String general = GENERAL.getOrDefault(status, detail);
        return general.equals(detail) ? detail : general + "\n\n " + detail;
    }

    /** The kit's own messages in Placement's words. */
    private String detail(Fault fault) {
        Matcher version = UNSUPPORTED.matcher(fault.message());
        if (version.matches()) {
            return "Unacceptable version header: " + version.group(1);
        }
        Matcher form = MALFORMED.matcher(fault.message());
        if (form.matches()) {
            return "invalid version string: " + form.group(1);
        }
        return switch (fault) {
            case Fault.NotAcceptable media -> "Only application/json is provided";
            case Fault.MethodNotAllowed method ->
                "The method " + http.getMethod() + " is not allowed for this resource.";
            default -> fault.message();
        };
    }

    private boolean withCode() {
        try {
            return request.version().atLeast(1, 23);
        } catch (IllegalStateException | ContextNotActiveException notNegotiated) {
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
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
