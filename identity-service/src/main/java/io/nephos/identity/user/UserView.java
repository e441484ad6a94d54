package io.nephos.identity.user;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import io.nephos.identity.wire.Times;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The wire JSON of a user. */
@ApplicationScoped
public class UserView {
    private final Links links;

    private final Compliance compliance;

    @Inject
    public UserView(Links links, Compliance compliance) {
        this.links = links;
        this.compliance = compliance;
    }

    public ObjectNode of(UserRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("name", row.name).put("domain_id", row.domainId);
        node.put("enabled", compliance.enabled(row));
        node.put("password_expires_at", row.passwordExpiresAt == null ? null : Times.text(row.passwordExpiresAt));
        if (row.defaultProjectId != null) {
            node.put("default_project_id", row.defaultProjectId);
        }
        node.set("options", Attributes.object(row.options));
        node.set("links", links.self("users/" + row.id));
        return node;
    }
}
