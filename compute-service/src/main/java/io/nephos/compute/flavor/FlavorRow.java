package io.nephos.compute.flavor;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A flavor; {@code extraSpecs} is a JSON object of strings. Servers keep a copy of what they were made of. */
@Entity
@Table(name = "flavor")
public class FlavorRow {
    @Id
    public String id;

    public String name;
    public int vcpus;

    @Column(name = "memory_mib")
    public int memoryMib;

    @Column(name = "root_gib")
    public int rootGib;

    @Column(name = "ephemeral_gib")
    public int ephemeralGib;

    @Column(name = "swap_mib")
    public int swapMib;

    @Column(name = "rxtx_factor")
    public double rxtxFactor;

    @Column(name = "is_public")
    public boolean isPublic;

    public @Nullable String description;

    @Column(name = "extra_specs")
    public String extraSpecs;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Version
    public long generation;
}
