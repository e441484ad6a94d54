package io.nephos.compute.action;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A step of an action; {@code result} is "Success" or "Error" once it is finished. */
@Entity
@Table(name = "action_event")
public class ActionEventRow {
    @Id
    public String id;

    @Column(name = "action_id")
    public String actionId;

    public String name;
    public String host;

    @Column(name = "started_at")
    public OffsetDateTime startedAt;

    @Column(name = "finished_at")
    public @Nullable OffsetDateTime finishedAt;

    public @Nullable String result;
    public @Nullable String details;
}
