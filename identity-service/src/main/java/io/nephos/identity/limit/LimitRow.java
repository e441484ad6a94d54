package io.nephos.identity.limit;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** What one project or domain has of a resource instead of the registered limit; -1 means without limit. */
@Entity
@Table(name = "resource_limit")
public class LimitRow {
    @Id
    public String id;

    public String registeredLimitId;
    public String serviceId;
    public @Nullable String regionId;
    public String resourceName;
    public @Nullable String projectId;
    public @Nullable String domainId;
    public String ownerDomainId;
    public int resourceLimit;
    public @Nullable String description;

    @Version
    public long generation;
}
