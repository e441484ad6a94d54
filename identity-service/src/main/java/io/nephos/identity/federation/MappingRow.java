package io.nephos.identity.federation;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A mapping; its rules are JSON as they were written. */
@Entity
@Table(name = "mapping")
public class MappingRow {
    @Id
    public String id;

    public String rules;
    public String schemaVersion;

    @Version
    public long generation;
}
