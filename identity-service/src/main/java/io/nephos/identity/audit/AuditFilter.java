package io.nephos.identity.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.contracts.events.v1.AuditEvent;
import io.nephos.contracts.events.v1.AuditHost;
import io.nephos.contracts.events.v1.AuditReason;
import io.nephos.contracts.events.v1.AuditResource;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.Context;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.ext.Provider;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * A record of every sign-in and every change, whether it succeeded or not, that is safe before the client has its answer. It
 * has ids, never names that were tried nor anything of the body. {@code nephos.identity.audit.opt-out} names what is left
 * out: "authenticate.success", "created.user.failure".
 */
@Provider
public class AuditFilter implements ContainerResponseFilter {
    private static final String UNKNOWN = "unknown";

    @Inject
    AuditTrail trail;

    @Inject
    RequestContext request;

    @Inject
    Attempt attempt;

    @Inject
    CurrentVertxRequest current;

    @ConfigProperty(name = "nephos.identity.audit.opt-out")
    Optional<List<String>> optOut;

    @Override
    public void filter(ContainerRequestContext context, ContainerResponseContext response) {
        String path = context.getUriInfo().getPath();
        Deed.of(context.getMethod(), path.startsWith("/") ? path : "/" + path).ifPresent(deed -> {
            boolean success = response.getStatus() < 400;
            String outcome = success ? "success" : "failure";
            if (optOut.orElse(List.of()).contains(deed.action() + "." + outcome)) {
                return;
            }
            var kept = trail.keep(record(deed, outcome, context, response));
            if (!Context.isOnEventLoopThread()) {
                kept.completeOnTimeout(null, 3, TimeUnit.SECONDS).join();
            }
        });
    }

    private AuditEvent record(
            Deed deed, String outcome, ContainerRequestContext context, ContainerResponseContext response) {
        boolean signIn = deed.action().equals("authenticate");
        JsonNode body = response.getEntity() instanceof ObjectNode node && response.getStatus() < 400 ? node : null;
        String user = signIn
                ? text(body, "token", "user").or(attempt::userId).orElse(UNKNOWN)
                : request.hasCaller()
                        ? request.caller().userId()
                        : attempt.userId().orElse(UNKNOWN);
        String target = signIn
                ? user
                : deed.targetId().or(() -> text(body, deed.noun())).orElse(UNKNOWN);
        return AuditEvent.newBuilder()
                .setTypeUri("http://schemas.dmtf.org/cloud/audit/1.0/event")
                .setId(UUID.randomUUID().toString())
                .setEventType("activity")
                .setEventTime(Instant.now().toString())
                .setAction(deed.action())
                .setOutcome(outcome)
                .setReason(AuditReason.newBuilder()
                        .setReasonType("HTTP")
                        .setReasonCode(Integer.toString(response.getStatus())))
                .setInitiator(initiator(user, context))
                .setTarget(AuditResource.newBuilder().setId(target).setTypeUri(deed.typeUri()))
                .setObserver(
                        AuditResource.newBuilder().setId("identity-service").setTypeUri("service/security"))
                .setRequestPath(context.getUriInfo().getRequestUri().getRawPath())
                .build();
    }

    private AuditResource.Builder initiator(String user, ContainerRequestContext context) {
        AuditResource.Builder initiator = AuditResource.newBuilder()
                .setId(user)
                .setTypeUri("service/security/account/user")
                .setUserId(user)
                .setRequestId(request.requestId())
                .setHost(AuditHost.newBuilder()
                        .setAddress(address())
                        .setAgent(shortened(context.getHeaderString("User-Agent"))));
        if (request.hasCaller()) {
            Caller caller = request.caller();
            initiator
                    .setProjectId(caller.projectId().orElse(""))
                    .setDomainId(caller.domainId().orElse(""));
        }
        return initiator;
    }

    private String address() {
        RoutingContext route = current.getCurrent();
        SocketAddress remote = route == null ? null : route.request().remoteAddress();
        return remote == null ? UNKNOWN : remote.hostAddress();
    }

    private static Optional<String> text(@Nullable JsonNode body, String... path) {
        JsonNode node = body;
        for (String word : path) {
            node = node == null ? null : node.get(word);
        }
        return Optional.ofNullable(node == null ? null : node.get("id")).map(JsonNode::asText);
    }

    private static String shortened(@Nullable String text) {
        return text == null ? "" : text.substring(0, Math.min(text.length(), 200));
    }
}
