package io.nephos.compute.group;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.quota.Quotas;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Microversion;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API reference, "Server groups". */
@Path("/v2.1/os-server-groups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ServerGroupResource {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Quotas quotas;

    @Inject
    public ServerGroupResource(RequestContext request, Policy policy, Database db, Quotas quotas) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.quotas = quotas;
    }

    @GET
    public ObjectNode list(
            @QueryParam("all_projects") @Nullable String allProjects,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("offset") @Nullable String offset) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-server-groups:index", caller, caller.project());
        boolean all = allProjects != null
                && policy.allows("os_compute_api:os-server-groups:index:all_projects", caller, Map.of());
        List<ServerGroupRow> rows = db.read(tx -> all
                ? tx.list(ServerGroupRow.class, "from ServerGroupRow order by createdAt, id", Map.of())
                : tx.list(
                        ServerGroupRow.class,
                        "from ServerGroupRow where projectId = :p order by createdAt, id",
                        Map.of("p", caller.project())));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode views = body.putArray("server_groups");
        rows.stream()
                .skip(number("offset", offset, 0))
                .limit(number("limit", limit, 1000))
                .forEach(row -> views.add(view(row)));
        return body;
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return body(find(id, "show"));
    }

    @POST
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-server-groups:create", caller, caller.project());
        Fields fields = Fields.of(body, "server_group");
        boolean rules = request.version().atLeast(2, 64);
        fields.only(rules ? new String[] {"name", "policy", "rules"} : new String[] {"name", "policies"});
        ServerGroupRow row = new ServerGroupRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = caller.project();
        row.userId = caller.userId();
        row.name = fields.text("name", 1, 255);
        row.policy = rules ? fields.oneOf("policy", policies()) : onlyOne(fields);
        row.maxPerHost = fields.optionalObject("rules")
                .map(found -> {
                    if (!row.policy.equals("anti-affinity")) {
                        throw Fault.badRequest("Only anti-affinity policy supports rules.");
                    }
                    return found.only("max_server_per_host").integer("max_server_per_host", 1, Integer.MAX_VALUE);
                })
                .orElse(null);
        row.createdAt = Times.now();
        db.run(tx -> {
            quotas.takeServerGroup(tx, row.projectId);
            tx.insert(row);
        });
        return body(row);
    }

    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        ServerGroupRow row = find(id, "delete");
        db.run(tx -> {
            tx.execute("delete from ServerGroupRow where id = :id", Map.of("id", row.id));
            tx.execute("update ServerRow set groupId = '' where groupId = :id", Map.of("id", row.id));
        });
    }

    private ServerGroupRow find(String id, String verb) {
        Caller caller = request.caller();
        return db.read(tx -> tx.find(ServerGroupRow.class, id))
                .filter(row -> policy.allows(
                        "os_compute_api:os-server-groups:" + verb, caller, Map.of("project_id", row.projectId)))
                .orElseThrow(() -> Fault.notFound("Instance group " + id + " could not be found."));
    }

    private String onlyOne(Fields fields) {
        List<String> sent = fields.texts("policies", 1, 255);
        if (sent.size() != 1 || !List.of(policies()).contains(sent.getFirst())) {
            throw fields.invalid("policies", "must be a list of one of '" + String.join("', '", policies()) + "'.");
        }
        return sent.getFirst();
    }

    private String[] policies() {
        return request.version().atLeast(2, 15)
                ? new String[] {"affinity", "anti-affinity", "soft-affinity", "soft-anti-affinity"}
                : new String[] {"affinity", "anti-affinity"};
    }

    private ObjectNode body(ServerGroupRow row) {
        return Json.NODES.objectNode().set("server_group", view(row));
    }

    private ObjectNode view(ServerGroupRow row) {
        Microversion version = request.version();
        ObjectNode view = Json.NODES.objectNode().put("id", row.id).put("name", row.name);
        if (version.atLeast(2, 64)) {
            view.put("policy", row.policy);
            ObjectNode rules = view.putObject("rules");
            if (row.maxPerHost != null) {
                rules.put("max_server_per_host", row.maxPerHost);
            }
        } else {
            view.putArray("policies").add(row.policy);
            view.putObject("metadata");
        }
        ArrayNode members = view.putArray("members");
        db.rows("select id from server where group_id = $1 order by created_at", row.id)
                .forEach(member -> members.add(member.getString(0)));
        if (version.atLeast(2, 13)) {
            view.put("project_id", row.projectId).put("user_id", row.userId);
        }
        return view;
    }

    private static long number(String name, @Nullable String text, long otherwise) {
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}")) {
            throw Fault.badRequest("Invalid input for query parameters " + name + ": '" + text + "'.");
        }
        return Long.parseLong(text);
    }
}
