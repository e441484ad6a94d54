package io.nephos.network.securitygroup;

import static io.nephos.network.api.Listing.Column.number;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Bulk;
import io.nephos.network.api.Listing;
import io.nephos.network.api.Query;
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

    private final Database database;
    private final SecurityGroupRules rules;
    private final Access access;
    private final RequestContext request;

    public SecurityGroupRuleResource(
            Database database, SecurityGroupRules rules, Access access, RequestContext request) {
        this.database = database;
        this.rules = rules;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<SecurityGroupRuleRow> listing = new Listing<>(SecurityGroupRuleRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where("r.projectId = :caller", Map.of("caller", caller.project()));
        }
        return database.read(tx -> {
            Listing.Slice<SecurityGroupRuleRow> slice = listing.fetch(tx);
            return query.page(
                    "security_group_rules",
                    slice.rows().stream().map(SecurityGroupView::of).toList(),
                    slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "security_group_rule",
                "security_group_rules",
                all -> Attributes.write(
                        database,
                        tx -> all.stream()
                                .map(one -> SecurityGroupView.of(rules.create(tx, caller, one)))
                                .toList()));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        return database.read(tx -> Bulk.one(
                "security_group_rule",
                new Query(uri).select(SecurityGroupView.of(rules.visible(tx, request.caller(), id)))));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        database.run(tx -> rules.delete(tx, request.caller(), id));
    }
}
