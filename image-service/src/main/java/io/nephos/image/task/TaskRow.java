package io.nephos.image.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nephos.image.image.Image;
import io.nephos.image.image.ImageStore;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.token.Caller;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An import under way or done: pending, processing, success or failure, and in the last case why. It outlives its image. */
@Entity
@Table(name = "task")
class TaskRow {
    private static final JsonMapper JSON = new JsonMapper();

    @Id
    String id;

    @Column(name = "image_id")
    String imageId;

    /** As {@link TaskType} spells it. */
    String type;

    String owner;

    @Column(name = "user_id")
    String userId;

    @Column(name = "request_id")
    String requestId;

    String status;

    /** What was asked for, JSON. */
    String input;

    String message;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;

    /** Once it is over: when it is forgotten. */
    @Column(name = "expires_at")
    @Nullable
    OffsetDateTime expiresAt;

    @Version
    long generation;

    static TaskRow pending(TaskType type, String imageId, Caller caller, String requestId, JsonNode input) {
        TaskRow task = new TaskRow();
        task.id = UUID.randomUUID().toString();
        task.type = type.wire();
        task.imageId = imageId;
        task.owner = caller.project();
        task.userId = caller.userId();
        task.requestId = requestId;
        task.status = "pending";
        task.input = wellFormed(input.toString());
        task.message = "";
        task.createdAt = ImageStore.now();
        task.updatedAt = task.createdAt;
        return task;
    }

    // PostgreSQL refuses half a surrogate pair, which JSON can spell.
    private static String wellFormed(String text) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw Fault.badRequest("The request holds text that is no Unicode.");
        }
        return text;
    }

    /** False of an image that has the id of an earlier one, which the task was for. */
    boolean concerns(Image image) {
        return imageId.equals(image.id()) && !createdAt.isBefore(image.createdAt());
    }

    /** What was asked for. */
    JsonNode asked() {
        try {
            return JSON.readTree(input);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A task row holds what is not JSON", e);
        }
    }

    boolean over() {
        return status.equals("success") || status.equals("failure");
    }
}
