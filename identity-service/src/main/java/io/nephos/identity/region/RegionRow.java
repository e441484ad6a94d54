package io.nephos.identity.region;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** A region; {@code parentId} is empty at the top. */
@Entity
@Table(name = "region")
public class RegionRow {
    @Id
    public String id;

    public String description = "";
    public String parentId = "";
    public String extra = "{}";

    @Version
    public long generation;
}
