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
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The zones that hosts are in: those of their aggregates, else those that they say themselves (API reference, "Availability zones"). */
@Path("/v2.1/os-availability-zone")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ZoneResource {
    private final RequestContext request;
    private final Policy policy;
    private final Scheduler scheduler;

    @Inject
    public ZoneResource(RequestContext request, Policy policy, Scheduler scheduler) {
        this.request = request;
        this.policy = policy;
        this.scheduler = scheduler;
    }

    @GET
    public ObjectNode list() {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-availability-zone:list", caller, caller.project());
        return zones(false);
    }

    @GET
    @Path("detail")
    public ObjectNode detail() {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-availability-zone:detail", caller, caller.project());
        return zones(true);
    }

    private ObjectNode zones(boolean detailed) {
        Map<String, List<HostStatus>> byZone = new TreeMap<>();
        scheduler
                .hosts(List.of())
                .forEach(host -> byZone.computeIfAbsent(host.getHost().getAvailabilityZone(), zone -> new ArrayList<>())
                        .add(host));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("availabilityZoneInfo");
        byZone.forEach((zone, hosts) -> {
            ObjectNode view = all.addObject().put("zoneName", zone);
            view.putObject("zoneState")
                    .put("available", hosts.stream().anyMatch(host -> host.getUp() && host.getEnabled()));
            if (detailed) {
                ObjectNode byHost = view.putObject("hosts");
                hosts.forEach(host -> byHost.set(host.getHost().getName(), service(host)));
            } else {
                view.putNull("hosts");
            }
        });
        return body;
    }

    private static ObjectNode service(HostStatus host) {
        ObjectNode service = Json.NODES.objectNode();
        ObjectNode state = service.putObject("nova-compute")
                .put("active", host.getEnabled())
                .put("available", host.getUp());
        state.put(
                "updated_at",
                host.getLastHeartbeat().isEmpty()
                        ? null
                        : Times.micros(Times.parse("updated_at", host.getLastHeartbeat())));
        return service;
    }
}
