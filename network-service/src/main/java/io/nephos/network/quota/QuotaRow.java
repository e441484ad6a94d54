package io.nephos.network.quota;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A limit that was set for a project; its id is "project/resource". */
@Entity
@Table(name = "quota")
public class QuotaRow {
    @Id
    public String id;

    public String projectId;
    public String resource;
    public long quota;

    @Version
    public long generation;
}
