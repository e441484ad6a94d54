package io.nephos.image.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.PageLink;
import io.nephos.image.image.Image;
import io.nephos.image.image.NewImage;
import io.nephos.image.quota.Limit;
import io.nephos.image.quota.Limits;
import io.nephos.image.quota.Room;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All tasks, for administrators (Image API v2, "Tasks"). */
@Path("/v2/tasks")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TaskResource {
    private final TaskStore tasks;
    private final LegacyImports imports;
    private final NewImage newImage;
    private final Limits limits;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public TaskResource(
            TaskStore tasks,
            LegacyImports imports,
            NewImage newImage,
            Limits limits,
            Policy policy,
            RequestContext request) {
        this.tasks = tasks;
        this.imports = imports;
        this.newImage = newImage;
        this.limits = limits;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        requireAccess();
        TaskQuery query = TaskQuery.of(uri.getQueryParameters());
        List<TaskRow> found = tasks.list(query);
        List<TaskRow> page = found.subList(0, Math.min(found.size(), query.limit()));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        page.forEach(task -> answer.withArray("tasks").add(TaskView.sparse(task)));
        answer.withArray("tasks");
        answer.put("first", PageLink.of("/v2/tasks", uri, Optional.empty()));
        if (page.size() < found.size() && !page.isEmpty()) {
            answer.put("next", PageLink.of("/v2/tasks", uri, Optional.of(page.getLast().id)));
        }
        return answer.put("schema", "/v2/schemas/tasks");
    }

    /** 201: the image is made at once, and filled by the task. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response create(@Nullable JsonNode body) {
        Caller caller = requireAccess();
        JsonNode input = LegacyImports.input(body);
        Image image = newImage.of(caller, imports.attributes(input)).importFromElsewhere();
        Room room = limits.room(image.attributes().owner(), Limit.COUNT_TOTAL, Limit.SIZE_TOTAL);
        TaskRow task = TaskRow.pending(TaskType.IMPORT, image.id(), caller, request.requestId(), input);
        tasks.begin(task, image, room);
        return Response.created(URI.create("/v2/tasks/" + task.id))
                .entity(TaskView.of(task))
                .build();
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        requireAccess();
        return TaskView.of(tasks.find(id).orElseThrow(() -> Fault.notFound("No task found with ID " + id)));
    }

    /** 405 always, as Glance answers. */
    @DELETE
    @Path("{id}")
    public void delete(@PathParam("id") String id) {
        requireAccess();
        throw new Fault.MethodNotAllowed(
                        "",
                        "This operation is currently not permitted on Glance Tasks. They are auto deleted after"
                                + " reaching the time based on their expires_at property.")
                .asException();
    }

    private Caller requireAccess() {
        policy.require("tasks_api_access", request.caller(), request.caller().project());
        return request.caller();
    }
}
