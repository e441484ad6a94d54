package io.nephos.identity.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.domain.DomainContent;
import io.nephos.identity.policy.Access;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** /v3/projects (Identity API reference, "Projects"). */
@Path("/v3/projects")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ProjectResource {
    private final Database db;
    private final Access access;
    private final ProjectStore store;
    private final ProjectTree tree;
    private final ProjectView view;
    private final ProjectFamily family;
    private final DomainContent domains;
    private final RevocationFeed revocations;
    private final Links links;

    @Inject
    public ProjectResource(
            Database db,
            Access access,
            ProjectStore store,
            ProjectTree tree,
            ProjectView view,
            ProjectFamily family,
            DomainContent domains,
            RevocationFeed revocations,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.tree = tree;
        this.view = view;
        this.family = family;
        this.domains = domains;
        this.revocations = revocations;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("domain_id") @Nullable String domainId,
            @QueryParam("parent_id") @Nullable String parentId,
            @QueryParam("name") @Nullable String name,
            @QueryParam("enabled") @Nullable String enabled,
            @QueryParam("is_domain") @Nullable String isDomain,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker,
            UriInfo uri) {
        boolean domains = isDomain != null && Selection.flag(isDomain);
        Optional<String> confined = access.requireList("identity:list_projects", domainId);
        TagFilter tags = TagFilter.of(uri.getQueryParameters());
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        List<ProjectRow> rows = db.read(tx -> Selection.of(ProjectRow.class)
                .where("isDomain", domains)
                .where("domainId", confined.orElse(null))
                .where("parentId", parentId)
                .where("name", name)
                .whereFlag("enabled", enabled)
                .page(tx, page));
        boolean more = rows.size() > page.limit();
        List<ProjectRow> shown = more ? rows.subList(0, page.limit()) : rows;
        return links.list(
                "projects",
                shown.stream().filter(tags::fits).map(view::project).toList(),
                more ? Optional.of(shown.getLast().id) : Optional.empty());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "project");
        ProjectRow row = new ProjectRow();
        row.id = Ids.random();
        row.isDomain = fields.flag("is_domain", false);
        ProjectRequests.apply(row, fields, true);
        Optional<String> parent = fields.optionalText("parent_id", 1, 64);
        Optional<String> domain = fields.optionalText("domain_id", 1, 64);
        if (row.isDomain) {
            access.require("identity:create_project");
            row.domainId = row.id;
            row.parentId = "";
            return write(row, tx -> store.insert(tx, row), 201);
        }
        row.domainId = domain.or(() ->
                        parent.flatMap(id -> db.read(tx -> store.find(tx, id)).map(above -> above.domainId)))
                .orElseGet(() -> access.caller().domainId().orElse("default"));
        row.parentId = parent.orElse(row.domainId);
        access.requireIn(row.domainId, "identity:create_project");
        return write(
                row,
                tx -> {
                    store.requireDomain(tx, row.domainId);
                    ProjectRow above = store.require(tx, row.parentId);
                    tree.requireParent(tx, above, row.domainId);
                    store.insert(tx, row);
                },
                201);
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id, UriInfo uri) {
        return db.read(tx -> {
            ProjectRow row = visible(tx, id, "identity:get_project");
            ObjectNode node = view.project(row);
            family.add(tx, row, node, uri.getQueryParameters(), access.caller());
            return wrapped(node);
        });
    }

    @PATCH
    @Path("/{id}")
    public Response update(@PathParam("id") String id, @Nullable JsonNode body) {
        ProjectRow before = db.read(tx -> visible(tx, id, "identity:update_project"));
        Fields fields = Fields.of(body, "project");
        boolean wasEnabled = before.enabled;
        if (Attributes.locked(before.options, fields)) {
            throw Faults.forbiddenAction("project " + id + " is immutable");
        }
        refuseMoves(before, fields);
        ProjectRequests.apply(before, fields, false);
        return write(
                before,
                tx -> {
                    if (before.enabled && !wasEnabled) {
                        tree.requireAboveEnabled(tx, before);
                    }
                    if (wasEnabled && !before.enabled) {
                        if (!before.isDomain) {
                            tree.requireNothingEnabledBelow(tx, before);
                        }
                        revoke(tx, before);
                    }
                    store.update(tx, before);
                },
                200);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        if (db.read(tx -> visible(tx, id, "identity:delete_project")).isDomain) {
            domains.deleteDomain(id);
            return;
        }
        db.run(tx -> {
            ProjectRow row = store.require(tx, id);
            if (Attributes.immutable(row.options)) {
                throw Faults.forbiddenAction("project " + id + " is immutable");
            }
            if (!store.children(tx, id).isEmpty()) {
                throw Faults.forbiddenAction("cannot delete the project " + id
                        + " since it is not a leaf in the hierarchy. Use the cascade option if you want to delete a"
                        + " whole subtree");
            }
            store.delete(tx, row);
            revoke(tx, row);
        });
    }

    private void revoke(Transaction tx, ProjectRow row) {
        if (row.isDomain) {
            revocations.domain(tx, row.id);
        } else {
            revocations.project(tx, row.id);
        }
    }

    private ProjectRow visible(Transaction tx, String id, String rule) {
        Optional<ProjectRow> row = store.find(tx, id);
        access.require(rule, row.map(ProjectRow::target).orElse(Map.of()));
        return row.orElseThrow(() -> Faults.notFound("project", id));
    }

    private static void refuseMoves(ProjectRow row, Fields fields) {
        if (fields.optionalText("domain_id", 1, 64)
                .filter(id -> !id.equals(row.domainId))
                .isPresent()) {
            throw Fault.badRequest("Cannot change the domain of a project.");
        }
        if (fields.optionalText("parent_id", 1, 64)
                .filter(id -> !id.equals(row.parentId))
                .isPresent()) {
            throw Faults.forbiddenAction("Update of `parent_id` is not allowed");
        }
        if (fields.has("is_domain") && fields.flag("is_domain", false) != row.isDomain) {
            throw Fault.badRequest("Update of `is_domain` is not allowed.");
        }
    }

    private Response write(ProjectRow row, Consumer<Transaction> work, int status) {
        try {
            db.run(work);
        } catch (UniqueViolation e) {
            throw Faults.duplicate(
                    "project",
                    "it is not permitted to have two projects with the same name in the same domain: " + row.name);
        }
        return Response.status(status).entity(wrapped(view.project(row))).build();
    }

    private static ObjectNode wrapped(ObjectNode node) {
        return Attributes.object("{}").set("project", node);
    }
}
