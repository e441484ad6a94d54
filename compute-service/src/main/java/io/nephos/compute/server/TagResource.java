package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.api.Times;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.RequestContext;
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
import java.util.function.Function;

/** Tags of a server, since 2.26 (API reference, "Server tags"). */
@Path("/v2.1/servers/{id}/tags")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TagResource {
    private final RequestContext request;
    private final ServerAccess access;
    private final Links links;

    @Inject
    public TagResource(RequestContext request, ServerAccess access, Links links) {
        this.request = request;
        this.access = access;
        this.links = links;
    }

    @GET
    public ObjectNode list(@PathParam("id") String id) {
        return body(read(id, "os-server-tags:index"));
    }

    @GET
    @Path("{tag}")
    public Response show(@PathParam("id") String id, @PathParam("tag") String tag) {
        present(read(id, "os-server-tags:show"), id, tag);
        return Response.noContent().build();
    }

    @PUT
    public ObjectNode replace(@PathParam("id") String id, JsonNode body) {
        Fields fields = Fields.ofBody(body).only("tags");
        if (!fields.has("tags")) {
            throw fields.required("tags");
        }
        List<String> tags = ServerRequest.tags(fields.texts("tags", 1, 60));
        change(id, "os-server-tags:update_all", old -> tags);
        return body(tags);
    }

    @PUT
    @Path("{tag}")
    public Response add(@PathParam("id") String id, @PathParam("tag") String tag) {
        boolean there = read(id, "os-server-tags:update").contains(tag);
        change(id, "os-server-tags:update", old -> {
            List<String> tags = new ArrayList<>(old);
            tags.add(tag);
            return ServerRequest.tags(tags);
        });
        return there
                ? Response.noContent().build()
                : Response.status(201)
                        .header("Location", links.root() + "/v2.1/servers/" + id + "/tags/" + tag)
                        .build();
    }

    @DELETE
    public void clear(@PathParam("id") String id) {
        change(id, "os-server-tags:delete_all", old -> List.of());
    }

    @DELETE
    @Path("{tag}")
    public void remove(@PathParam("id") String id, @PathParam("tag") String tag) {
        change(id, "os-server-tags:delete", old -> {
            present(old, id, tag);
            return old.stream().filter(other -> !other.equals(tag)).toList();
        });
    }

    private List<String> read(String id, String rule) {
        requireVersion();
        return Json.list(access.get(id, rule).tags);
    }

    private void change(String id, String rule, Function<List<String>, List<String>> change) {
        requireVersion();
        access.change(id, rule, (tx, server) -> {
            server.row().tags = Json.text(change.apply(Json.list(server.row().tags)));
            server.row().updatedAt = Times.now();
            return true;
        });
    }

    private void requireVersion() {
        if (!request.version().atLeast(2, 26)) {
            throw Fault.notFound("The resource could not be found.");
        }
    }

    private static void present(List<String> tags, String id, String tag) {
        if (!tags.contains(tag)) {
            throw Fault.notFound("Server " + id + " has no tag '" + tag + "'");
        }
    }

    private static ObjectNode body(List<String> tags) {
        return Json.NODES.objectNode().set("tags", Json.tree(Json.text(tags)));
    }
}
