package io.nephos.kit.tenant;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/**
 * Our own, for administrators, in every service: what disabled and deleted projects have left in it
 * ({@code {"orphans": [{"project_id", "name", "domain_id", "deleted_at", "resources": {"servers": 2}}]}}), and its deletion.
 */
@Path("/nephos/v1/orphans")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class OrphanResource {
    private final RequestContext request;
    private final Policy policy;
    private final Tenants tenants;
    private final Instance<ProjectBelongings> belongings;

    @Inject
    public OrphanResource(
            RequestContext request, Policy policy, Tenants tenants, Instance<ProjectBelongings> belongings) {
        this.request = request;
        this.policy = policy;
        this.tenants = tenants;
        this.belongings = belongings;
    }

    @GET
    public ObjectNode list() {
        policy.require(Policy.ORPHANS_LIST, request.caller(), Map.of());
        ObjectNode answer = object();
        ArrayNode orphans = answer.putArray("orphans");
        tenants.orphans().forEach(orphan -> orphans.add(view(orphan)));
        return answer;
    }

    /**
     * 202 with {@code {"refused": [{"type", "id", "reason"}]}}: what the deletion of waits for something else; ask again. 404
     * for a project that left nothing, 409 for one that is only disabled.
     */
    @DELETE
    @Path("{project_id}")
    public Response purge(@PathParam("project_id") String projectId) {
        policy.require(Policy.ORPHANS_PURGE, request.caller(), Map.of());
        Orphan orphan = tenants.orphan(projectId)
                .orElseThrow(() -> Fault.notFound("Project " + projectId + " has left nothing here."));
        if (orphan.deletedAt().isEmpty()) {
            throw Fault.conflict("Project " + projectId + " is disabled, not deleted; nothing of it is purged.");
        }
        Purge purge = new Purge();
        for (ProjectBelongings own : belongings) {
            own.purge(request.caller(), projectId, purge);
        }
        ObjectNode answer = object();
        ArrayNode refused = answer.putArray("refused");
        purge.refused()
                .forEach(one -> refused.addObject()
                        .put("type", one.kind())
                        .put("id", one.id())
                        .put("reason", one.reason()));
        return Response.accepted(answer).build();
    }

    private static ObjectNode view(Orphan orphan) {
        ObjectNode view = object().put("project_id", orphan.projectId())
                .put("name", orphan.name())
                .put("domain_id", orphan.domainId())
                .put("deleted_at", orphan.deletedAt().map(Object::toString).orElse(null));
        ObjectNode resources = view.putObject("resources");
        orphan.left().forEach(resources::put);
        return view;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
