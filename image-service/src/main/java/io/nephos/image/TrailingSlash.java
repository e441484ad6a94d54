package io.nephos.image;

import io.nephos.kit.fault.Fault;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;

/** An image without an id is no image: {@code /v2/images/} is 404, not the list. */
@Provider
@PreMatching
@Priority(200)
public class TrailingSlash implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext context) {
        if (context.getUriInfo().getPath().equals("/v2/images/")) {
            throw Fault.notFound("The resource could not be found.");
        }
    }
}
