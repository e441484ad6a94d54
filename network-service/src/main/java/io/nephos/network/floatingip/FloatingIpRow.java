package io.nephos.network.floatingip;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A floating IP. */
@Entity
@Table(name = "floating_ip")
public class FloatingIpRow {
    @Id
    public String id;

    public String projectId;
    public String description;
    public String floatingNetworkId;
    public String floatingPortId;
    public String floatingIpAddress;
    public @Nullable String portId;
    public @Nullable String fixedIpAddress;
    public @Nullable String routerId;
    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
