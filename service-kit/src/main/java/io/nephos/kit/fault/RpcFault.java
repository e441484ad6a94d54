package io.nephos.kit.fault;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** Faults that cross a gRPC link: ours to a status for the peer, a peer's status to a fault for the user. */
public final class RpcFault {
    private RpcFault() {}

    /** What the user is told when a peer refused or did not answer. */
    public static Fault of(StatusRuntimeException e) {
        String message = Optional.ofNullable(e.getStatus().getDescription()).orElse("A service did not answer.");
        return switch (e.getStatus().getCode()) {
            case INVALID_ARGUMENT, OUT_OF_RANGE -> new Fault.BadRequest("", message);
            case NOT_FOUND -> new Fault.NotFound("", message);
            case PERMISSION_DENIED -> new Fault.Forbidden("", message);
            case ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED -> new Fault.Conflict("", message);
            case RESOURCE_EXHAUSTED -> new Fault.OverLimit("", message);
            case UNIMPLEMENTED -> new Fault.NotImplemented("", message);
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED ->
                new Fault.Unavailable("", "A service that this request needs does not answer.", 5);
            case OK, UNKNOWN, INTERNAL, DATA_LOSS, UNAUTHENTICATED -> new Fault.Unexpected("", message);
        };
    }

    /** What a peer is told; for the gRPC faces of services. */
    public static StatusRuntimeException toStatus(FaultException e) {
        Status status = switch (e.fault()) {
            case Fault.BadRequest f -> Status.INVALID_ARGUMENT;
            case Fault.PayloadTooLarge f -> Status.INVALID_ARGUMENT;
            case Fault.UnsupportedMediaType f -> Status.INVALID_ARGUMENT;
            case Fault.NotAcceptable f -> Status.INVALID_ARGUMENT;
            case Fault.MethodNotAllowed f -> Status.INVALID_ARGUMENT;
            case Fault.RangeNotSatisfiable f -> Status.OUT_OF_RANGE;
            case Fault.Unauthorized f -> Status.UNAUTHENTICATED;
            case Fault.Forbidden f -> Status.PERMISSION_DENIED;
            case Fault.NotFound f -> Status.NOT_FOUND;
            case Fault.Gone f -> Status.NOT_FOUND;
            case Fault.Conflict f -> Status.FAILED_PRECONDITION;
            case Fault.PreconditionFailed f -> Status.FAILED_PRECONDITION;
            case Fault.OverLimit f -> Status.RESOURCE_EXHAUSTED;
            case Fault.NotImplemented f -> Status.UNIMPLEMENTED;
            case Fault.Unavailable f -> Status.UNAVAILABLE;
            case Fault.Unexpected f -> Status.INTERNAL;
        };
        return status.withDescription(e.fault().message()).withCause(e).asRuntimeException();
    }
}
