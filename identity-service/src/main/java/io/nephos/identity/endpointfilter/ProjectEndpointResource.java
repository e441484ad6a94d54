package io.nephos.identity.endpointfilter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.catalog.CatalogStore;
import io.nephos.identity.catalog.EndpointRow;
import io.nephos.identity.catalog.EndpointView;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.project.ProjectView;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Projects and the endpoints that their catalog is confined to (Identity API reference, "OS-EP-FILTER"). */
@Path("/v3/OS-EP-FILTER")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ProjectEndpointResource {
    private final Database db;
    private final Access access;
    private final EndpointFilterStore store;
    private final CatalogStore catalog;
    private final EndpointGroupView groupView;
    private final EndpointView endpointView;
    private final ProjectStore projects;
    private final ProjectView projectView;
    private final Links links;

    @Inject
    public ProjectEndpointResource(
            Database db,
            Access access,
            EndpointFilterStore store,
            CatalogStore catalog,
            EndpointGroupView groupView,
            EndpointView endpointView,
            ProjectStore projects,
            ProjectView projectView,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.catalog = catalog;
        this.groupView = groupView;
        this.endpointView = endpointView;
        this.projects = projects;
        this.projectView = projectView;
        this.links = links;
    }

    @GET
    @Path("/endpoints/{endpoint}/projects")
    public ObjectNode projects(@PathParam("endpoint") String endpoint) {
        access.require("identity:list_projects_for_endpoint");
        return links.list(
                "projects",
                db.read(tx -> store.projectsOfEndpoint(tx, requireEndpoint(tx, endpoint))).stream()
                        .map(projectView::project)
                        .toList());
    }

    /** Those of its endpoint groups as well. */
    @GET
    @Path("/projects/{project}/endpoints")
    public ObjectNode endpoints(@PathParam("project") String project) {
        access.require("identity:list_endpoints_for_project");
        return links.list(
                "endpoints",
                db.read(tx -> store.endpointsOf(tx, requireProject(tx, project))).stream()
                        .map(endpointView::of)
                        .toList());
    }

    @GET
    @Path("/projects/{project}/endpoint_groups")
    public ObjectNode groups(@PathParam("project") String project) {
        access.require("identity:list_endpoint_groups_for_project");
        return links.list(
                "endpoint_groups",
                db.read(tx -> store.groupsOf(tx, requireProject(tx, project))).stream()
                        .map(groupView::of)
                        .toList());
    }

    @GET
    @Path("/projects/{project}/endpoints/{endpoint}")
    public void check(@PathParam("project") String project, @PathParam("endpoint") String endpoint) {
        access.require("identity:check_endpoint_in_project");
        if (!db.read(tx -> store.hasEndpoint(tx, requireProject(tx, project), requireEndpoint(tx, endpoint)))) {
            throw notAssociated(project, endpoint);
        }
    }

    @PUT
    @Path("/projects/{project}/endpoints/{endpoint}")
    public void add(@PathParam("project") String project, @PathParam("endpoint") String endpoint) {
        access.require("identity:add_endpoint_to_project");
        db.run(tx -> {
            store.addEndpoint(tx, requireProject(tx, project), requireEndpoint(tx, endpoint));
            tx.afterCommit(catalog::forget);
        });
    }

    @DELETE
    @Path("/projects/{project}/endpoints/{endpoint}")
    public void remove(@PathParam("project") String project, @PathParam("endpoint") String endpoint) {
        access.require("identity:remove_endpoint_from_project");
        db.run(tx -> {
            if (!store.removeEndpoint(tx, project, endpoint)) {
                throw notAssociated(project, endpoint);
            }
            tx.afterCommit(catalog::forget);
        });
    }

    private String requireProject(Transaction tx, String id) {
        return projects.require(tx, id).id;
    }

    private static String requireEndpoint(Transaction tx, String id) {
        return tx.find(EndpointRow.class, id).orElseThrow(() -> Faults.notFound("endpoint", id)).id;
    }

    private static FaultException notAssociated(String project, String endpoint) {
        return Fault.notFound("Endpoint " + endpoint + " not found in project " + project);
    }
}
