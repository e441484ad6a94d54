package io.nephos.compute.api;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Nova's error bodies: one key that names the kind of fault, with code and message (API guide, "Faults"). */
@ApplicationScoped
public class ComputeDialect implements Dialect {
    @Override
    public Object body(Fault fault, int status, String requestId) {
        return Map.of(key(fault), Map.of("code", status, "message", fault.message()));
    }

    private static String key(Fault fault) {
        return switch (fault) {
            case Fault.BadRequest f -> "badRequest";
            case Fault.RangeNotSatisfiable f -> "badRequest";
            case Fault.Unauthorized f -> "unauthorized";
            case Fault.Forbidden f -> "forbidden";
            case Fault.OverLimit f -> "forbidden";
            case Fault.NotFound f -> "itemNotFound";
            case Fault.Gone f -> "itemNotFound";
            case Fault.MethodNotAllowed f -> "badMethod";
            case Fault.NotAcceptable f -> "computeFault";
            case Fault.Conflict f -> "conflictingRequest";
            case Fault.PreconditionFailed f -> "conflictingRequest";
            case Fault.PayloadTooLarge f -> "overLimit";
            case Fault.UnsupportedMediaType f -> "badMediaType";
            case Fault.NotImplemented f -> "notImplemented";
            case Fault.Unavailable f -> "serviceUnavailable";
            case Fault.Unexpected f -> "computeFault";
        };
    }
}
