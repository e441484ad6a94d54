package io.nephos.kit.fault;

import java.util.Map;

/** How one OpenStack API says that a request failed. Each service has exactly one such bean. */
public interface Dialect {
    /** The JSON body, for example {@code {"itemNotFound": {"code": 404, "message": "..."}}}. */
    Object body(Fault fault, int status, String requestId);

    default int status(Fault fault) {
        return fault.usualStatus();
    }

    default Map<String, String> headers(Fault fault) {
        return Map.of();
    }
}
