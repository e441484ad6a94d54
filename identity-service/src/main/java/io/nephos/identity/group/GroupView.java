package io.nephos.identity.group;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The wire JSON of a group. */
@ApplicationScoped
public class GroupView {
    private final Links links;

    @Inject
    public GroupView(Links links) {
        this.links = links;
    }

    public ObjectNode of(GroupRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("name", row.name).put("domain_id", row.domainId);
        node.put("description", row.description);
        node.set("links", links.self("groups/" + row.id));
        return node;
    }
}
