package io.nephos.identity.role;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** A role; {@code domainId} is empty for one of the whole cloud. */
@Entity
@Table(name = "role")
public class RoleRow {
    @Id
    public String id;

    public String name;
    public String domainId = "";
    public @Nullable String description;
    public String options = "{}";
    public String extra = "{}";

    @Version
    public long generation;

    public boolean global() {
        return domainId.isEmpty();
    }
}
