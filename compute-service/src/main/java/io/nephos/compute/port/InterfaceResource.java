package io.nephos.compute.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.peer.Network;
import io.nephos.compute.server.Server;
import io.nephos.compute.server.ServerAccess;
import io.nephos.contracts.network.v1.RequestedNetwork;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Ports of a server (API reference, "Port interfaces"). */
@Path("/v2.1/servers/{id}/os-interface")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class InterfaceResource {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final RequestContext request;
    private final ServerAccess access;
    private final Network network;

    @Inject
    public InterfaceResource(RequestContext request, ServerAccess access, Network network) {
        this.request = request;
        this.access = access;
        this.network = network;
    }

    @GET
    public ObjectNode list(@PathParam("id") String id) {
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("interfaceAttachments");
        access.server(id, "os-attach-interfaces:list").ports().stream()
                .filter(port -> port.made && !port.leaving)
                .forEach(port -> all.add(view(port)));
        return body;
    }

    @GET
    @Path("{port}")
    public ObjectNode show(@PathParam("id") String id, @PathParam("port") String portId) {
        return body(find(access.server(id, "os-attach-interfaces:show"), portId));
    }

    /** Answers when network-service has made the port, as Nova does; plugging it goes on. */
    @POST
    public ObjectNode attach(@PathParam("id") String id, JsonNode body) {
        Fields fields = Fields.of(body, "interfaceAttachment");
        fields.only(
                request.version().atLeast(2, 49)
                        ? new String[] {"port_id", "net_id", "fixed_ips", "tag"}
                        : new String[] {"port_id", "net_id", "fixed_ips"});
        String portId = fields.optionalUuid("port_id").orElse("");
        String networkId = fields.optionalUuid("net_id").orElse("");
        if (!portId.isEmpty() && !networkId.isEmpty()) {
            throw Fault.badRequest("Must not input both network_id and port_id");
        }
        String fixedIp = fields.objects("fixed_ips").stream()
                .findFirst()
                .map(ip -> ip.text("ip_address", 1, 64))
                .orElse("");
        if (!fixedIp.isEmpty() && networkId.isEmpty()) {
            throw Fault.badRequest("Must input network_id when request IP address");
        }
        access.server(id, "os-attach-interfaces:create").requireBuilt("attach_interface");
        boolean any = portId.isEmpty() && networkId.isEmpty();
        List<RequestedNetwork> resolved = network.resolve(
                request.caller(),
                any
                        ? List.of()
                        : List.of(RequestedNetwork.newBuilder()
                                .setPortId(portId)
                                .setNetworkId(networkId)
                                .setFixedIp(fixedIp)
                                .build()),
                any,
                1);
        if (resolved.isEmpty()) {
            throw Fault.badRequest("The project has no network to attach.");
        }
        RequestedNetwork wanted = resolved.getFirst();
        String newId = portId.isEmpty() ? UUID.randomUUID().toString() : portId;
        access.act(id, "os-attach-interfaces:create", "attach_interface", (tx, server) -> {
            server.requireBuilt("attach_interface");
            if (server.ports().stream().anyMatch(port -> port.id.equals(newId))) {
                throw Fault.badRequest("Port " + newId + " is still in use.");
            }
            PortRow port = new PortRow();
            port.id = newId;
            port.serverId = id;
            port.position = server.ports().size();
            port.networkId = wanted.getNetworkId();
            port.existing = !portId.isEmpty();
            port.fixedIp = wanted.getFixedIp();
            port.tag = fields.optionalText("tag", 1, 60).orElse(null);
            tx.insert(port);
            server.ports().add(port);
            server.redefine(Times.now());
            return true;
        });
        return body(made(id, newId));
    }

    @DELETE
    @Path("{port}")
    public Response detach(@PathParam("id") String id, @PathParam("port") String portId) {
        access.act(id, "os-attach-interfaces:delete", "detach_interface", (tx, server) -> {
            PortRow port = find(server, portId);
            server.requireBuilt("detach_interface");
            server.redefine(Times.now());
            port.leaving = true;
            port.leavingAt = server.row().generation;
            tx.update(port);
            return true;
        });
        return Response.accepted().build();
    }

    private PortRow made(String id, String portId) {
        Instant until = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(until)) {
            Optional<PortRow> port = access.server(id, "os-attach-interfaces:show").ports().stream()
                    .filter(row -> row.id.equals(portId))
                    .findFirst();
            if (port.isEmpty() || port.get().leaving) {
                throw Fault.badRequest("Failed to attach interface: network-service refused the port.");
            }
            if (port.get().made) {
                return port.get();
            }
            pause();
        }
        throw Fault.unavailable("The port is not there yet; it will be attached.");
    }

    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(50));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The service stops.");
        }
    }

    private static PortRow find(Server server, String portId) {
        return server.ports().stream()
                .filter(port -> port.id.equals(portId) && !port.leaving)
                .findFirst()
                .orElseThrow(() -> Fault.notFound(
                        "No interface of instance " + server.row().id + " has the port id " + portId + "."));
    }

    private ObjectNode body(PortRow port) {
        return Json.NODES.objectNode().set("interfaceAttachment", view(port));
    }

    private ObjectNode view(PortRow port) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("port_state", port.up ? "ACTIVE" : "DOWN")
                .put("port_id", port.id)
                .put("net_id", port.networkId)
                .put("mac_addr", port.macAddress);
        view.set("fixed_ips", Json.tree(port.fixedIps));
        return request.version().atLeast(2, 70) ? view.put("tag", port.tag) : view;
    }
}
