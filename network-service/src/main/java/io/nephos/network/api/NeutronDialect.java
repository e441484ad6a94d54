package io.nephos.network.api;

import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** Errors as the Networking API v2.0 has them: {@code {"NeutronError": {"type", "message", "detail"}}}. */
@ApplicationScoped
public class NeutronDialect implements Dialect {

    @Override
    public Object body(Fault fault, int status, String requestId) {
        if (fault instanceof Fault.Unauthorized) {
            return Map.of("error", Map.of("code", 401, "title", "Unauthorized", "message", fault.message()));
        }
        String type = fault.type().isEmpty() ? usualType(fault) : fault.type();
        return Map.of("NeutronError", Map.of("type", type, "message", fault.message(), "detail", ""));
    }

    @Override
    public int status(Fault fault) {
        return fault instanceof Fault.OverLimit ? 409 : fault.usualStatus();
    }

    @Override
    public Map<String, String> headers(Fault fault) {
        return fault instanceof Fault.Unauthorized ? Map.of("WWW-Authenticate", "Keystone") : Map.of();
    }

    private static String usualType(Fault fault) {
        return switch (fault) {
            case Fault.BadRequest f -> "HTTPBadRequest";
            case Fault.Unauthorized f -> "HTTPUnauthorized";
            case Fault.Forbidden f -> "PolicyNotAuthorized";
            case Fault.NotFound f -> "HTTPNotFound";
            case Fault.MethodNotAllowed f -> "HTTPMethodNotAllowed";
            case Fault.NotAcceptable f -> "HTTPNotAcceptable";
            case Fault.Conflict f -> "HTTPConflict";
            case Fault.Gone f -> "HTTPGone";
            case Fault.PreconditionFailed f -> "RevisionNumberConstraintFailed";
            case Fault.PayloadTooLarge f -> "HTTPRequestEntityTooLarge";
            case Fault.UnsupportedMediaType f -> "HTTPUnsupportedMediaType";
            case Fault.RangeNotSatisfiable f -> "HTTPRequestRangeNotSatisfiable";
            case Fault.OverLimit f -> "OverQuota";
            case Fault.NotImplemented f -> "HTTPNotImplemented";
            case Fault.Unavailable f -> "HTTPServiceUnavailable";
            case Fault.Unexpected f -> "HTTPInternalServerError";
        };
    }
}
