package io.nephos.identity.accessrule;

import io.nephos.kit.token.AccessRule;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An access rule of a user; each content once, whichever of his application credentials use it. */
@Entity
@Table(name = "access_rule")
public class AccessRuleRow {
    @Id
    public String id;

    public String userId;
    public String service;
    public String method;
    public String path;

    public AccessRule rule() {
        return new AccessRule(service, method, path);
    }
}
