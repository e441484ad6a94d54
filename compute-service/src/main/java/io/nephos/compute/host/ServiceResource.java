package io.nephos.compute.host;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.peer.Scheduler;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agents of the hosts as nova-compute services (API reference, "Compute services"). */
@Path("/v2.1/os-services")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ServiceResource {
    private static final String BINARY = "nova-compute";
    private final RequestContext request;
    private final Policy policy;
    private final Scheduler scheduler;

    @Inject
    public ServiceResource(RequestContext request, Policy policy, Scheduler scheduler) {
        this.request = request;
        this.policy = policy;
        this.scheduler = scheduler;
    }

    @GET
    public ObjectNode list(@QueryParam("host") @Nullable String host, @QueryParam("binary") @Nullable String binary) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-services:list", caller, caller.project());
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("services");
        if (binary == null || binary.equals(BINARY)) {
            scheduler.hosts(List.of()).stream()
                    .filter(status -> host == null || status.getHost().getName().equals(host))
                    .forEach(status -> all.add(view(status)));
        }
        return body;
    }

    private ObjectNode view(HostStatus status) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("binary", BINARY)
                .put("host", status.getHost().getName())
                .put("zone", status.getHost().getAvailabilityZone())
                .put("status", status.getEnabled() ? "enabled" : "disabled")
                .put("state", status.getUp() ? "up" : "down")
                .put("disabled_reason", status.getDisabledReason().isEmpty() ? null : status.getDisabledReason());
        view.put(
                "updated_at",
                status.getLastHeartbeat().isEmpty()
                        ? null
                        : Times.micros(Times.parse("updated_at", status.getLastHeartbeat())));
        if (request.version().atLeast(2, 53)) {
            view.put("id", status.getHost().getId());
        } else {
            view.put("id", HypervisorResource.number(status.getHost().getId()));
        }
        return request.version().atLeast(2, 11) ? view.put("forced_down", false) : view;
    }
}
