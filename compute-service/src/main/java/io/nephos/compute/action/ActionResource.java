package io.nephos.compute.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.api.Times;
import io.nephos.compute.server.ServerRow;
import io.nephos.compute.server.ServerView;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.Page;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The timeline of a server, a deleted one included since 2.21 (API reference, "Servers actions list"). */
@Path("/v2.1/servers/{id}/os-instance-actions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ActionResource {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Links links;

    @Inject
    public ActionResource(RequestContext request, Policy policy, Database db, Links links) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @PathParam("id") String id,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker,
            @QueryParam("changes-since") @Nullable String since,
            @QueryParam("changes-before") @Nullable String before) {
        boolean paged = request.version().atLeast(2, 58);
        List<ActionRow> all = actions(id, "list").stream()
                .filter(row -> !paged || since == null || !row.updatedAt.isBefore(Times.parse("changes-since", since)))
                .filter(row -> !request.version().atLeast(2, 66)
                        || before == null
                        || !row.updatedAt.isAfter(Times.parse("changes-before", before)))
                .toList();
        Page page = paged ? Page.of(limit, marker, 1000) : new Page(1000, java.util.Optional.empty());
        List<ActionRow> rest = page.marker().map(last -> after(all, last)).orElse(all);
        List<ActionRow> shown = rest.subList(0, Math.min(page.limit(), rest.size()));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode views = body.putArray("instanceActions");
        shown.forEach(row -> views.add(view(row)));
        if (paged && shown.size() < rest.size()) {
            body.set("links", links.next(shown.getLast().requestId));
        }
        return body;
    }

    @GET
    @Path("{request}")
    public ObjectNode show(@PathParam("id") String id, @PathParam("request") String requestId) {
        ActionRow action = actions(id, "show").stream()
                .filter(row -> row.requestId.equals(requestId))
                .findFirst()
                .orElseThrow(() ->
                        Fault.notFound("Action for request_id " + requestId + " on instance " + id + " not found"));
        ObjectNode view = view(action);
        Caller caller = request.caller();
        Map<String, String> target = Map.of("project_id", action.projectId);
        boolean detailed = policy.allows("os_compute_api:os-instance-actions:events", caller, target);
        if (detailed || request.version().atLeast(2, 51)) {
            ArrayNode events = view.putArray("events");
            db.read(tx -> tx.list(
                            ActionEventRow.class,
                            "from ActionEventRow where actionId = :a order by startedAt desc, id desc",
                            Map.of("a", action.id)))
                    .forEach(row -> events.add(event(row, action, detailed)));
        }
        return Json.NODES.objectNode().set("instanceAction", view);
    }

    private List<ActionRow> actions(String serverId, String verb) {
        Caller caller = request.caller();
        return db.read(tx -> {
            boolean there = tx.find(ServerRow.class, serverId).isPresent();
            List<ActionRow> rows = tx.list(
                    ActionRow.class,
                    "from ActionRow where serverId = :s order by startedAt desc, id desc",
                    Map.of("s", serverId));
            boolean readable = !rows.isEmpty()
                    && (there || request.version().atLeast(2, 21))
                    && policy.allows(
                            "os_compute_api:os-instance-actions:" + verb,
                            caller,
                            Map.of("project_id", rows.getFirst().projectId));
            if (!readable) {
                throw Fault.notFound("Instance " + serverId + " could not be found.");
            }
            return rows;
        });
    }

    private static List<ActionRow> after(List<ActionRow> all, String requestId) {
        for (int at = 0; at < all.size(); at++) {
            if (all.get(at).requestId.equals(requestId)) {
                return all.subList(at + 1, all.size());
            }
        }
        throw Fault.badRequest("Marker " + requestId + " could not be found.");
    }

    private ObjectNode view(ActionRow row) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("action", row.action)
                .put("instance_uuid", row.serverId)
                .put("request_id", row.requestId)
                .put("user_id", row.userId)
                .put("project_id", row.projectId)
                .put("start_time", Times.micros(row.startedAt))
                .put("message", row.message);
        return request.version().atLeast(2, 58) ? view.put("updated_at", Times.micros(row.updatedAt)) : view;
    }

    private ObjectNode event(ActionEventRow row, ActionRow action, boolean detailed) {
        Microversion version = request.version();
        ObjectNode view = Json.NODES
                .objectNode()
                .put("event", row.name)
                .put("start_time", Times.micros(row.startedAt))
                .put("finish_time", micros(row.finishedAt))
                .put("result", row.result);
        if (detailed) {
            view.put("traceback", "Error".equals(row.result) ? row.details : null);
        }
        if (version.atLeast(2, 62)) {
            view.put("hostId", ServerView.hostId(action.projectId, row.host));
            if (detailed) {
                view.put("host", row.host.isEmpty() ? null : row.host);
            }
        }
        return view;
    }

    private static @Nullable String micros(@Nullable OffsetDateTime time) {
        return time == null ? null : Times.micros(time);
    }
}
