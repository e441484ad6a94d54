package io.nephos.kit.fault;

/**
 * What a client is told when a request fails. {@code type} is the dialect's stable name of the case where it has one
 * ("NetworkNotFound", "placement.concurrent_update"), else empty; {@code message} is for the user.
 */
public sealed interface Fault {
    String type();

    String message();

    record BadRequest(String type, String message) implements Fault {}

    record Unauthorized(String type, String message) implements Fault {}

    record Forbidden(String type, String message) implements Fault {}

    record NotFound(String type, String message) implements Fault {}

    record MethodNotAllowed(String type, String message) implements Fault {}

    record NotAcceptable(String type, String message) implements Fault {}

    record Conflict(String type, String message) implements Fault {}

    record Gone(String type, String message) implements Fault {}

    record PreconditionFailed(String type, String message) implements Fault {}

    record PayloadTooLarge(String type, String message) implements Fault {}

    record UnsupportedMediaType(String type, String message) implements Fault {}

    record RangeNotSatisfiable(String type, String message) implements Fault {}

    /** A quota or a limit; which status it has differs by dialect. */
    record OverLimit(String type, String message) implements Fault {}

    record NotImplemented(String type, String message) implements Fault {}

    /** A dependency is away; {@code retryAfterSeconds} becomes Retry-After. */
    record Unavailable(String type, String message, int retryAfterSeconds) implements Fault {}

    /** A bug; the log has it under the request id. */
    record Unexpected(String type, String message) implements Fault {}

    default FaultException asException() {
        return new FaultException(this);
    }

    static FaultException badRequest(String message) {
        return new BadRequest("", message).asException();
    }

    static FaultException badRequest(String type, String message) {
        return new BadRequest(type, message).asException();
    }

    static FaultException forbidden(String message) {
        return new Forbidden("", message).asException();
    }

    static FaultException notFound(String message) {
        return new NotFound("", message).asException();
    }

    static FaultException notFound(String type, String message) {
        return new NotFound(type, message).asException();
    }

    static FaultException conflict(String message) {
        return new Conflict("", message).asException();
    }

    static FaultException conflict(String type, String message) {
        return new Conflict(type, message).asException();
    }

    static FaultException overLimit(String type, String message) {
        return new OverLimit(type, message).asException();
    }

    static FaultException notImplemented(String message) {
        return new NotImplemented("", message).asException();
    }

    static FaultException unavailable(String message) {
        return new Unavailable("", message, 5).asException();
    }

    /** The HTTP status most dialects use; a dialect may differ. */
    default int usualStatus() {
        return switch (this) {
            case BadRequest f -> 400;
            case Unauthorized f -> 401;
            case Forbidden f -> 403;
            case NotFound f -> 404;
            case MethodNotAllowed f -> 405;
            case NotAcceptable f -> 406;
            case Conflict f -> 409;
            case Gone f -> 410;
            case PreconditionFailed f -> 412;
            case PayloadTooLarge f -> 413;
            case UnsupportedMediaType f -> 415;
            case RangeNotSatisfiable f -> 416;
            case OverLimit f -> 403;
            case NotImplemented f -> 501;
            case Unavailable f -> 503;
            case Unexpected f -> 500;
        };
    }
}
