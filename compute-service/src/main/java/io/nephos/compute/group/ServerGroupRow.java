package io.nephos.compute.group;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A server group; its members are the servers that name it. */
@Entity
@Table(name = "server_group")
public class ServerGroupRow {
    @Id
    public String id;

    @Column(name = "project_id")
    public String projectId;

    @Column(name = "user_id")
    public String userId;

    public String name;

    /** affinity, anti-affinity, soft-affinity or soft-anti-affinity. */
    public String policy;

    @Column(name = "max_per_host")
    public @Nullable Integer maxPerHost;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;
}
