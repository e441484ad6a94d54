package io.nephos.identity.catalog;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

@Entity
@Table(name = "catalog_service")
public class ServiceRow {
    @Id
    public String id;

    public String type;
    public String name = "";
    public boolean enabled = true;
    public String extra = "{}";

    @Version
    public long generation;
}
