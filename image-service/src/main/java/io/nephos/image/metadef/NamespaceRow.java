package io.nephos.image.metadef;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** A namespace of definitions; public ones are seen by all, private ones by their owner. */
@Entity
@Table(name = "metadef_namespace")
class NamespaceRow {
    @Id
    String id;

    String namespace;

    @Column(name = "display_name")
    @Nullable
    String displayName;

    @Nullable
    String description;

    String visibility;

    @Column(name = "protected")
    boolean isProtected;

    String owner;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;

    @Version
    long generation;
}
