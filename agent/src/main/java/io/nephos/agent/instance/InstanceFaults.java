package io.nephos.agent.instance;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.agent.command.CommandFailed;
import io.nephos.agent.hypervisor.HypervisorException;
import io.nephos.agent.image.ImageFault;
import io.nephos.agent.ovs.BridgeUnavailable;
import java.io.UncheckedIOException;

/** Every way to fail, as the contract's status codes. */
final class InstanceFaults {
    private InstanceFaults() {}

    static StatusRuntimeException render(RuntimeException fault) {
        if (fault instanceof StatusRuntimeException status) {
            return status;
        }
        return status(fault)
                .withDescription(fault.getMessage())
                .withCause(fault)
                .asRuntimeException();
    }

    private static Status status(RuntimeException fault) {
        return switch (fault) {
            case InvalidInstance e -> Status.INVALID_ARGUMENT;
            case Fencing.Stale e -> Status.FAILED_PRECONDITION;
            case InstanceLocks.Busy e -> Status.UNAVAILABLE;
            case HypervisorException.Unavailable e -> Status.UNAVAILABLE;
            case HypervisorException.Gone e -> Status.UNAVAILABLE;
            case HypervisorException.Refused e -> Status.INTERNAL;
            case ImageFault.Unavailable e -> Status.UNAVAILABLE;
            case ImageFault.Unusable e -> Status.INVALID_ARGUMENT;
            case ImageFault.NoSpace e -> Status.RESOURCE_EXHAUSTED;
            case BridgeUnavailable e -> Status.UNAVAILABLE;
            case CommandFailed e -> outOfSpace(e) ? Status.RESOURCE_EXHAUSTED : Status.INTERNAL;
            case UncheckedIOException e -> outOfSpace(e) ? Status.RESOURCE_EXHAUSTED : Status.INTERNAL;
            default -> Status.INTERNAL;
        };
    }

    private static boolean outOfSpace(RuntimeException e) {
        return String.valueOf(e.getMessage()).contains("No space left")
                || String.valueOf(e.getCause()).contains("No space left");
    }
}
