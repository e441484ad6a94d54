package io.nephos.image.metadef;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** That a namespace's properties may stand on resources of a type, there with a prefix. */
@Entity
@Table(name = "metadef_association")
class AssociationRow {
    @Id
    String id;

    @Column(name = "namespace_id")
    String namespaceId;

    @Column(name = "resource_type")
    String resourceType;

    @Nullable
    String prefix;

    @Column(name = "properties_target")
    @Nullable
    String target;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;
}
