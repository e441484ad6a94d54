package io.nephos.identity.assignment;

import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.wire.Listing;
import io.nephos.kit.data.Database;
import io.nephos.kit.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Map;
import java.util.Optional;

/** GET /v3/role_assignments (Identity API reference, "Roles: List role assignments"). */
@Path("/v3/role_assignments")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AssignmentResource {
    private final Database db;
    private final Access access;
    private final AssignmentSearch search;
    private final AssignmentView view;
    private final ProjectStore projects;
    private final Listing listing;

    @Inject
    public AssignmentResource(
            Database db,
            Access access,
            AssignmentSearch search,
            AssignmentView view,
            ProjectStore projects,
            Listing listing) {
        this.projects = projects;
        this.db = db;
        this.access = access;
        this.search = search;
        this.view = view;
        this.listing = listing;
    }

    @GET
    public Response list(UriInfo uri) {
        AssignmentFilter filter = AssignmentFilter.of(uri.getQueryParameters());
        Optional<String> domain = permit(filter);
        Page page = Page.of(
                uri.getQueryParameters().getFirst("limit"),
                uri.getQueryParameters().getFirst("marker"),
                Integer.MAX_VALUE);
        return listing.of(
                "role_assignments",
                page,
                new Listing.Source<AssignmentSearch.Found>(
                        part -> db.read(tx -> filter.effective()
                                ? search.effective(tx, filter, domain, part)
                                : search.granted(tx, filter, domain, part)),
                        found -> view.of(found, filter.names()),
                        AssignmentSearch.Found::marker));
    }

    /** The domain whose targets the caller may see; empty when he may see all. */
    private Optional<String> permit(AssignmentFilter filter) {
        if (filter.subtree()) {
            access.require(
                    "identity:list_role_assignments_for_tree",
                    filter.target()
                            .flatMap(target -> db.read(tx -> projects.find(tx, target.id())))
                            .map(ProjectRow::target)
                            .orElse(Map.of()));
            return Optional.empty();
        }
        return access.requireList("identity:list_role_assignments", null);
    }
}
