package io.nephos.identity.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The wire JSON of a user. */
@ApplicationScoped
public class UserView {
    private final Links links;

    @Inject
    public UserView(Links links) {
        this.links = links;
    }

    public ObjectNode of(UserRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("name", row.name).put("domain_id", row.domainId);
        node.put("enabled", row.enabled).put("password_expires_at", (String) null);
        if (row.defaultProjectId != null) {
            node.put("default_project_id", row.defaultProjectId);
        }
        node.set("options", Attributes.object(row.options));
        node.set("links", links.self("users/" + row.id));
        return node;
    }
}
