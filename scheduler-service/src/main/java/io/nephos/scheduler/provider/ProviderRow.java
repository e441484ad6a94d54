package io.nephos.scheduler.provider;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** The generation is compared and set by {@link ProviderStore#advance}, not by the entity. */
@Entity
@Table(name = "resource_provider")
public class ProviderRow {
    @Id
    public String id;

    public String name;

    public long generation;

    @Column(name = "parent_id")
    public @Nullable String parentId;

    @Column(name = "root_id")
    public String rootId;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;
}
