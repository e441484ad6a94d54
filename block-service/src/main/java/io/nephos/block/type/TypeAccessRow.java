package io.nephos.block.type;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A project that sees a private type. */
@Entity
@Table(name = "volume_type_access")
class TypeAccessRow {
    @Id
    String id;

    @Column(name = "type_id")
    String typeId;

    @Column(name = "project_id")
    String projectId;
}
