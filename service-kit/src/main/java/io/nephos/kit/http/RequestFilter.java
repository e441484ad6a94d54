package io.nephos.kit.http;

import io.nephos.kit.fault.Fault;
import io.nephos.rpc.RpcServer;
import io.opentelemetry.api.trace.Span;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/**
 * Before and after every request: the request id (local, and the client's global one in the trace) and the microversion,
 * as the API-SIG guidelines have them.
 */
@Provider
@PreMatching
@Priority(100)
public class RequestFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String REQUEST_ID = "X-OpenStack-Request-ID";
    private static final Pattern GLOBAL_ID = Pattern.compile("req-[0-9a-fA-F-]{36}");

    private static final Pattern UPWARDS = Pattern.compile("/(\\.|%2[eE]){1,2}(/|$)");

    @Inject
    RequestContext request;

    @Inject
    Instance<MicroversionRange> ranges;

    @Override
    public void filter(ContainerRequestContext context) {
        String id = "req-" + UUID.randomUUID();
        request.requestId(id);
        MDC.put(RpcServer.REQUEST_ID_MDC, id);
        Span.current().setAttribute("openstack.request_id", id);
        Optional.ofNullable(context.getHeaderString(REQUEST_ID))
                .filter(global -> GLOBAL_ID.matcher(global).matches())
                .ifPresent(global -> Span.current().setAttribute("openstack.global_request_id", global));
        if (ranges.isResolvable()) {
            request.version(negotiate(context, ranges.get()));
        }
        // The router goes up a step for it: to remove the tag ".." of a thing would be to remove the thing.
        if (UPWARDS.matcher(String.valueOf(context.getUriInfo().getRequestUri().getRawPath()))
                .find()) {
            throw Fault.notFound("The resource could not be found.");
        }
        // PostgreSQL has no text with it, and no name or id does.
        if (context.getUriInfo().getRequestUri().toASCIIString().contains("%00")) {
            throw Fault.badRequest("The URL must not contain a NUL character.");
        }
    }

    @Override
    public void filter(ContainerRequestContext context, ContainerResponseContext response) {
        response.getHeaders().putSingle(REQUEST_ID, request.requestId());
        if (ranges.isResolvable()) {
            MicroversionRange range = ranges.get();
            String version = safeVersion(range);
            response.getHeaders().putSingle("OpenStack-API-Version", range.serviceType() + " " + version);
            response.getHeaders().add("Vary", "OpenStack-API-Version");
            range.legacyHeader().ifPresent(header -> {
                response.getHeaders().putSingle(header, version);
                response.getHeaders().add("Vary", header);
            });
        }
        MDC.remove(RpcServer.REQUEST_ID_MDC);
    }

    private String safeVersion(MicroversionRange range) {
        try {
            return request.version().toString();
        } catch (IllegalStateException notNegotiated) {
            return range.min().toString();
        }
    }

    private Microversion negotiate(ContainerRequestContext context, MicroversionRange range) {
        Optional<String> asked = Optional.ofNullable(context.getHeaderString("OpenStack-API-Version"))
                .flatMap(header -> forService(header, range.serviceType()))
                .or(() -> range.legacyHeader().map(context::getHeaderString));
        if (asked.isEmpty()) {
            return range.min();
        }
        String text = asked.get().strip();
        if (text.equalsIgnoreCase("latest")) {
            return range.max();
        }
        Microversion version = Microversion.parse(text)
                .orElseThrow(() -> Fault.badRequest(
                        "API Version String " + text + " is of invalid format. Must be of format MajorNum.MinorNum."));
        if (version.compareTo(range.min()) < 0 || version.compareTo(range.max()) > 0) {
            request.version(range.min());
            throw new Fault.NotAcceptable(
                            "",
                            "Version " + version + " is not supported by the API. Minimum is " + range.min()
                                    + " and maximum is " + range.max() + ".")
                    .asException();
        }
        return version;
    }

    private static Optional<String> forService(String header, String serviceType) {
        for (String entry : header.split(",")) {
            String[] words = entry.strip().split("\\s+");
            if (words.length == 2 && words[0].equalsIgnoreCase(serviceType)) {
                return Optional.of(words[1]);
            }
        }
        return Optional.empty();
    }
}
