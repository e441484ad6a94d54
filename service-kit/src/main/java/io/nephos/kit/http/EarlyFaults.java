package io.nephos.kit.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import java.util.UUID;

/** What is answered to a request that no route gets to see, in the words of the service's {@link Dialect}. */
@ApplicationScoped
public class EarlyFaults {
    private final Dialect dialect;
    private final ObjectMapper json;

    @Inject
    public EarlyFaults(Dialect dialect, ObjectMapper json) {
        this.dialect = dialect;
        this.json = json;
    }

    /** @param body JSON, which names the request by {@code requestId} where the dialect does so */
    public record Answer(int status, String requestId, String body) {}

    public Answer of(Fault fault) {
        return of(fault, dialect.status(fault));
    }

    /** With that status, for which there is no fault. */
    @ActivateRequestContext
    public Answer of(Fault fault, int status) {
        String id = "req-" + UUID.randomUUID();
        try {
            return new Answer(status, id, json.writeValueAsString(dialect.body(fault, status, id)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
