package io.nephos.identity.limit;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** What every project has of a resource when nothing else is said; -1 means without limit. */
@Entity
@Table(name = "registered_limit")
public class RegisteredLimitRow {
    @Id
    public String id;

    public String serviceId;
    public @Nullable String regionId;
    public String resourceName;
    public int defaultLimit;
    public @Nullable String description;

    @Version
    public long generation;
}
