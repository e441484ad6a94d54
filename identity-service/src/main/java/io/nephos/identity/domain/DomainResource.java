package io.nephos.identity.domain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRequests;
import io.nephos.identity.project.ProjectRow;
import io.nephos.identity.project.ProjectStore;
import io.nephos.identity.project.ProjectView;
import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Ids;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Selection;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.FaultException;
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
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/domains (Identity API reference, "Domains"). */
@Path("/v3/domains")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class DomainResource {
    private final Database db;
    private final Access access;
    private final ProjectStore store;
    private final DomainContent content;
    private final RevocationFeed revocations;
    private final ProjectView view;
    private final Links links;

    @Inject
    public DomainResource(
            Database db,
            Access access,
            ProjectStore store,
            DomainContent content,
            RevocationFeed revocations,
            ProjectView view,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.content = content;
        this.revocations = revocations;
        this.view = view;
        this.links = links;
    }

    @GET
    public ObjectNode list(
            @QueryParam("name") @Nullable String name,
            @QueryParam("enabled") @Nullable String enabled,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        Optional<String> confined = access.requireList("identity:list_domains", null);
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        List<ProjectRow> rows = db.read(tx -> Selection.of(ProjectRow.class)
                .where("isDomain", true)
                .where("id", confined.orElse(null))
                .where("name", name)
                .whereFlag("enabled", enabled)
                .page(tx, page));
        boolean more = rows.size() > page.limit();
        List<ProjectRow> shown = more ? rows.subList(0, page.limit()) : rows;
        return links.list(
                "domains",
                shown.stream().map(view::domain).toList(),
                more ? Optional.of(shown.getLast().id) : Optional.empty());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:create_domain");
        Fields fields = Fields.of(body, "domain");
        ProjectRow row = new ProjectRow();
        row.id = fields.optionalText("explicit_domain_id", 1, 64)
                .map(id -> {
                    if (!id.matches("[a-zA-Z0-9-]+")) {
                        throw fields.invalid("explicit_domain_id", "must have letters, digits and hyphens only.");
                    }
                    return id;
                })
                .orElseGet(Ids::random);
        row.isDomain = true;
        row.domainId = row.id;
        row.parentId = "";
        ProjectRequests.apply(row, fields, true);
        try {
            db.run(tx -> store.insert(tx, row));
        } catch (UniqueViolation e) {
            throw taken(row);
        }
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        access.requireIn(id, "identity:get_domain");
        return wrapped(db.read(tx -> store.requireDomain(tx, id)));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.requireIn(id, "identity:update_domain");
        Fields fields = Fields.of(body, "domain");
        ProjectRow row = db.read(tx -> store.requireDomain(tx, id));
        boolean wasEnabled = row.enabled;
        if (Attributes.locked(row.options, fields)) {
            throw Faults.forbiddenAction("domain " + id + " is immutable");
        }
        ProjectRequests.apply(row, fields, false);
        try {
            db.run(tx -> {
                store.update(tx, row);
                if (wasEnabled && !row.enabled) {
                    revocations.domain(tx, id);
                }
            });
        } catch (UniqueViolation e) {
            throw taken(row);
        }
        return wrapped(row);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.requireIn(id, "identity:delete_domain");
        content.deleteDomain(id);
    }

    private static FaultException taken(ProjectRow row) {
        return Faults.duplicate("domain", "it is not permitted to have two domains with the same name: " + row.name);
    }

    private ObjectNode wrapped(ProjectRow row) {
        return Attributes.object("{}").set("domain", view.domain(row));
    }
}
