package io.nephos.kit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

@Entity
@Table(name = "widget")
class WidgetRow {
    @Id
    String id;

    @Column(nullable = false)
    String name;

    @Column(name = "project_id", nullable = false)
    String projectId;

    String state;

    @Version
    long generation;
}
