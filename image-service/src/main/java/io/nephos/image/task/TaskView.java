package io.nephos.image.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.image.image.ImageView;
import org.jspecify.annotations.Nullable;

/** A task as clients see it; what is not known is left out. */
final class TaskView {
    private static final JsonMapper JSON = new JsonMapper();

    private TaskView() {}

    static ObjectNode of(TaskRow task) {
        ObjectNode view = sparse(task);
        said(view, "image_id", task.imageId);
        said(view, "user_id", task.userId);
        said(view, "request_id", task.requestId);
        view.put("message", task.message);
        if (task.type.equals(TaskType.API_IMAGE_IMPORT.wire())) {
            view.putObject("input").put("image_id", task.imageId).set("import_req", input(task));
        } else {
            view.set("input", input(task));
        }
        if (task.status.equals("success")) {
            view.putObject("result").put("image_id", task.imageId);
        } else {
            view.putNull("result");
        }
        return view;
    }

    /** As in the list of all. */
    static ObjectNode sparse(TaskRow task) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", task.id);
        view.put("type", task.type);
        view.put("status", task.status);
        view.put("owner", task.owner);
        if (task.expiresAt != null) {
            view.put("expires_at", ImageView.time(task.expiresAt));
        }
        view.put("created_at", ImageView.time(task.createdAt));
        view.put("updated_at", ImageView.time(task.updatedAt));
        view.put("self", "/v2/tasks/" + task.id);
        view.put("schema", "/v2/schemas/task");
        return view;
    }

    private static void said(ObjectNode view, String name, @Nullable String value) {
        if (value != null) {
            view.put(name, value);
        }
    }

    private static JsonNode input(TaskRow task) {
        try {
            return JSON.readTree(task.input);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
