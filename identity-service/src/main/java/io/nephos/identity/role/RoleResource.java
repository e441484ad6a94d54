package io.nephos.identity.role;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.assignment.AssignmentStore;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectStore;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** /v3/roles (Identity API reference, "Roles"). */
@Path("/v3/roles")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class RoleResource {
    private static final Set<String> KNOWN = Set.of("id", "name", "domain_id", "description", "options", "links");
    private final Database db;
    private final Access access;
    private final RoleStore store;
    private final ProjectStore projects;
    private final AssignmentStore assignments;
    private final RoleView view;
    private final Links links;

    @Inject
    public RoleResource(
            Database db,
            Access access,
            RoleStore store,
            ProjectStore projects,
            AssignmentStore assignments,
            RoleView view,
            Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.projects = projects;
        this.assignments = assignments;
        this.view = view;
        this.links = links;
    }

    /** The roles of the whole cloud or, with {@code domain_id}, those of that domain. */
    @GET
    public ObjectNode list(
            @QueryParam("name") @Nullable String name, @QueryParam("domain_id") @Nullable String domainId) {
        if (domainId == null) {
            access.require("identity:list_roles");
        } else {
            access.requireIn(domainId, "identity:list_domain_roles");
        }
        List<RoleRow> rows = db.read(tx -> Selection.of(RoleRow.class)
                .where("domainId", domainId == null ? "" : domainId)
                .where("name", name)
                .list(tx));
        return links.list("roles", rows.stream().map(view::of).toList());
    }

    @POST
    public Response create(@Nullable JsonNode body) {
        Fields fields = Fields.of(body, "role");
        RoleRow row = new RoleRow();
        row.id = Ids.random();
        row.domainId = fields.optionalText("domain_id", 1, 64).orElse("");
        require(row, "create");
        apply(row, fields, true);
        try {
            db.run(tx -> {
                if (!row.global()) {
                    projects.requireDomain(tx, row.domainId);
                }
                tx.insert(row);
            });
        } catch (UniqueViolation e) {
            throw Faults.duplicate("role", "Duplicate entry found with name " + row.name);
        }
        return Response.status(201).entity(wrapped(row)).build();
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        return wrapped(db.read(tx -> visible(tx, id, "get")));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        RoleRow row = db.read(tx -> visible(tx, id, "update"));
        Fields fields = Fields.of(body, "role");
        if (fields.has("domain_id")
                && !fields.optionalText("domain_id", 1, 64).orElse("").equals(row.domainId)) {
            throw Fault.badRequest("Cannot change the domain of a role.");
        }
        if (Attributes.locked(row.options, fields)) {
            throw Faults.forbiddenAction("role " + id + " is immutable");
        }
        apply(row, fields, false);
        try {
            db.run(tx -> tx.update(row));
        } catch (UniqueViolation e) {
            throw Faults.duplicate("role", "Duplicate entry found with name " + row.name);
        }
        return wrapped(row);
    }

    /** Who had it loses it, and the tokens that say he has. */
    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        db.run(tx -> {
            RoleRow row = visible(tx, id, "delete");
            if (Attributes.immutable(row.options)) {
                throw Faults.forbiddenAction("role " + id + " is immutable");
            }
            assignments.revokeRole(tx, id);
            tx.delete(row);
        });
    }

    private static void apply(RoleRow row, Fields fields, boolean fresh) {
        if (fresh || fields.has("name")) {
            row.name = fields.text("name", 1, 255);
            if (row.name.isBlank()) {
                throw fields.invalid("name", "must not be blank.");
            }
        }
        if (fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse(null);
        }
        row.options = Attributes.options(row.options, fields, Set.of("immutable"));
        row.extra = Attributes.others(row.extra, fields, KNOWN);
    }

    private RoleRow visible(Transaction tx, String id, String verb) {
        Optional<RoleRow> row = store.find(tx, id);
        row.ifPresentOrElse(role -> require(role, verb), () -> access.require("identity:" + verb + "_role"));
        return row.orElseThrow(() -> Faults.notFound("role", id));
    }

    private void require(RoleRow row, String verb) {
        if (row.global()) {
            access.require("identity:" + verb + "_role");
        } else {
            access.require("identity:" + verb + "_domain_role", Map.of("domain_id", row.domainId));
        }
    }

    private ObjectNode wrapped(RoleRow row) {
        return Attributes.object("{}").set("role", view.of(row));
    }
}
