package io.nephos.identity.group;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

@Entity
@Table(name = "user_group")
public class GroupRow {
    @Id
    public String id;

    public String domainId;
    public String name;
    public String description;
    public String extra = "{}";

    @Version
    public long generation;
}
