package io.nephos.identity.project;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

    /** The domain that it is in; a domain is in none, so that nobody's word inside it counts for the domain itself. */
    public Optional<String> ownerDomain() {
        return isDomain ? Optional.empty() : Optional.of(domainId);
    }

    /** What policy is told of it. */
    public Map<String, String> target() {
        Map<String, String> target = new HashMap<>(Map.of("project_id", id));
        ownerDomain().ifPresent(domain -> target.put("domain_id", domain));
        return target;
    }
}
