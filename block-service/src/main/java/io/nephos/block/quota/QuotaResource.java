package io.nephos.block.quota;

import com.fasterxml.jackson.databind.JsonNode;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "Quota sets extension". */
@Path("/v3/os-quota-sets/{project}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class QuotaResource {
    private final QuotaStore quotas;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public QuotaResource(QuotaStore quotas, Policy policy, RequestContext request) {
        this.quotas = quotas;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public Map<String, Object> show(@PathParam("project") String project, @QueryParam("usage") @Nullable String usage) {
        policy.require("volume_extension:quotas:show", request.caller(), project);
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("id", project);
        if ("true".equals(String.valueOf(usage).toLowerCase(Locale.ROOT))) {
            Map<String, Long> used = quotas.usage(project);
            quotas.limits(project)
                    .forEach((resource, limit) -> set.put(
                            resource,
                            Map.of("limit", limit, "in_use", used.getOrDefault(resource, 0L), "reserved", 0)));
        } else {
            set.putAll(quotas.limits(project));
        }
        return Map.of("quota_set", set);
    }

    @GET
    @Path("/defaults")
    public Map<String, Object> defaults(@PathParam("project") String project) {
        policy.require("volume_extension:quotas:show", request.caller(), project);
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("id", project);
        set.putAll(quotas.defaults());
        return Map.of("quota_set", set);
    }

    @PUT
    public Map<String, Object> update(@PathParam("project") String project, JsonNode body) {
        policy.require("volume_extension:quotas:update", request.caller(), project);
        Fields set = Fields.of(body, "quota_set");
        Map<String, Long> known = quotas.limits(project);
        Map<String, Long> changes = new LinkedHashMap<>();
        set.json().fieldNames().forEachRemaining(name -> {
            if (known.containsKey(name)) {
                changes.put(
                        name,
                        set.optionalLong(name, -1, Integer.MAX_VALUE)
                                .orElseThrow(() -> set.invalid(name, "must be an integer.")));
            } else if (!name.equals("tenant_id") && !name.equals("force")) {
                throw Fault.badRequest("Bad key(s) in quota set: " + name);
            }
        });
        quotas.set(project, changes);
        return Map.of("quota_set", quotas.limits(project));
    }

    @DELETE
    public Response delete(@PathParam("project") String project) {
        policy.require("volume_extension:quotas:delete", request.caller(), project);
        quotas.reset(project);
        return Response.ok().build();
    }
}
