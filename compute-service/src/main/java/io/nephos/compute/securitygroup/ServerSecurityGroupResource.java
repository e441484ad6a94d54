package io.nephos.compute.securitygroup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.server.Addresses;
import io.nephos.compute.server.ServerAccess;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** API reference, "Servers: List Security Groups By Server". */
@Path("/v2.1/servers/{id}/os-security-groups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ServerSecurityGroupResource {
    private final ServerAccess access;
    private final NetworkApi network;

    @Inject
    public ServerSecurityGroupResource(ServerAccess access, NetworkApi network) {
        this.access = access;
        this.network = network;
    }

    @GET
    public ObjectNode list(@HeaderParam("X-Auth-Token") String token, @PathParam("id") String id) {
        Set<String> ids =
                Addresses.groupIds(access.server(id, "os-security-groups:list").ports());
        ObjectNode body = Json.NODES.objectNode();
        ArrayNode all = body.putArray("security_groups");
        if (!ids.isEmpty()) {
            String query = ids.stream().map(group -> "id=" + group).collect(Collectors.joining("&"));
            JsonNode groups = network.get(token, "security-groups?" + query).path("security_groups");
            groups.forEach(group -> all.add(SecurityGroupView.group(group, Map.of())));
        }
        return body;
    }
}
