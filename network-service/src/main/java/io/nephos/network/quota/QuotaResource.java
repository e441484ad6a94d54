package io.nephos.network.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
import io.nephos.network.api.Access;
import io.nephos.network.api.Attributes;
import io.nephos.network.api.Bulk;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.TreeMap;

/** Networking API v2.0, quotas. */
@Path("/v2.0/quotas")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class QuotaResource {
    private final Database database;
    private final Quotas quotas;
    private final Access access;
    private final RequestContext request;

    public QuotaResource(Database database, Quotas quotas, Access access, RequestContext request) {
        this.database = database;
        this.quotas = quotas;
        this.access = access;
        this.request = request;
    }

    /** The projects that have limits of their own. */
    @GET
    public ObjectNode list() {
        access.require("update_quota", request.caller(), "");
        Map<String, Map<String, Long>> byProject = new TreeMap<>();
        database.run(tx -> tx.list(QuotaRow.class, "from QuotaRow r", Map.of())
                .forEach(row -> byProject.computeIfAbsent(row.projectId, id -> quotas.of(tx, id))));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        var items = answer.putArray("quotas");
        byProject.forEach((project, limits) -> {
            ObjectNode item = view(limits);
            item.put("project_id", project).put("tenant_id", project);
            items.add(item);
        });
        return answer;
    }

    @GET
    @Path("/{project}")
    public ObjectNode show(@PathParam("project") String project) {
        access.require("get_quota", request.caller(), project);
        return Bulk.one("quota", view(database.read(tx -> quotas.of(tx, project))));
    }

    @GET
    @Path("/{project}/default")
    public ObjectNode defaults(@PathParam("project") String project) {
        access.require("get_quota", request.caller(), project);
        return Bulk.one("quota", view(quotas.defaults()));
    }

    @GET
    @Path("/{project}/details.json")
    public ObjectNode detailsJson(@PathParam("project") String project) {
        return details(project);
    }

    @GET
    @Path("/{project}/details")
    public ObjectNode details(@PathParam("project") String project) {
        access.require("get_quota", request.caller(), project);
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        database.run(tx -> quotas.of(tx, project)
                .forEach((resource, limit) -> view.putObject(resource)
                        .put("limit", limit)
                        .put("used", quotas.used(tx, project, resource))
                        .put("reserved", 0)));
        return Bulk.one("quota", view);
    }

    @PUT
    @Path("/{project}")
    public ObjectNode update(@PathParam("project") String project, JsonNode body) {
        access.require("update_quota", request.caller(), project);
        Fields fields = Fields.of(body, "quota");
        Map<String, Long> known = quotas.defaults();
        fields.json().fieldNames().forEachRemaining(name -> {
            if (!known.containsKey(name) && !name.equals("tenant_id") && !name.equals("project_id")) {
                throw Fault.badRequest("Unrecognized attribute(s) '" + name + "'");
            }
        });
        Attributes.write(database, tx -> {
            for (String resource : known.keySet()) {
                fields.optionalLong(resource, -1, Integer.MAX_VALUE).ifPresent(limit -> {
                    String id = project + "/" + resource;
                    tx.find(QuotaRow.class, id)
                            .ifPresentOrElse(
                                    row -> {
                                        row.quota = limit;
                                        tx.update(row);
                                    },
                                    () -> {
                                        QuotaRow row = new QuotaRow();
                                        row.id = id;
                                        row.projectId = project;
                                        row.resource = resource;
                                        row.quota = limit;
                                        tx.insert(row);
                                    });
                });
            }
            return true;
        });
        return show(project);
    }

    @DELETE
    @Path("/{project}")
    public void delete(@PathParam("project") String project) {
        access.require("delete_quota", request.caller(), project);
        int deleted = database.write(
                tx -> tx.execute("delete from QuotaRow r where r.projectId = :project", Map.of("project", project)));
        if (deleted == 0) {
            throw Fault.notFound("TenantQuotaNotFound", "Quota for tenant " + project + " could not be found.");
        }
    }

    private static ObjectNode view(Map<String, Long> limits) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        limits.forEach(view::put);
        return view;
    }
}
