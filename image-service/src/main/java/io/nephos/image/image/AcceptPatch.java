package io.nephos.image.image;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** Tells who sent a patch of another media type which ones there are (RFC 5789), as Glance does. */
@Provider
public class AcceptPatch implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() == Response.Status.UNSUPPORTED_MEDIA_TYPE.getStatusCode()
                && request.getMethod().equals(HttpMethod.PATCH)) {
            response.getHeaders().putSingle("Accept-Patch", ImagePatch.TYPE_2_0 + ", " + ImagePatch.TYPE_2_1);
        }
    }
}
