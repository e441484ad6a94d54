package io.nephos.compute.api;

import io.nephos.kit.fault.Fault;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.ext.Provider;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Older forms of the paths: {@code /v2.1/<project id>/servers} is {@code /v2.1/servers}, and {@code /v2/...} is the same
 * API without microversions (API guide, "Versions").
 */
@Provider
@PreMatching
@Priority(50)
public class PathFilter implements ContainerRequestFilter {
    private static final Pattern OLD = Pattern.compile("/?(v2|v2\\.1)/(?:[0-9a-f]{32}/)?(.+)");

    @Override
    public void filter(ContainerRequestContext context) {
        if (context.getUriInfo().getRequestUri().toString().contains("%00")) {
            throw Fault.badRequest("The address must not contain a NUL character.");
        }
        Matcher path = OLD.matcher(context.getUriInfo().getPath());
        if (!path.matches()) {
            return;
        }
        if (path.group(1).equals("v2")) {
            context.getHeaders().remove("OpenStack-API-Version");
            context.getHeaders().remove("X-OpenStack-Nova-API-Version");
        }
        String plain = "/v2.1/" + path.group(2);
        if (!plain.equals(context.getUriInfo().getPath())) {
            context.setRequestUri(UriBuilder.fromUri(context.getUriInfo().getRequestUri())
                    .replacePath(plain)
                    .build());
        }
    }
}
