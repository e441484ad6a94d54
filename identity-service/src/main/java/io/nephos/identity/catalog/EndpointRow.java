package io.nephos.identity.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "endpoint")
public class EndpointRow {
    @Id
    public String id;

    public String serviceId;
    public @Nullable String regionId;

    /** "public", "internal" or "admin". */
    @Column(name = "interface")
    public String face;

    public String url;
    public boolean enabled = true;
    public String extra = "{}";

    @Version
    public long generation;
}
