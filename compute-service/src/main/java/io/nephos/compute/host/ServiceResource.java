package io.nephos.compute.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.peer.Scheduler;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
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
        require("list");
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("services");
        if (binary == null || binary.equals(BINARY)) {
            scheduler.hosts(List.of()).stream()
                    .filter(status -> host == null || status.getHost().getName().equals(host))
                    .forEach(status -> all.add(view(status)));
        }
        return body;
    }

    /** Since 2.53: status, disabled_reason and forced_down of the service with that UUID. */
    @PUT
    @Path("{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        require("update");
        if (!request.version().atLeast(2, 53)) {
            return act(id, Fields.ofBody(body));
        }
        Fields fields = Fields.ofBody(body).only("status", "disabled_reason", "forced_down");
        Optional<String> status = fields.optionalOneOf("status", "enabled", "disabled");
        Optional<String> reason = fields.optionalText("disabled_reason", 1, 255);
        Optional<Boolean> forcedDown = fields.optionalFlag("forced_down");
        if (!Fields.isUuid(id)) {
            throw Fault.badRequest("Invalid uuid " + id);
        }
        if (status.isEmpty() && forcedDown.isEmpty()) {
            throw Fault.badRequest("No updates were requested. Fields 'status' or 'forced_down' should be specified.");
        }
        if (reason.isPresent() && !status.equals(Optional.of("disabled"))) {
            throw Fault.badRequest("Specifying 'disabled_reason' requires that status is 'disabled'.");
        }
        String host = scheduler.hosts(List.of()).stream()
                .filter(known -> known.getHost().getId().equals(id))
                .map(known -> known.getHost().getName())
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Service " + id + " not found."));
        status.ifPresent(text -> scheduler.setEnabled(host, text.equals("enabled"), reason.orElse("")));
        forcedDown.ifPresent(down -> scheduler.setForcedDown(host, down));
        return Json.NODES.objectNode().set("service", view(find(host)));
    }

    /** Before 2.53 the last part of the path is a verb, and the host is in the body. */
    private ObjectNode act(String verb, Fields fields) {
        boolean known = List.of("enable", "disable", "disable-log-reason").contains(verb)
                || (verb.equals("force-down") && request.version().atLeast(2, 11));
        if (!known) {
            throw Fault.notFound("Unknown action");
        }
        String host = fields.text("host", 1, 255);
        String binary = fields.text("binary", 1, 255);
        if (!binary.equals(BINARY)) {
            throw Fault.notFound("Could not find binary " + binary + " on host " + host + ".");
        }
        find(host);
        ObjectNode view = Json.NODES.objectNode().put("host", host).put("binary", binary);
        switch (verb) {
            case "enable" -> {
                fields.only("host", "binary");
                scheduler.setEnabled(host, true, "");
                view.put("status", "enabled");
            }
            case "disable" -> {
                fields.only("host", "binary");
                scheduler.setEnabled(host, false, "");
                view.put("status", "disabled");
            }
            case "disable-log-reason" -> {
                String reason = fields.only("host", "binary", "disabled_reason").text("disabled_reason", 1, 255);
                scheduler.setEnabled(host, false, reason);
                view.put("status", "disabled").put("disabled_reason", reason);
            }
            default -> {
                boolean down = fields.only("host", "binary", "forced_down")
                        .optionalFlag("forced_down")
                        .orElseThrow(() -> fields.required("forced_down"));
                scheduler.setForcedDown(host, down);
                view.put("forced_down", down);
            }
        }
        return Json.NODES.objectNode().set("service", view);
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        require("delete");
        throw Fault.notImplemented("A compute service is not deleted here; disable it.");
    }

    private HostStatus find(String host) {
        return scheduler.hosts(List.of(host)).stream()
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Could not find binary " + BINARY + " on host " + host + "."));
    }

    private void require(String verb) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-services:" + verb, caller, caller.project());
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
        return request.version().atLeast(2, 11) ? view.put("forced_down", status.getForcedDown()) : view;
    }
}
