package io.nephos.compute.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nephos.kit.fault.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComputeDialectTest {
    private final ComputeDialect dialect = new ComputeDialect();

    @Test
    void faultsHaveNovasNames() {
        Map<Fault, String> names = Map.of(
                new Fault.BadRequest("", "m"), "badRequest",
                new Fault.NotFound("", "m"), "itemNotFound",
                new Fault.Conflict("", "m"), "conflictingRequest",
                new Fault.Forbidden("", "m"), "forbidden",
                new Fault.OverLimit("", "m"), "forbidden",
                new Fault.NotImplemented("", "m"), "notImplemented",
                new Fault.Unavailable("", "m", 5), "serviceUnavailable",
                new Fault.Unexpected("", "m"), "computeFault");
        names.forEach((fault, name) -> assertEquals(
                Map.of(name, Map.of("code", dialect.status(fault), "message", "m")),
                dialect.body(fault, dialect.status(fault), "req-1")));
    }
}
