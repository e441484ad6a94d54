package io.nephos.identity.endpointfilter;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

/** Endpoints by what they have in common; {@code filters} is a JSON object of service_id, region_id, interface. */
@Entity
@Table(name = "endpoint_group")
public class EndpointGroupRow {
    @Id
    public String id;

    public String name;
    public @Nullable String description;
    public String filters;

    @Version
    public long generation;
}
