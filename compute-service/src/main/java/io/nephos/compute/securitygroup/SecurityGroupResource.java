package io.nephos.compute.securitygroup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Map;

/** API reference, "Security groups (os-security-groups, deprecated)"; gone since 2.36. */
@Path("/v2.1/os-security-groups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SecurityGroupResource {
    private static final String TOKEN = "X-Auth-Token";
    private final RequestContext request;
    private final Policy policy;
    private final NetworkApi network;

    @Inject
    public SecurityGroupResource(RequestContext request, Policy policy, NetworkApi network) {
        this.request = request;
        this.policy = policy;
        this.network = network;
    }

    @GET
    public ObjectNode list(@HeaderParam(TOKEN) String token) {
        Caller caller = allowed("list");
        JsonNode groups = network.get(token, "security-groups?tenant_id=" + caller.project())
                .path("security_groups");
        Map<String, String> names = new HashMap<>();
        groups.forEach(
                group -> names.put(group.path("id").asText(), group.path("name").asText()));
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("security_groups");
        groups.forEach(group -> all.add(SecurityGroupView.group(group, names)));
        return body;
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@HeaderParam(TOKEN) String token, @PathParam("id") String id) {
        allowed("show");
        return body(network.get(token, "security-groups/" + id));
    }

    @POST
    public ObjectNode create(@HeaderParam(TOKEN) String token, JsonNode body) {
        allowed("create");
        return body(network.post(token, "security-groups", wanted(body)));
    }

    @PUT
    @Path("{id}")
    public ObjectNode update(@HeaderParam(TOKEN) String token, @PathParam("id") String id, JsonNode body) {
        allowed("update");
        return body(network.put(token, "security-groups/" + id, wanted(body)));
    }

    @DELETE
    @Path("{id}")
    public Response delete(@HeaderParam(TOKEN) String token, @PathParam("id") String id) {
        allowed("delete");
        try {
            network.delete(token, "security-groups/" + id);
        } catch (FaultException e) {
            throw e.fault() instanceof Fault.Conflict conflict ? Fault.badRequest(conflict.message()) : e;
        }
        return Response.accepted().build();
    }

    private static ObjectNode wanted(JsonNode body) {
        Fields fields = Fields.of(body, "security_group");
        ObjectNode wanted = Json.NODES.objectNode();
        wanted.putObject("security_group")
                .put("name", fields.text("name", 1, 255).strip())
                .put("description", fields.optionalText("description", 0, 255).orElse(""));
        return wanted;
    }

    private static ObjectNode body(JsonNode answer) {
        return Json.NODES
                .objectNode()
                .set("security_group", SecurityGroupView.group(answer.path("security_group"), Map.of()));
    }

    private Caller allowed(String verb) {
        if (request.version().atLeast(2, 36)) {
            throw Fault.notFound("The resource could not be found.");
        }
        Caller caller = request.caller();
        policy.require("os_compute_api:os-security-groups:" + verb, caller, caller.project());
        return caller;
    }
}
