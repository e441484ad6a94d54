package io.nephos.image.task;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;

/** An import under way or done: pending, processing, success or failure, and in the last case why. */
@Entity
@Table(name = "task")
class TaskRow {
    @Id
    String id;

    @Column(name = "image_id")
    String imageId;

    String owner;

    @Column(name = "user_id")
    String userId;

    @Column(name = "request_id")
    String requestId;

    String status;

    /** The import as it was asked for, JSON. */
    String input;

    String message;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;

    @Version
    long generation;

    boolean over() {
        return status.equals("success") || status.equals("failure");
    }
}
