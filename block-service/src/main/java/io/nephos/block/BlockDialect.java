package io.nephos.block;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Cinder's errors: {@code {"itemNotFound": {"code": 404, "message": "..."}}}; quotas are 413. */
@ApplicationScoped
public class BlockDialect implements Dialect {

    @Override
    public Object body(Fault fault, int status, String requestId) {
        if (fault instanceof Fault.Unauthorized) {
            return Map.of("error", Map.of("code", status, "title", "Unauthorized", "message", fault.message()));
        }
        return Map.of(name(status), Map.of("code", status, "message", fault.message()));
    }

    @Override
    public int status(Fault fault) {
        return fault instanceof Fault.OverLimit ? 413 : fault.usualStatus();
    }

    @Override
    public Map<String, String> headers(Fault fault) {
        return fault instanceof Fault.OverLimit ? Map.of("Retry-After", "0") : Map.of();
    }

    private static String name(int status) {
        return switch (status) {
            case 400, 414, 431 -> "badRequest";
            case 403 -> "forbidden";
            case 404 -> "itemNotFound";
            case 405 -> "badMethod";
            case 409 -> "conflictingRequest";
            case 413 -> "overLimit";
            case 415 -> "badMediaType";
            case 501 -> "notImplemented";
            case 503 -> "serviceUnavailable";
            default -> "computeFault";
        };
    }
}
