package io.nephos.block.type;

import io.nephos.block.Json;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A volume type as it is kept. */
@Entity
@Table(name = "volume_type")
public class VolumeTypeRow {
    @Id
    public String id;

    public String name;

    @Nullable
    public String description;

    @Column(name = "is_public")
    public boolean isPublic;

    @Column(name = "is_default")
    public boolean isDefault;

    @Column(name = "extra_specs")
    public String extraSpecs = "{}";

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Version
    public long generation;

    public Map<String, String> extraSpecs() {
        return Json.read(extraSpecs);
    }
}
