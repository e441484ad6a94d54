package io.nephos.scheduler.optimiser;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A plan that somebody has asked for. */
@Entity
@Table(name = "optimizer_plan")
public class PlanRow {
    @Id
    public String id;

    /** As {@link Goal#shown}. */
    public String goal;

    /** Name of {@link State}. */
    public String state;

    /** Of the host to drain. */
    @Column(name = "host_id")
    public @Nullable String hostId;

    @Column(name = "max_migrations")
    public int maxMigrations;

    @Column(name = "time_limit_seconds")
    public int timeLimitSeconds;

    @Column(name = "requested_by")
    public String requestedBy;

    @Column(name = "approved_by")
    public @Nullable String approvedBy;

    /** Why it failed, or what has overtaken it; else empty. */
    public String message;

    /** {@link Plan} as JSON, once it is made. */
    public @Nullable String plan;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;

    /**
     * PENDING until it is made, then READY or FAILED; APPROVED when an administrator has said so; STALE when it was to be
     * approved or applied and the cloud had changed so that it cannot be carried out any more.
     */
    public enum State {
        PENDING,
        READY,
        APPROVED,
        STALE,
        FAILED
    }
}
