package io.nephos.image;

import io.nephos.kit.fault.Fault;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;

/**
 * An image without an id is no image: {@code /v2/images/} is 404, not the list. An image and a tag without a name are not
 * the image either, or who removes the tag would remove the image.
 */
@Provider
@PreMatching
@Priority(200)
public class TrailingSlash implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext context) {
        String path = String.valueOf(context.getUriInfo().getRequestUri().getRawPath());
        if (path.startsWith("/v2/") && path.endsWith("/")) {
            throw Fault.notFound("The resource could not be found.");
        }
    }
}
