package io.nephos.identity.wire;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Keystone's error body: {@code {"error": {"code": 404, "title": "Not Found", "message": "..."}}}. */
@ApplicationScoped
public class KeystoneDialect implements Dialect {
    @Override
    public Object body(Fault fault, int status, String requestId) {
        return Map.of("error", Map.of("code", status, "title", title(status), "message", fault.message()));
    }

    @Override
    public int status(Fault fault) {
        return fault instanceof Fault.OverLimit ? 403 : fault.usualStatus();
    }

    @Override
    public Map<String, String> headers(Fault fault) {
        return fault instanceof Fault.Unauthorized
                ? Map.of("WWW-Authenticate", "Keystone uri=\"/v3\"", "Vary", "X-Auth-Token")
                : Map.of("Vary", "X-Auth-Token");
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
            case 410 -> "Gone";
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
