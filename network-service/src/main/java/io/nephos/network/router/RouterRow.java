package io.nephos.network.router;

import io.nephos.network.api.TextList;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A router. */
@Entity
@Table(name = "router")
public class RouterRow {
    @Id
    public String id;

    public String projectId;
    public String name;
    public String description;
    public boolean adminStateUp;
    public @Nullable String externalNetworkId;
    public @Nullable String gatewayPortId;
    public boolean enableSnat;

    /** Each "destination,nexthop". */
    @Convert(converter = TextList.class)
    public List<String> routes;

    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
