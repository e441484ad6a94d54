package io.nephos.kit.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nephos.kit.fault.Dialect;
import io.nephos.kit.fault.Fault;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body that is longer than {@code nephos.http.longest-body} bytes before it is read: a few megabytes of "{},{},"
 * become more objects than there is room for. One that does not say its length is cut off by quarkus.http.limits.max-body-size.
 */
@ApplicationScoped
public class BodyLimit {
    /** Before Quarkus' own, which says nothing to the client. */
    private static final int EARLY = 100;

    private final Dialect dialect;
    private final ObjectMapper json;
    private final Optional<Long> longest;

    @Inject
    public BodyLimit(
            Dialect dialect,
            ObjectMapper json,
            @ConfigProperty(name = "nephos.http.longest-body") Optional<Long> longest) {
        this.dialect = dialect;
        this.json = json;
        this.longest = longest;
    }

    void register(@Observes Filters filters) {
        longest.ifPresent(limit -> filters.register(context -> check(context, limit), EARLY));
    }

    private void check(RoutingContext context, long limit) {
        String length = context.request().getHeader("Content-Length");
        if (length == null || length.length() < 18 && Long.parseLong(length) <= limit) {
            context.next();
            return;
        }
        Fault fault = new Fault.PayloadTooLarge("", "The request body is longer than " + limit + " bytes.");
        int status = dialect.status(fault);
        String id = "req-" + UUID.randomUUID();
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("x-openstack-request-id", id)
                .end(body(fault, status, id));
        // Read over, so that a client that is still sending comes to see the answer.
        context.request().handler(part -> {});
        context.request().resume();
    }

    private String body(Fault fault, int status, String id) {
        try {
            return json.writeValueAsString(dialect.body(fault, status, id));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
