package io.nephos.kit.http;

import io.nephos.kit.fault.Fault;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Refuses a body that is longer than {@code nephos.http.longest-body} bytes before it is read: a few megabytes of "{},{},"
 * become more objects than there is room for. One that does not say its length is cut off by quarkus.http.limits.max-body-size.
 */
@ApplicationScoped
public class BodyLimit {
    /** Before Quarkus' own, which says nothing to the client. */
    private static final int EARLY = 100;

    private final EarlyFaults faults;
    private final Optional<Long> longest;

    @Inject
    public BodyLimit(EarlyFaults faults, @ConfigProperty(name = "nephos.http.longest-body") Optional<Long> longest) {
        this.faults = faults;
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
        EarlyFaults.Answer answer =
                faults.of(new Fault.PayloadTooLarge("", "The request body is longer than " + limit + " bytes."));
        context.response()
                .setStatusCode(answer.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("x-openstack-request-id", answer.requestId())
                .end(answer.body());
        // Read over, so that a client that is still sending comes to see the answer.
        context.request().handler(part -> {});
        context.request().resume();
    }
}
