package io.nephos.network.securitygroup;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;

/** A security group. */
@Entity
@Table(name = "security_group")
public class SecurityGroupRow {
    @Id
    public String id;

    public String projectId;
    public String name;
    public String description;
    public boolean stateful;
    public boolean isDefault;
    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
