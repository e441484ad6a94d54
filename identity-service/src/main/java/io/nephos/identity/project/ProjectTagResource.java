package io.nephos.identity.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.policy.Access;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Faults;
import io.nephos.identity.wire.Links;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.http.Fields;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** /v3/projects/{id}/tags (Identity API reference, "Project tags"). */
@Path("/v3/projects/{id}/tags")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ProjectTagResource {
    private final Database db;
    private final Access access;
    private final ProjectStore store;
    private final Links links;

    @Inject
    public ProjectTagResource(Database db, Access access, ProjectStore store, Links links) {
        this.db = db;
        this.access = access;
        this.store = store;
        this.links = links;
    }

    @GET
    public ObjectNode list(@PathParam("id") String id) {
        return body(db.read(tx -> Attributes.texts(visible(tx, id, "identity:list_project_tags").tags)));
    }

    @PUT
    public ObjectNode replace(@PathParam("id") String id, @Nullable JsonNode body) {
        Fields fields = Fields.ofBody(body).only("tags");
        if (!fields.has("tags") || fields.isNull("tags")) {
            throw fields.required("tags");
        }
        List<String> tags = ProjectRequests.tags(fields.texts("tags", 1, 255));
        return body(change(id, "identity:update_project_tags", old -> tags));
    }

    @DELETE
    public void clear(@PathParam("id") String id) {
        change(id, "identity:delete_project_tags", old -> List.of());
    }

    @GET
    @Path("/{tag}")
    public void check(@PathParam("id") String id, @PathParam("tag") String tag) {
        if (!db.read(tx -> Attributes.texts(visible(tx, id, "identity:get_project_tag").tags))
                .contains(tag)) {
            throw Faults.notFound("project tag", tag);
        }
    }

    @PUT
    @Path("/{tag}")
    public Response add(@PathParam("id") String id, @PathParam("tag") String tag) {
        ProjectRequests.tag(tag);
        change(id, "identity:create_project_tag", old -> {
            List<String> tags = new ArrayList<>(old);
            if (!tags.contains(tag)) {
                tags.add(tag);
            }
            return ProjectRequests.tags(tags);
        });
        return Response.status(201)
                .header("Location", links.to("projects/" + id + "/tags/" + tag))
                .build();
    }

    @DELETE
    @Path("/{tag}")
    public void remove(@PathParam("id") String id, @PathParam("tag") String tag) {
        change(id, "identity:delete_project_tag", old -> {
            if (!old.contains(tag)) {
                throw Faults.notFound("project tag", tag);
            }
            return old.stream().filter(other -> !other.equals(tag)).toList();
        });
    }

    private List<String> change(String id, String rule, UnaryOperator<List<String>> what) {
        return db.write(tx -> {
            ProjectRow row = visible(tx, id, rule);
            if (Attributes.immutable(row.options)) {
                throw Faults.forbiddenAction("project " + id + " is immutable");
            }
            List<String> tags = what.apply(Attributes.texts(row.tags));
            row.tags = Attributes.ofTexts(tags);
            store.update(tx, row);
            return tags;
        });
    }

    private ProjectRow visible(Transaction tx, String id, String rule) {
        Optional<ProjectRow> row = store.find(tx, id);
        access.require(rule, row.map(ProjectRow::target).orElse(Map.of()));
        return row.orElseThrow(() -> Faults.notFound("project", id));
    }

    private ObjectNode body(List<String> tags) {
        ObjectNode node = Attributes.object("{}");
        tags.forEach(node.putArray("tags")::add);
        node.set("links", links.pages(Optional.empty()));
        return node;
    }
}
