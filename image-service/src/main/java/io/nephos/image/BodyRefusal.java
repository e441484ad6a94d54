package io.nephos.image;

import io.nephos.kit.fault.Fault;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** 400 for a body where none is read: who sends one wants something that would not happen. */
@Provider
public class BodyRefusal implements ContainerRequestFilter {
    @Context
    @Nullable
    ResourceInfo resource;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > 0 || chunked(request)) {
            Method method = resource == null ? null : resource.getResourceMethod();
            if (method != null && !method.isAnnotationPresent(Consumes.class)) {
                throw Fault.badRequest("A body is not expected with this request.");
            }
        }
    }

    // Some clients say of whatever they ask that they may send something.
    private static boolean chunked(ContainerRequestContext request) {
        return request.getHeaderString("Transfer-Encoding") != null
                && !List.of("GET", "HEAD", "DELETE").contains(request.getMethod());
    }
}
