package io.nephos.compute.securitygroup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Map;

/** API reference, "Rules for security group (os-security-group-rules, deprecated)"; gone since 2.36. */
@Path("/v2.1/os-security-group-rules")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SecurityGroupRuleResource {
    private static final String TOKEN = "X-Auth-Token";
    private final RequestContext request;
    private final Policy policy;
    private final NetworkApi network;

    @Inject
    public SecurityGroupRuleResource(RequestContext request, Policy policy, NetworkApi network) {
        this.request = request;
        this.policy = policy;
        this.network = network;
    }

    @POST
    public ObjectNode create(@HeaderParam(TOKEN) String token, JsonNode body) {
        require("rule:create");
        Fields fields = Fields.of(body, "security_group_rule");
        String parent = fields.text("parent_group_id", 1, 255);
        String remoteGroup = fields.optionalText("group_id", 1, 255).orElse("");
        String cidr = fields.optionalText("cidr", 0, 64).orElse("");
        ObjectNode wanted = Json.NODES.objectNode();
        ObjectNode rule = wanted.putObject("security_group_rule")
                .put("security_group_id", parent)
                .put("direction", "ingress")
                .put("ethertype", cidr.contains(":") ? "IPv6" : "IPv4");
        fields.optionalText("ip_protocol", 1, 16)
                .map(protocol -> protocol.toLowerCase(Locale.ROOT))
                .filter(protocol -> !protocol.equals("-1"))
                .ifPresent(protocol -> rule.put("protocol", protocol));
        fields.optionalInteger("from_port", -1, 65535)
                .filter(port -> port >= 0)
                .ifPresent(port -> rule.put("port_range_min", port));
        fields.optionalInteger("to_port", -1, 65535)
                .filter(port -> port >= 0)
                .ifPresent(port -> rule.put("port_range_max", port));
        Map<String, String> names = Map.of();
        if (!remoteGroup.isEmpty()) {
            rule.put("remote_group_id", remoteGroup);
            names = Map.of(
                    remoteGroup,
                    network.get(token, "security-groups/" + remoteGroup)
                            .path("security_group")
                            .path("name")
                            .asText());
        } else {
            rule.put("remote_ip_prefix", cidr.isEmpty() ? "0.0.0.0/0" : cidr);
        }
        JsonNode made = network.post(token, "security-group-rules", wanted).path("security_group_rule");
        return Json.NODES.objectNode().set("security_group_rule", SecurityGroupView.rule(made, names));
    }

    @DELETE
    @Path("{id}")
    public Response delete(@HeaderParam(TOKEN) String token, @PathParam("id") String id) {
        require("rule:delete");
        network.delete(token, "security-group-rules/" + id);
        return Response.accepted().build();
    }

    private void require(String verb) {
        if (request.version().atLeast(2, 36)) {
            throw Fault.notFound("The resource could not be found.");
        }
        Caller caller = request.caller();
        policy.require("os_compute_api:os-security-groups:" + verb, caller, caller.project());
    }
}
