package io.nephos.network.securitygroup;

import static io.nephos.network.api.Listing.Column.number;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Crud;
import io.nephos.network.api.Listing;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Networking API v2.0, security group rules. */
@Path("/v2.0/security-group-rules")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SecurityGroupRuleResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.ofEntries(
            Map.entry("id", text("id")),
            Map.entry("description", text("description")),
            Map.entry("project_id", text("projectId")),
            Map.entry("tenant_id", text("projectId")),
            Map.entry("security_group_id", text("groupId")),
            Map.entry("direction", text("direction")),
            Map.entry("ethertype", text("ethertype")),
            Map.entry("protocol", text("protocol")),
            Map.entry("port_range_min", number("portRangeMin")),
            Map.entry("port_range_max", number("portRangeMax")),
            Map.entry("remote_ip_prefix", text("remoteIpPrefix")),
            Map.entry("remote_group_id", text("remoteGroupId")));

    private final Crud<SecurityGroupRuleRow> crud;

    public SecurityGroupRuleResource(Crud.Factory crud, SecurityGroupRules rules) {
        this.crud = crud.of("security_group_rule", "security_group_rules", SecurityGroupRuleRow.class, COLUMNS, rules);
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return crud.list(uri);
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        return crud.create(body);
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return crud.show(id, uri);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
    }
}
