package io.nephos.scheduler.consumer;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Who holds allocations. A consumer without any has no row. */
@Entity
@Table(name = "consumer")
public class ConsumerRow {
    @Id
    public String id;

    @Column(name = "project_id")
    public String projectId;

    @Column(name = "user_id")
    public String userId;

    public long generation;

    /** The service that claimed for it and knows whether it still exists; null when it came through the API. */
    @Column(name = "claimed_by")
    public @Nullable String claimedBy;

    @Column(name = "server_group_id")
    public @Nullable String serverGroupId;

    /** For example INSTANCE or MIGRATION; null when nobody said. */
    @Column(name = "consumer_type")
    public @Nullable String consumerType;

    /** The consumer for which this one, a migration, holds the place that it moves from; it goes with it. */
    @Column(name = "moves_consumer")
    public @Nullable String movesConsumer;

    /** What the claim asked for, as JSON of it; null when nobody knows. A migration keeps that of the old place. */
    public @Nullable String wish;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;
}
