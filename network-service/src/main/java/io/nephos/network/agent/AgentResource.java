package io.nephos.network.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.network.api.Access;
import io.nephos.network.api.Bulk;
import io.nephos.network.api.Query;
import io.nephos.network.ovn.Northbound;
import io.nephos.network.ovn.OvsdbException;
import io.nephos.network.ovn.Southbound;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Networking API v2.0, agents: the OVN controllers of the hosts. */
@Path("/v2.0/agents")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AgentResource {
    private final Northbound northbound;
    private final Southbound southbound;
    private final Access access;
    private final RequestContext request;

    public AgentResource(Northbound northbound, Southbound southbound, Access access, RequestContext request) {
        this.northbound = northbound;
        this.southbound = southbound;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Query query = new Query(uri);
        // Who may not see any sees an empty list, as everywhere in this API.
        if (!access.allows("get_agent", request.caller(), "")) {
            return query.page("agents", List.of(), false);
        }
        List<ObjectNode> views = all().stream()
                .filter(view -> matches(view, query, "host")
                        && matches(view, query, "agent_type")
                        && matches(view, query, "binary")
                        && matches(view, query, "id"))
                .toList();
        return query.page("agents", views, false);
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        access.require("get_agent", request.caller(), "");
        return all().stream()
                .filter(view -> view.path("id").asText().equals(id))
                .findFirst()
                .map(view -> Bulk.one("agent", new Query(uri).select(view)))
                .orElseThrow(() -> Fault.notFound("AgentNotFound", "Agent " + id + " could not be found"));
    }

    private static boolean matches(ObjectNode view, Query query, String attribute) {
        return !query.asks(attribute)
                || query.values(attribute).contains(view.path(attribute).asText());
    }

    private List<ObjectNode> all() {
        try {
            Map<String, Instant> heard = northbound.heartbeats();
            return southbound.chassis().stream()
                    .map(chassis -> view(chassis, heard))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("Interrupted.");
        } catch (OvsdbException e) {
            throw Fault.unavailable("OVN is away.");
        }
    }

    private static ObjectNode view(Southbound.Chassis chassis, Map<String, Instant> heard) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        Optional<Instant> last = Optional.ofNullable(heard.get(chassis.name()));
        boolean gateway = chassis.config().getOrDefault("ovn-cms-options", "").contains("enable-chassis-as-gw");
        view.put(
                "id",
                UUID.nameUUIDFromBytes(("chassis/" + chassis.name()).getBytes(StandardCharsets.UTF_8))
                        .toString());
        view.put("agent_type", gateway ? "OVN Controller Gateway agent" : "OVN Controller agent");
        view.put("binary", "ovn-controller");
        view.put("host", chassis.hostname());
        view.put("topic", "n/a");
        view.put("availability_zone", "");
        view.put("admin_state_up", true);
        view.put("alive", last.isPresent());
        last.ifPresentOrElse(
                time -> view.put(
                        "heartbeat_timestamp",
                        time.truncatedTo(ChronoUnit.SECONDS).toString()),
                () -> view.putNull("heartbeat_timestamp"));
        view.put("description", "");
        ObjectNode configurations = view.putObject("configurations");
        configurations.put("bridge-mappings", chassis.config().getOrDefault("ovn-bridge-mappings", ""));
        configurations.put("datapath-type", chassis.config().getOrDefault("datapath-type", ""));
        return view;
    }
}
