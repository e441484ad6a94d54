package io.nephos.network.securitygroup;

import static io.nephos.network.api.Listing.Column.flag;
import static io.nephos.network.api.Listing.Column.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.RequestContext;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Crud;
import io.nephos.network.api.Listing;
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

    private final SecurityGroups groups;
    private final Crud<SecurityGroupRow> crud;
    private final RequestContext request;
    private final Database database;

    public SecurityGroupResource(Crud.Factory crud, SecurityGroups groups, Database database, RequestContext request) {
        this.groups = groups;
        this.crud = crud.of("security_group", "security_groups", SecurityGroupRow.class, COLUMNS, groups);
        this.database = database;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        request.caller().projectId().ifPresent(this::ensureDefault);
        return crud.list(uri);
    }

    /** A project sees its default group from the first look on. */
    private void ensureDefault(String project) {
        long there = database.read(tx -> tx.count(
                "select count(*) from SecurityGroupRow r where r.projectId = :project and r.isDefault = true",
                Map.of("project", project)));
        if (there == 0) {
            Attributes.write(database, tx -> groups.ensureDefault(tx, project));
        }
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

    @PUT
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, JsonNode body) {
        return crud.update(id, body, groups::update);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        crud.delete(id);
    }
}
