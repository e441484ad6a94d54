package io.nephos.image.metadef;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;

/** An object, a property or a tag of a namespace; the body is what the client wrote, JSON. */
@Entity
@Table(name = "metadef_definition")
class DefinitionRow {
    @Id
    String id;

    @Column(name = "namespace_id")
    String namespaceId;

    String kind;
    String name;
    String body;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;

    @Version
    long generation;
}
