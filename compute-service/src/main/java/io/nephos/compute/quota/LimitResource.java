package io.nephos.compute.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Microversion;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the project may have and has (API reference, "Limits"). */
@Path("/v2.1/limits")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class LimitResource {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final Quotas quotas;

    @Inject
    public LimitResource(RequestContext request, Policy policy, Database db, Quotas quotas) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.quotas = quotas;
    }

    @GET
    public ObjectNode show(@QueryParam("tenant_id") @Nullable String tenant) {
        Caller caller = request.caller();
        String project = tenant == null ? caller.project() : tenant;
        policy.require("os_compute_api:limits", caller, project);
        if (!project.equals(caller.project())) {
            policy.require("os_compute_api:limits:other_project", caller, project);
        }
        ObjectNode body = Json.NODES.objectNode();
        ObjectNode limits = body.putObject("limits");
        limits.putArray("rate");
        ObjectNode absolute = limits.putObject("absolute");
        db.read(tx -> {
            fill(absolute, quotas.limits(tx, project), quotas.usage(tx, project));
            absolute.put(
                    "totalServerGroupsUsed",
                    tx.count("select count(*) from ServerGroupRow where projectId = :p", Map.of("p", project)));
            return absolute;
        });
        return body;
    }

    private void fill(ObjectNode absolute, Map<Quota, Long> limits, Quotas.Usage used) {
        Microversion version = request.version();
        put(absolute, "maxTotalInstances", limits, Quota.INSTANCES);
        put(absolute, "maxTotalCores", limits, Quota.CORES);
        put(absolute, "maxTotalRAMSize", limits, Quota.RAM);
        put(absolute, "maxServerMeta", limits, Quota.METADATA_ITEMS);
        put(absolute, "maxTotalKeypairs", limits, Quota.KEY_PAIRS);
        put(absolute, "maxServerGroups", limits, Quota.SERVER_GROUPS);
        put(absolute, "maxServerGroupMembers", limits, Quota.SERVER_GROUP_MEMBERS);
        absolute.put("totalInstancesUsed", used.instances());
        absolute.put("totalCoresUsed", used.cores());
        absolute.put("totalRAMUsed", used.ramMib());
        if (!version.atLeast(2, 39)) {
            put(absolute, "maxImageMeta", limits, Quota.METADATA_ITEMS);
        }
        if (!version.atLeast(2, 36)) {
            put(absolute, "maxTotalFloatingIps", limits, Quota.FLOATING_IPS);
            put(absolute, "maxSecurityGroups", limits, Quota.SECURITY_GROUPS);
            put(absolute, "maxSecurityGroupRules", limits, Quota.SECURITY_GROUP_RULES);
            absolute.put("totalFloatingIpsUsed", 0).put("totalSecurityGroupsUsed", 0);
        }
        if (!version.atLeast(2, 57)) {
            put(absolute, "maxPersonality", limits, Quota.INJECTED_FILES);
            put(absolute, "maxPersonalitySize", limits, Quota.INJECTED_FILE_CONTENT_BYTES);
        }
    }

    private static void put(ObjectNode absolute, String name, Map<Quota, Long> limits, Quota quota) {
        absolute.put(name, limits.getOrDefault(quota, quota.usual()));
    }
}
