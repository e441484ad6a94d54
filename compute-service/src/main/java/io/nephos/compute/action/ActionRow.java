package io.nephos.compute.action;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Something that was asked of a server; it outlives the server. */
@Entity
@Table(name = "action")
public class ActionRow {
    @Id
    public String id;

    @Column(name = "server_id")
    public String serverId;

    @Column(name = "project_id")
    public String projectId;

    @Column(name = "user_id")
    public String userId;

    @Column(name = "request_id")
    public String requestId;

    public String action;
    public @Nullable String message;

    @Column(name = "started_at")
    public OffsetDateTime startedAt;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;
}
