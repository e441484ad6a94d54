package io.nephos.kit.token;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.Optional;

/** Every route but the {@link Public} ones needs a good X-Auth-Token: 401 without, 503 while tokens cannot be judged. */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class TokenFilter implements ContainerRequestFilter {
    @Context
    ResourceInfo route;

    @Inject
    RequestContext request;

    @Inject
    TokenVerifier verifier;

    @Inject
    Revocations revocations;

    @Override
    public void filter(ContainerRequestContext context) {
        Optional<String> sent = Optional.ofNullable(context.getHeaderString("X-Auth-Token"));
        boolean open = route.getResourceMethod().isAnnotationPresent(Public.class)
                || route.getResourceClass().isAnnotationPresent(Public.class);
        if (open && sent.isEmpty()) {
            return;
        }
        if (sent.isPresent() && !revocations.caughtUp()) {
            throw Fault.unavailable("Tokens cannot be checked until the revocation feed has been read.");
        }
        Optional<Token> token = sent.flatMap(verifier::verifyCached);
        if (token.isPresent()) {
            request.caller(Caller.of(token.get(), request.requestId()));
        } else if (!open) {
            throw new Fault.Unauthorized("", "The request you have made requires authentication.").asException();
        }
    }
}
