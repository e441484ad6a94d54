package io.nephos.identity.limit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.contracts.events.v1.Change;
import io.nephos.identity.policy.Access;
import io.nephos.identity.project.ProjectRow;
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
import io.nephos.kit.http.Page;
import io.nephos.kit.token.Caller;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** /v3/limits (Identity API reference, "Unified limits"). */
@Path("/v3/limits")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class LimitResource {
    private final Database db;
    private final Access access;
    private final LimitStore store;
    private final LimitModel model;
    private final ProjectStore projects;
    private final Links links;

    @Inject
    public LimitResource(
            Database db, Access access, LimitStore store, LimitModel model, ProjectStore projects, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.model = model;
        this.projects = projects;
        this.links = links;
    }

    /** Every one for a system token, those of the domain or the project for others. */
    @GET
    public ObjectNode list(
            @QueryParam("service_id") @Nullable String service,
            @QueryParam("region_id") @Nullable String region,
            @QueryParam("resource_name") @Nullable String resource,
            @QueryParam("project_id") @Nullable String project,
            @QueryParam("domain_id") @Nullable String domain,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("marker") @Nullable String marker) {
        access.require("identity:list_limits");
        Page page = Page.of(limit, marker, Integer.MAX_VALUE);
        Caller caller = access.caller();
        Selection<LimitRow> selection = Selection.of(LimitRow.class)
                .where("serviceId", service)
                .where("regionId", region)
                .where("resourceName", resource)
                .where("projectId", project)
                .where("domainId", domain);
        if (!caller.system()) {
            selection = caller.domainId().isPresent()
                    ? selection.where("ownerDomainId", caller.domainId().get())
                    : selection.where("projectId", caller.project());
        }
        Selection<LimitRow> confined = selection;
        return links.page("limits", db.read(tx -> confined.page(tx, page)), page, this::view, row -> row.id);
    }

    /** Several at once: all or none. */
    @POST
    public Response create(@Nullable JsonNode body) {
        access.require("identity:create_limits");
        List<Fields> items = LimitFields.items(Fields.ofBody(body), "limits");
        items.forEach(LimitResource::check);
        try {
            ObjectNode shown = Attributes.object("{}");
            shown.putArray("limits")
                    .addAll(db.write(tx -> insert(tx, items)).stream()
                            .map(this::view)
                            .toList());
            return Response.status(201).entity(shown).build();
        } catch (UniqueViolation e) {
            throw Faults.duplicate("limit", "Duplicate entry");
        }
    }

    @GET
    @Path("/model")
    public ObjectNode model() {
        access.require("identity:get_limit_model");
        ObjectNode node = Attributes.object("{}");
        node.putObject("model").put("name", model.name()).put("description", model.description());
        return node;
    }

    @GET
    @Path("/{id}")
    public ObjectNode show(@PathParam("id") String id) {
        Optional<LimitRow> row = db.read(tx -> tx.find(LimitRow.class, id));
        access.require("identity:get_limit", row.map(LimitResource::target).orElse(Map.of()));
        return wrapped(row.orElseThrow(() -> Fault.notFound("Could not find limit for " + id + ".")));
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode update(@PathParam("id") String id, @Nullable JsonNode body) {
        access.require("identity:update_limit");
        Fields fields = Fields.of(body, "limit").only("resource_limit", "description");
        return wrapped(db.write(tx -> {
            LimitRow row = store.require(tx, id);
            apply(row, fields);
            tx.update(row);
            store.requireHierarchy(tx, row);
            LimitStore.changed(tx, row, Change.CHANGE_UPDATED);
            return row;
        }));
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id) {
        access.require("identity:delete_limit");
        db.run(tx -> {
            LimitRow row = store.require(tx, id);
            tx.delete(row);
            LimitStore.changed(tx, row, Change.CHANGE_DELETED);
        });
    }

    /** For a project or for a domain, not for both. */
    private static void check(Fields fields) {
        boolean project = LimitFields.optionalId(fields, "project_id").isPresent();
        boolean domain = LimitFields.optionalId(fields, "domain_id").isPresent();
        fields.only(
                "project_id", "domain_id", "service_id", "region_id", "resource_name", "resource_limit", "description");
        if (project == domain) {
            throw project
                    ? fields.invalid("project_id", "a limit is for a project or for a domain, not for both.")
                    : fields.required("project_id");
        }
        LimitFields.id(fields, "service_id");
        fields.text("resource_name", 1, 255);
        fields.optionalText("region_id", 1, 255);
        LimitFields.amount(fields, "resource_limit");
    }

    private List<LimitRow> insert(Transaction tx, List<Fields> items) {
        List<LimitRow> rows = items.stream().map(fields -> row(tx, fields)).toList();
        rows.forEach(tx::insert);
        rows.forEach(row -> store.requireHierarchy(tx, row));
        rows.forEach(row -> LimitStore.changed(tx, row, Change.CHANGE_CREATED));
        return rows;
    }

    private LimitRow row(Transaction tx, Fields fields) {
        LimitRow row = new LimitRow();
        row.id = Ids.random();
        row.serviceId = LimitFields.id(fields, "service_id");
        row.regionId = fields.optionalText("region_id", 1, 255).orElse(null);
        row.resourceName = fields.text("resource_name", 1, 255);
        LimitFields.requireCatalog(tx, row.serviceId, row.regionId, "limit");
        ProjectRow owner = owner(tx, fields);
        // A domain's id under project_id means the domain, as in Keystone.
        row.projectId = owner.isDomain ? null : owner.id;
        row.domainId = owner.isDomain ? owner.id : null;
        row.ownerDomainId = owner.domainId;
        row.registeredLimitId = store.registered(tx, row.serviceId, row.regionId, row.resourceName).id;
        apply(row, fields);
        return row;
    }

    private ProjectRow owner(Transaction tx, Fields fields) {
        return LimitFields.optionalId(fields, "project_id")
                .map(id -> projects.find(tx, id).orElseThrow(() -> Faults.expecting("project_id", "limit")))
                .orElseGet(() -> projects.findDomain(tx, LimitFields.id(fields, "domain_id"))
                        .orElseThrow(() -> Faults.expecting("domain_id", "limit")));
    }

    private static void apply(LimitRow row, Fields fields) {
        LimitFields.optionalAmount(fields, "resource_limit").ifPresent(amount -> row.resourceLimit = amount);
        if (fields.has("description")) {
            row.description = fields.optionalText("description", 0, 65_535).orElse(null);
        }
    }

    private static Map<String, String> target(LimitRow row) {
        Map<String, String> target = new HashMap<>(Map.of("domain_id", row.ownerDomainId));
        if (row.projectId != null) {
            target.put("project_id", row.projectId);
        }
        return target;
    }

    private ObjectNode view(LimitRow row) {
        ObjectNode node = Attributes.object("{}");
        node.put("id", row.id).put("project_id", row.projectId).put("domain_id", row.domainId);
        node.put("service_id", row.serviceId).put("region_id", row.regionId);
        node.put("resource_name", row.resourceName).put("resource_limit", row.resourceLimit);
        node.put("description", row.description);
        node.set("links", links.self("limits/" + row.id));
        return node;
    }

    private ObjectNode wrapped(LimitRow row) {
        return Attributes.object("{}").set("limit", view(row));
    }
}
