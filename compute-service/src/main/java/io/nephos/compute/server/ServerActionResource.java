package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Agents;
import io.nephos.compute.securitygroup.ServerGroups;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Set;

/** API reference, "Servers - run an action (servers, action)": one POST, the body's only key names the action. */
@Path("/v2.1/servers/{id}/action")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ServerActionResource {
    /** Nova's actions that do not exist here yet. */
    private static final Set<String> LATER = Set.of(
            "rebuild",
            "resize",
            "confirmResize",
            "revertResize",
            "createImage",
            "createBackup",
            "rescue",
            "unrescue",
            "suspend",
            "resume",
            "shelve",
            "shelveOffload",
            "unshelve",
            "migrate",
            "os-migrateLive",
            "evacuate",
            "changePassword",
            "forceDelete",
            "restore",
            "trigger_crash_dump",
            "os-getVNCConsole",
            "os-getSerialConsole",
            "os-getSPICEConsole",
            "os-getRDPConsole",
            "resetNetwork",
            "injectNetworkInfo");

    private final RequestContext request;
    private final Policy policy;
    private final ServerAccess access;
    private final Agents agents;
    private final HostDirectory hosts;
    private final ServerGroups groups;

    @Inject
    public ServerActionResource(
            RequestContext request,
            Policy policy,
            ServerAccess access,
            Agents agents,
            HostDirectory hosts,
            ServerGroups groups) {
        this.request = request;
        this.policy = policy;
        this.access = access;
        this.agents = agents;
        this.hosts = hosts;
        this.groups = groups;
    }

    @POST
    public Response act(@PathParam("id") String id, JsonNode body) {
        Fields fields = Fields.ofBody(body);
        if (fields.json().size() != 1) {
            throw Fault.badRequest("The body must name exactly one action.");
        }
        String action = fields.json().fieldNames().next();
        switch (action) {
            case "os-start" ->
                access.act(id, "servers:start", "start", (tx, server) -> {
                    server.start(Times.now());
                    return true;
                });
            case "os-stop" ->
                access.act(id, "servers:stop", "stop", (tx, server) -> {
                    server.stop(Times.now());
                    return true;
                });
            case "pause" ->
                access.act(id, "os-pause-server:pause", "pause", (tx, server) -> {
                    server.pause(Times.now());
                    return true;
                });
            case "unpause" ->
                access.act(id, "os-pause-server:unpause", "unpause", (tx, server) -> {
                    server.unpause(Times.now());
                    return true;
                });
            case "reboot" -> reboot(id, fields.object("reboot"));
            case "lock" -> lock(id, fields);
            case "unlock" -> unlock(id);
            case "os-resetState" -> resetState(id, fields.object("os-resetState"));
            case "os-getConsoleOutput" -> {
                return console(id, fields);
            }
            case "addSecurityGroup" -> groups.add(id, fields.object(action).text("name", 1, 255));
            case "removeSecurityGroup" ->
                groups.remove(id, fields.object(action).text("name", 1, 255));
            default -> {
                if (!LATER.contains(action)) {
                    throw Fault.badRequest("There is no such action: " + action);
                }
                access.get(id, "servers:show");
                throw Fault.notImplemented("The action '" + action + "' is not implemented.");
            }
        }
        return Response.accepted().build();
    }

    private void reboot(String id, Fields fields) {
        String type = fields.json().path("type").asText("").toUpperCase(java.util.Locale.ROOT);
        if (!type.equals("SOFT") && !type.equals("HARD")) {
            throw fields.invalid("type", "must be 'SOFT' or 'HARD'.");
        }
        access.act(id, "servers:reboot", "reboot", (tx, server) -> {
            server.reboot(type.equals("HARD"), request.requestId(), Times.now());
            return true;
        });
    }

    private void lock(String id, Fields fields) {
        boolean reasoned = request.version().atLeast(2, 73);
        String reason = reasoned
                ? fields.optionalObject("lock")
                        .flatMap(inner -> inner.only("locked_reason").optionalText("locked_reason", 1, 255))
                        .orElse("")
                : "";
        access.change(id, "os-lock-server:lock", (tx, server) -> {
            boolean owner = server.row().projectId.equals(request.caller().project());
            if (!server.row().lockedBy.equals("owner") || !owner) {
                server.row().lockedBy = owner ? "owner" : "admin";
            }
            server.row().lockedReason = reason.isEmpty() ? null : reason;
            server.row().updatedAt = Times.now();
            return true;
        });
    }

    private void unlock(String id) {
        access.change(id, "os-lock-server:unlock", (tx, server) -> {
            if (server.row().lockedBy.equals("admin")) {
                policy.require(
                        "os_compute_api:os-lock-server:unlock:unlock_override",
                        request.caller(),
                        Map.of("project_id", server.row().projectId));
            }
            server.row().lockedBy = "";
            server.row().lockedReason = null;
            server.row().updatedAt = Times.now();
            return true;
        });
    }

    private void resetState(String id, Fields fields) {
        boolean active = fields.oneOf("state", "active", "error").equals("active");
        access.change(id, "os-admin-actions:reset_state", (tx, server) -> {
            server.resetState(active, Times.now());
            return true;
        });
    }

    private Response console(String id, Fields fields) {
        Fields asked = fields.json().path("os-getConsoleOutput").isObject()
                ? fields.object("os-getConsoleOutput").only("length")
                : Fields.ofBody(Json.NODES.objectNode());
        int lines = asked.optionalInteger("length", -1, Integer.MAX_VALUE).orElse(0);
        ServerRow row = access.get(id, "os-console-output");
        if (row.host.isEmpty() || !row.onHost) {
            throw Fault.conflict("Instance " + id + " is not ready");
        }
        try {
            return Response.ok(Json.NODES
                            .objectNode()
                            .put("output", agents.console(hosts.agentAddress(row), id, Math.max(lines, 0))))
                    .build();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw Fault.conflict("Instance " + id + " is not ready");
            }
            throw e;
        }
    }
}
