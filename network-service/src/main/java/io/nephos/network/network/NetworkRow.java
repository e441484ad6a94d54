package io.nephos.network.network;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A network. */
@Entity
@Table(name = "network")
public class NetworkRow {
    @Id
    public String id;

    public String projectId;
    public String name;
    public String description;
    public boolean adminStateUp;
    public boolean shared;
    public boolean external;
    public boolean isDefault;
    public boolean portSecurityEnabled;
    public int mtu;
    public String networkType;
    public @Nullable String physicalNetwork;
    public @Nullable Long segmentationId;
    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
