package io.nephos.identity.endpointfilter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.catalog.CatalogStore;
import io.nephos.identity.catalog.EndpointView;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.project.ProjectView;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** /v3/OS-EP-FILTER/endpoint_groups (Identity API reference, "OS-EP-FILTER"). */
@Path("/v3/OS-EP-FILTER/endpoint_groups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class EndpointGroupResource {
    private static final Set<String> FILTERS = Set.of("service_id", "region_id", "interface");

    private final Database db;
    private final Access access;
    private final EndpointFilterStore store;
    private final CatalogStore catalog;
    private final EndpointGroupView view;
    private final EndpointView endpointView;
    private final ProjectStore projects;
    private final ProjectView projectView;
    private final Links links;

    @Inject
    public EndpointGroupResource(
            Database db,
            Access access,
            EndpointFilterStore store,
            CatalogStore catalog,
            EndpointGroupView view,
            EndpointView endpointView,
            ProjectStore projects,
            ProjectView projectView,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.catalog = catalog;
        this.view = view;
        this.endpointView = endpointView;
        this.projects = projects;
        this.projectView = projectView;
        this.links = links;
    }

    @GET
    public ObjectNode list(@QueryParam("name") @Nullable String name) {
        access.require("identity:list_endpoint_groups");
        List<EndpointGroupRow> rows = db.read(
                tx -> Selection.of(EndpointGroupRow.class).where("name", name).list(tx));
        return links.list("endpoint_groups", rows.stream().map(view::of).toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:create_endpoint_group");
        Fields fields = Fields.of(body, "endpoint_group");
        EndpointGroupRow row = new EndpointGroupRow();
        row.id = Ids.random();
        row.name = fields.text("name", 1, 255);
        if (fields.object("filters").json().isEmpty()) {
            throw Fault.badRequest("filters field is required and cannot be empty");
        }
        apply(row, fields);
        write(tx -> tx.insert(row));
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        access.require("identity:get_endpoint_group");
        return wrapped(db.read(tx -> store.requireGroup(tx, id)));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:update_endpoint_group");
        Fields fields = Fields.of(body, "endpoint_group");
        if (fields.json().isEmpty()) {
            throw Fault.badRequest("Invalid input for field 'endpoint_group': {} does not have enough properties");
        }
        return db.write(tx -> {
            EndpointGroupRow row = store.requireGroup(tx, id);
            apply(row, fields);
            tx.update(row);
            tx.afterCommit(catalog::forget);
            return wrapped(row);
        });
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.require("identity:delete_endpoint_group");
        write(tx -> tx.delete(store.requireGroup(tx, id)));
    }

    @GET
    @Path("/{id}/endpoints")
    public ObjectNode endpoints(@PathParam("id") String id) {
        access.require("identity:list_endpoints_associated_with_endpoint_group");
        return links.list(
                "endpoints",
                db.read(tx -> store.ofGroup(tx, store.requireGroup(tx, id))).stream()
                        .map(endpointView::of)
                        .toList());
    }

    @GET
    @Path("/{id}/projects")
    public ObjectNode projects(@PathParam("id") String id) {
        access.require("identity:list_projects_associated_with_endpoint_group");
        return links.list(
                "projects",
                db.read(tx -> store.projectsOfGroup(tx, store.requireGroup(tx, id).id)).stream()
                        .map(projectView::project)
                        .toList());
    }

    @GET
    @Path("/{id}/projects/{project}")
    public ObjectNode check(@PathParam("id") String id, @PathParam("project") String project) {
        access.require("identity:get_endpoint_group_in_project");
        if (!db.read(tx -> store.hasGroup(tx, requireProject(tx, project), store.requireGroup(tx, id).id))) {
            throw notAssociated();
        }
        ObjectNode node = Attributes.object("{}");
        node.put("endpoint_group_id", id).put("project_id", project);
        node.set("links", links.self("OS-EP-FILTER/endpoint_groups/" + id + "/projects/" + project));
        return Attributes.object("{}").set("project_endpoint_group", node);
    }

    @PUT
    @Path("/{id}/projects/{project}")
    public void add(@PathParam("id") String id, @PathParam("project") String project) {
        access.require("identity:add_endpoint_group_to_project");
        try {
            write(tx -> store.addGroup(tx, requireProject(tx, project), store.requireGroup(tx, id).id));
        } catch (UniqueViolation e) {
            throw Faults.duplicate("project_endpoint_group", "Duplicate Entry");
        }
    }

    @DELETE
    @Path("/{id}/projects/{project}")
    public void remove(@PathParam("id") String id, @PathParam("project") String project) {
        access.require("identity:remove_endpoint_group_from_project");
        write(tx -> {
            if (!store.removeGroup(tx, requireProject(tx, project), store.requireGroup(tx, id).id)) {
                throw notAssociated();
            }
        });
    }

    private void write(Consumer<Transaction> work) {
        db.run(tx -> {
            work.accept(tx);
            tx.afterCommit(catalog::forget);
        });
    }

    private String requireProject(Transaction tx, String id) {
        return projects.require(tx, id).id;
    }

    private static FaultException notAssociated() {
        return Fault.notFound("Endpoint Group Project Association not found");
    }

    private static void apply(EndpointGroupRow row, Fields fields) {
        fields.optionalText("name", 1, 255).ifPresent(name -> row.name = name);
        if (fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse(null);
        }
        fields.optionalObject("filters").ifPresent(filters -> {
            filters.json().fieldNames().forEachRemaining(name -> {
                if (!FILTERS.contains(name)) {
                    throw fields.invalid(
                            "filters." + name,
                            "Expecting to find service_id or region_id or interface in endpoint_group.");
                }
            });
            filters.optionalText("service_id", 1, 64);
            filters.optionalText("region_id", 1, 255);
            filters.optionalOneOf("interface", "public", "internal", "admin");
            row.filters = filters.json().toString();
        });
    }

    private ObjectNode wrapped(EndpointGroupRow row) {
        return Attributes.object("{}").set("endpoint_group", view.of(row));
    }
}
