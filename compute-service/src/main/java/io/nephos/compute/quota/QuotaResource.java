package io.nephos.compute.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.EnumMap;
import java.util.Map;

/** Quotas of projects (API reference, "Quota sets"). */
@Path("/v2.1/os-quota-sets/{project}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class QuotaResource {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Quotas quotas;

    @Inject
    public QuotaResource(RequestContext request, Policy policy, Database db, Quotas quotas) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.quotas = quotas;
    }

    @GET
    public ObjectNode show(@PathParam("project") String project) {
        policy.require("os_compute_api:os-quota-sets:show", request.caller(), project);
        return set(db.read(tx -> quotas.limits(tx, project))).deepCopyWithId(project);
    }

    @GET
    @Path("defaults")
    public ObjectNode defaults(@PathParam("project") String project) {
        policy.require("os_compute_api:os-quota-sets:defaults", request.caller(), project);
        return set(db.read(quotas::defaults)).deepCopyWithId(project);
    }

    @GET
    @Path("detail")
    public ObjectNode detail(@PathParam("project") String project) {
        policy.require("os_compute_api:os-quota-sets:detail", request.caller(), project);
        ObjectNode view = Json.NODES.objectNode();
        db.read(tx -> {
            Quotas.Usage used = quotas.usage(tx, project);
            quotas.limits(tx, project).forEach((quota, limit) -> {
                if (quota.shownAt(request.version())) {
                    view.putObject(quota.wire())
                            .put("limit", limit)
                            .put("in_use", inUse(tx, quota, used, project))
                            .put("reserved", 0);
                }
            });
            return view;
        });
        view.put("id", project);
        return Json.NODES.objectNode().set("quota_set", view);
    }

    @PUT
    public ObjectNode update(@PathParam("project") String project, JsonNode body) {
        policy.require("os_compute_api:os-quota-sets:update", request.caller(), project);
        Fields fields = Fields.of(body, "quota_set");
        Map<Quota, Long> wanted = new EnumMap<>(Quota.class);
        fields.json().fieldNames().forEachRemaining(name -> {
            if (name.equals("force") || name.equals("tenant_id")) {
                return;
            }
            Quota quota = Quota.of(name)
                    .filter(known -> known.shownAt(request.version()))
                    .orElseThrow(() ->
                            Fault.badRequest("Additional properties are not allowed ('" + name + "' was unexpected)"));
            fields.optionalLong(name, -1, Integer.MAX_VALUE).ifPresent(limit -> wanted.put(quota, limit));
        });
        boolean force = fields.flag("force", false);
        Map<Quota, Long> now = db.write(tx -> {
            tx.serialize("quota:" + project);
            Quotas.Usage used = quotas.usage(tx, project);
            wanted.forEach((quota, limit) -> {
                long inUse = inUse(tx, quota, used, project);
                if (!force && limit >= 0 && limit < inUse) {
                    throw Fault.badRequest("Quota limit " + limit + " for " + quota.wire()
                            + " must be greater than or equal to already used and reserved " + inUse + ".");
                }
                quotas.set(tx, project, quota, limit);
            });
            return quotas.limits(tx, project);
        });
        return set(now).node();
    }

    @DELETE
    public Response delete(@PathParam("project") String project) {
        policy.require("os_compute_api:os-quota-sets:delete", request.caller(), project);
        db.run(tx -> tx.execute("delete from QuotaRow where projectId = :p", Map.of("p", project)));
        return Response.accepted().build();
    }

    private static long inUse(Transaction tx, Quota quota, Quotas.Usage used, String project) {
        return switch (quota) {
            case INSTANCES -> used.instances();
            case CORES -> used.cores();
            case RAM -> used.ramMib();
            case SERVER_GROUPS ->
                tx.count("select count(*) from ServerGroupRow where projectId = :p", Map.of("p", project));
            case METADATA_ITEMS,
                    KEY_PAIRS,
                    SERVER_GROUP_MEMBERS,
                    INJECTED_FILES,
                    INJECTED_FILE_CONTENT_BYTES,
                    INJECTED_FILE_PATH_BYTES,
                    FIXED_IPS,
                    FLOATING_IPS,
                    SECURITY_GROUPS,
                    SECURITY_GROUP_RULES -> 0;
        };
    }

    private Body set(Map<Quota, Long> limits) {
        ObjectNode view = Json.NODES.objectNode();
        limits.forEach((quota, limit) -> {
            if (quota.shownAt(request.version())) {
                view.put(quota.wire(), limit);
            }
        });
        return new Body(view);
    }

    private record Body(ObjectNode view) {
        ObjectNode node() {
            return Json.NODES.objectNode().set("quota_set", view);
        }

        ObjectNode deepCopyWithId(String project) {
            view.put("id", project);
            return node();
        }
    }
}
