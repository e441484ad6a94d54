package io.nephos.block;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Both forms of Cinder's paths, /v3/volumes and /v3/{project_id}/volumes: the project is taken out before a route is
 * looked for, and must be that of the token (400, as Cinder has it).
 */
@RequestScoped
public class ProjectPath {
    private static final String PROJECT = "nephos.path.project";
    private @Nullable URI original;

    /** The URI as the client wrote it, for the links of a page. */
    public URI original() {
        URI uri = original;
        if (uri == null) {
            throw new IllegalStateException("No request is being served.");
        }
        return uri;
    }

    /** "http://127.0.0.1:8776". */
    public String base() {
        return original().getScheme() + "://" + original().getRawAuthority();
    }

    void remember(URI uri) {
        original = uri;
    }

    @Provider
    @PreMatching
    @Priority(200)
    public static class Shorten implements ContainerRequestFilter {
        @Inject
        ProjectPath path;

        @Override
        public void filter(ContainerRequestContext context) {
            URI uri = context.getUriInfo().getRequestUri();
            path.remember(uri);
            String raw = uri.getRawPath();
            String[] segments = raw.split("/", 4);
            boolean versioned = segments.length > 2 && segments[1].equals("v3");
            if (versioned && Fields.isUuid(segments[2])) {
                context.setProperty(PROJECT, segments[2]);
                raw = "/v3" + (segments.length > 3 ? "/" + segments[3] : "");
            }
            if (raw.equals("/v3/")) {
                raw = "/v3";
            }
            // A path that ends in a slash is a resource whose id is empty.
            if (raw.endsWith("/") && raw.length() > 1) {
                throw Fault.notFound("The resource could not be found.");
            }
            if (!raw.equals(uri.getRawPath())) {
                context.setRequestUri(UriBuilder.fromUri(uri).replacePath(raw).build());
            }
        }
    }

    @Provider
    @Priority(Priorities.AUTHORIZATION)
    public static class Check implements ContainerRequestFilter {
        @Inject
        RequestContext request;

        @Override
        public void filter(ContainerRequestContext context) {
            Optional<String> project = Optional.ofNullable((String) context.getProperty(PROJECT));
            if (project.isPresent()
                    && request.hasCaller()
                    && !request.caller().projectId().equals(project)) {
                throw Fault.badRequest("Malformed request url: the project in it is not that of the token.");
            }
        }
    }
}
