package io.nephos.image.quota;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** What the caller's project has and may have (Image API v2.13, "Quota usage"). */
@Path("/v2/info/usage")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class UsageResource {
    private final Usage usage;
    private final UnifiedLimits limits;
    private final RequestContext request;

    @Inject
    UsageResource(Usage usage, UnifiedLimits limits, RequestContext request) {
        this.usage = usage;
        this.limits = limits;
        this.request = request;
    }

    @GET
    public ObjectNode show() {
        String project = request.caller().project();
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ObjectNode all = answer.putObject("usage");
        Allowance allowance = limits.of(project);
        usage.of(project)
                .forEach((limit, now) -> all.putObject(limit.wire())
                        .put("limit", allowance.of(limit))
                        .put("usage", now));
        return answer;
    }
}
