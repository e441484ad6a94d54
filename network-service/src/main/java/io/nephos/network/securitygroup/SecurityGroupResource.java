package io.nephos.network.securitygroup;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Networking API v2.0, security groups. */
@Path("/v2.0/security-groups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class SecurityGroupResource {
    private static final Map<String, Listing.Column> COLUMNS = Map.of(
            "id", text("id"),
            "name", text("name"),
            "description", text("description"),
            "project_id", text("projectId"),
            "tenant_id", text("projectId"),
            "stateful", flag("stateful"));

    private final Database database;
    private final SecurityGroups groups;
    private final Access access;
    private final RequestContext request;

    public SecurityGroupResource(Database database, SecurityGroups groups, Access access, RequestContext request) {
        this.database = database;
        this.groups = groups;
        this.access = access;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        Caller caller = request.caller();
        Query query = new Query(uri);
        Listing<SecurityGroupRow> listing = new Listing<>(SecurityGroupRow.class, COLUMNS, query);
        if (!access.admin(caller)) {
            listing.where("r.projectId = :caller", Map.of("caller", caller.project()));
        }
        // A project sees its default group from the first look on.
        caller.projectId().ifPresent(project -> {
            if (database.read(tx -> tx.count(
                            "select count(*) from SecurityGroupRow r where r.projectId = :project and r.isDefault = true",
                            Map.of("project", project)))
                    == 0) {
                Attributes.write(database, tx -> groups.ensureDefault(tx, project));
            }
        });
        return database.read(tx -> {
            Listing.Slice<SecurityGroupRow> slice = listing.fetch(tx);
            return query.page("security_groups", views(tx, slice.rows()), slice.more());
        });
    }

    @POST
    @ResponseStatus(201)
    public ObjectNode create(JsonNode body) {
        Caller caller = request.caller();
        return Bulk.create(
                body,
                "security_group",
                "security_groups",
                all -> Attributes.write(
                        database,
                        tx -> views(
                                tx,
                                all.stream()
                                        .map(one -> groups.create(tx, caller, one))
                                        .toList())));
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, @Context UriInfo uri) {
        Caller caller = request.caller();
        return database.read(tx -> Bulk.one(
                "security_group",
                new Query(uri)
                        .select(views(tx, List.of(groups.visible(tx, caller, id)))
                                .getFirst())));
    }

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        Caller caller = request.caller();
        Fields fields = Fields.of(body, "security_group");
        return Attributes.write(
                database,
                tx -> Bulk.one(
                        "security_group",
                        views(tx, List.of(groups.update(tx, caller, id, fields)))
                                .getFirst()));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        Attributes.write(database, tx -> {
            groups.delete(tx, request.caller(), id);
            return true;
        });
    }

    private List<ObjectNode> views(Transaction tx, List<SecurityGroupRow> rows) {
        List<SecurityGroupRuleRow> rules =
                groups.rules(tx, rows.stream().map(row -> row.id).toList());
        return rows.stream()
                .map(row -> SecurityGroupView.of(
                        row,
                        rules.stream()
                                .filter(rule -> rule.groupId.equals(row.id))
                                .toList()))
                .toList();
    }
}
