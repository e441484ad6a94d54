package io.nephos.identity.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.assignment.Target;
import io.nephos.identity.catalog.CatalogStore;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectView;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;

/** What the bearer of a token could scope it to, and the catalog of the one he has. */
@Path("/v3/auth")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AuthResource {
    private final Database db;
    private final Access access;
    private final AssignmentStore assignments;
    private final CatalogStore catalog;
    private final ProjectView projectView;
    private final Links links;

    @Inject
    public AuthResource(
            Database db,
            Access access,
            AssignmentStore assignments,
            CatalogStore catalog,
            ProjectView projectView,
            Links links) {
        this.db = db;
        this.access = access;
        this.assignments = assignments;
        this.catalog = catalog;
        this.projectView = projectView;
        this.links = links;
    }

    @GET
    @Path("/catalog")
    public ObjectNode catalog() {
        Caller caller = access.caller();
        if (caller.projectId().isEmpty() && caller.domainId().isEmpty() && !caller.system()) {
            throw Faults.forbiddenAction("the catalog is there for scoped tokens only");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("catalog", catalog.catalog(caller.projectId(), caller.userId()));
        body.set("links", links.pages(Optional.empty()));
        return body;
    }

    @GET
    @Path("/projects")
    public ObjectNode projects() {
        List<ProjectRow> rows = db.read(tx -> Selection.of(ProjectRow.class)
                .whereIn(
                        "id",
                        List.copyOf(assignments.projectsOf(tx, access.caller().userId())))
                .where("enabled", true)
                .list(tx));
        return links.list("projects", rows.stream().map(projectView::project).toList());
    }

    @GET
    @Path("/domains")
    public ObjectNode domains() {
        List<ProjectRow> rows = db.read(tx -> Selection.of(ProjectRow.class)
                .whereIn(
                        "id",
                        List.copyOf(assignments.domainsOf(tx, access.caller().userId())))
                .where("enabled", true)
                .list(tx));
        return links.list("domains", rows.stream().map(projectView::domain).toList());
    }

    @GET
    @Path("/system")
    public ObjectNode system() {
        boolean any = db.read(tx -> !assignments
                .rolesOf(tx, access.caller().userId(), Target.SYSTEM)
                .isEmpty());
        return links.list(
                "system", any ? List.of(JsonNodeFactory.instance.objectNode().put("all", true)) : List.of());
    }
}
