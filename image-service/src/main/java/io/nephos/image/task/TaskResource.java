package io.nephos.image.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** All tasks, for administrators (Image API v2, "Tasks"). */
@Path("/v2/tasks")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TaskResource {
    private final TaskStore tasks;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public TaskResource(TaskStore tasks, Policy policy, RequestContext request) {
        this.tasks = tasks;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public Map<String, Object> list() {
        requireAccess();
        return Map.of(
                "tasks",
                tasks.newest().stream().map(TaskView::sparse).toList(),
                "first",
                "/v2/tasks",
                "schema",
                "/v2/schemas/tasks");
    }

    @GET
    @Path("{id}")
    public ObjectNode show(@PathParam("id") String id) {
        requireAccess();
        return TaskView.of(tasks.find(id).orElseThrow(() -> Fault.notFound("No task found with ID " + id)));
    }

    private void requireAccess() {
        policy.require("tasks_api_access", request.caller(), request.caller().project());
    }
}
