package io.nephos.compute.flavor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** Who may use a private flavor (API reference, "Flavors access"). */
@Path("/v2.1/flavors/{id}")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class FlavorAccessResource {
    private final RequestContext request;
    private final Policy policy;
    private final Database db;
    private final FlavorStore flavors;

    @Inject
    public FlavorAccessResource(RequestContext request, Policy policy, Database db, FlavorStore flavors) {
        this.request = request;
        this.policy = policy;
        this.db = db;
        this.flavors = flavors;
    }

    @GET
    @Path("os-flavor-access")
    public ObjectNode list(@PathParam("id") String id) {
        Caller caller = request.caller();
        policy.require("os_compute_api:os-flavor-access", caller, caller.project());
        if (flavors.get(id, caller.project(), true).isPublic) {
            throw Fault.notFound("Access list not available for public flavors.");
        }
        return accesses(id);
    }

    @POST
    @Path("action")
    public ObjectNode act(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.ofBody(body);
        if (fields.has("addTenantAccess")) {
            policy.require("os_compute_api:os-flavor-access:add_tenant_access", caller, caller.project());
            add(flavors.get(id, caller.project(), true), tenant(fields.object("addTenantAccess")));
        } else if (fields.has("removeTenantAccess")) {
            policy.require("os_compute_api:os-flavor-access:remove_tenant_access", caller, caller.project());
            remove(flavors.get(id, caller.project(), true), tenant(fields.object("removeTenantAccess")));
        } else {
            throw Fault.badRequest("There is no such action: " + String.join(", ", names(body)));
        }
        return accesses(id);
    }

    private void add(FlavorRow flavor, String projectId) {
        if (flavor.isPublic && request.version().atLeast(2, 7)) {
            throw Fault.conflict("Can not add access to a public flavor.");
        }
        db.run(tx -> {
            if (tx.find(FlavorAccessRow.class, new FlavorAccessRow.Key(flavor.id, projectId))
                    .isPresent()) {
                throw Fault.conflict("Flavor access already exists for flavor " + flavor.id + " and project "
                        + projectId + " combination.");
            }
            FlavorAccessRow access = new FlavorAccessRow();
            access.flavorId = flavor.id;
            access.projectId = projectId;
            tx.insert(access);
        });
    }

    private void remove(FlavorRow flavor, String projectId) {
        db.run(tx -> tx.delete(tx.find(FlavorAccessRow.class, new FlavorAccessRow.Key(flavor.id, projectId))
                .orElseThrow(() -> Fault.notFound(
                        "Flavor access not found for " + flavor.id + " / " + projectId + " combination."))));
    }

    private ObjectNode accesses(String id) {
        List<FlavorAccessRow> rows = db.read(tx -> tx.list(
                FlavorAccessRow.class, "from FlavorAccessRow where flavorId = :f order by projectId", Map.of("f", id)));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("flavor_access");
        rows.forEach(row -> all.addObject().put("flavor_id", row.flavorId).put("tenant_id", row.projectId));
        return body;
    }

    private static String tenant(Fields fields) {
        return fields.text("tenant", 1, 255);
    }

    private static List<String> names(JsonNode body) {
        List<String> names = new java.util.ArrayList<>();
        body.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
