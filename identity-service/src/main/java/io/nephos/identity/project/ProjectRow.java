package io.nephos.identity.project;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;

/** A project or, as in Keystone, a domain. A domain's own {@code domainId} is its id, its {@code parentId} empty. */
@Entity
@Table(name = "project")
public class ProjectRow {
    @Id
    public String id;

    public String domainId;
    public String parentId;
    public boolean isDomain;
    public String name;
    public String description;
    public boolean enabled;
    public String tags = "[]";
    public String options = "{}";
    public String extra = "{}";

    @Version
    public long generation;

    public Instant createdAt = Instant.now();
}
