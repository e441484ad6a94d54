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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Every route but the {@link Public} ones needs a good X-Auth-Token: 401 without, 503 while tokens cannot be judged. A token
 * with access rules is good only for what one of them allows, unless a service passes the request on and says so with a
 * token of its own (X-Service-Token); the rules of a service of no known type allow nothing.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class TokenFilter implements ContainerRequestFilter {
    private static final Logger LOG = Logger.getLogger(TokenFilter.class);

    @Context
    ResourceInfo route;

    @Inject
    RequestContext request;

    @Inject
    TokenVerifier verifier;

    @Inject
    Revocations revocations;

    /** What the catalog calls this service. */
    @ConfigProperty(name = "nephos.service.types")
    Optional<List<String>> types;

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
        Optional<Token> token = sent.flatMap(verifier::verifyCached).filter(good -> allowed(good, context));
        if (token.isPresent()) {
            request.token(token.get());
            request.caller(Caller.of(token.get(), request.requestId()));
        } else if (!open) {
            throw new Fault.Unauthorized("", "The request you have made requires authentication.").asException();
        }
    }

    private boolean allowed(Token token, ContainerRequestContext context) {
        if (token.accessRules().isEmpty()) {
            return true;
        }
        Set<String> own = Set.copyOf(types.orElse(List.of()));
        String method = context.getMethod();
        String path = context.getUriInfo().getRequestUri().getRawPath();
        boolean validation = own.contains("identity") && method.equals("GET") && path.equals("/v3/auth/tokens");
        if (validation
                || ofService(context)
                || token.accessRules().stream().anyMatch(rule -> rule.allows(own, method, path))) {
            return true;
        }
        LOG.debugf("No access rule of the token allows %s %s", method, path);
        return false;
    }

    private boolean ofService(ContainerRequestContext context) {
        return Optional.ofNullable(context.getHeaderString("X-Service-Token"))
                .flatMap(verifier::verifyCached)
                .filter(token -> token.roles().contains("service"))
                .isPresent();
    }
}
