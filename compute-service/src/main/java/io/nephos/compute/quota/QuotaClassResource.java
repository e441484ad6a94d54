package io.nephos.compute.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** What projects have when nobody set a limit for them: the class "default" (API reference, "Quota class sets"). */
@Path("/v2.1/os-quota-class-sets/{name}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class QuotaClassResource {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Quotas quotas;

    @Inject
    public QuotaClassResource(RequestContext request, Policy policy, Database db, Quotas quotas) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.quotas = quotas;
    }

    @GET
    public ObjectNode show(@PathParam("name") String name) {
        require("show", name);
        return Json.NODES
                .objectNode()
                .set("quota_class_set", view(db.read(quotas::defaults)).put("id", name));
    }

    @PUT
    public ObjectNode update(@PathParam("name") String name, JsonNode sent) {
        require("update", name);
        Fields fields = Fields.of(sent, "quota_class_set");
        db.run(tx -> fields.json().fieldNames().forEachRemaining(resource -> {
            Quota quota = Quota.of(resource)
                    .filter(known -> known.shownAt(request.version()))
                    .orElseThrow(() -> Fault.badRequest(
                            "Additional properties are not allowed ('" + resource + "' was unexpected)"));
            fields.optionalLong(resource, -1, Integer.MAX_VALUE)
                    .ifPresent(limit -> quotas.set(tx, Quotas.DEFAULTS, quota, limit));
        }));
        return Json.NODES.objectNode().set("quota_class_set", view(db.read(quotas::defaults)));
    }

    private ObjectNode view(Map<Quota, Long> limits) {
        ObjectNode view = Json.NODES.objectNode();
        limits.forEach((quota, limit) -> {
            if (quota.shownAt(request.version())) {
                view.put(quota.wire(), limit);
            }
        });
        return view;
    }

    private void require(String verb, String name) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-quota-class-sets:" + verb, caller, caller.project());
        if (!name.equals("default")) {
            throw Fault.notFound("Quota class " + name + " could not be found.");
        }
    }
}
