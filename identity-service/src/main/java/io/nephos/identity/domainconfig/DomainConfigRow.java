package io.nephos.identity.domainconfig;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An option that was set for a domain; {@code value} is JSON, encrypted when it is sensitive. */
@Entity
@Table(name = "domain_config")
public class DomainConfigRow {
    @Id
    public String id;

    public String domainId;
    public String groupName;
    public String optionName;
    public String value;
    public boolean sensitive;

    static String key(String domainId, String group, String option) {
        return domainId + "/" + group + "/" + option;
    }
}
