package io.nephos.compute.aggregate;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A host aggregate as it should be; the reconciler tells the scheduler. */
@Entity
@Table(name = "aggregate")
public class AggregateRow {
    static final String KIND = "aggregate";

    @Id
    public int id;

    /** Also the scheduler's and Placement's id of it. */
    public String uuid;

    public String name;

    /** JSON object of texts; the availability zone is in it. */
    public String metadata = "{}";

    /** JSON list of names. */
    public String hosts = "[]";

    /** It is to go; nobody sees it any more. */
    public boolean deleted;

    /** Grows with every change. */
    public long generation;

    /** The scheduler knows it as it was then. */
    @Column(name = "applied_generation")
    public long appliedGeneration;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "updated_at")
    public @Nullable OffsetDateTime updatedAt;
}
