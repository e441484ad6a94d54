package io.nephos.network.subnetpool;

import io.nephos.network.api.TextList;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subnet pool. */
@Entity
@Table(name = "subnetpool")
public class SubnetpoolRow {
    @Id
    public String id;

    public String projectId;
    public String name;
    public String description;

    @Convert(converter = TextList.class)
    public List<String> prefixes;

    public int ipVersion;
    public int minPrefixlen;
    public int maxPrefixlen;
    public int defaultPrefixlen;
    public @Nullable Integer defaultQuota;
    public boolean shared;
    public boolean isDefault;
    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
