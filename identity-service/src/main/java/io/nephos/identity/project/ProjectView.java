package io.nephos.identity.project;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The wire JSON of a project and of a domain. */
@ApplicationScoped
public class ProjectView {
    private final Links links;

    @Inject
    public ProjectView(Links links) {
        this.links = links;
    }

    public ObjectNode project(ProjectRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("name", row.name);
        node.put("domain_id", row.isDomain ? null : row.domainId);
        node.put("description", row.description).put("enabled", row.enabled);
        node.put("parent_id", row.isDomain ? null : row.parentId);
        node.put("is_domain", row.isDomain);
        common(node, row);
        node.set("links", links.self("projects/" + row.id));
        return node;
    }

    public ObjectNode domain(ProjectRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("name", row.name).put("description", row.description);
        node.put("enabled", row.enabled);
        common(node, row);
        node.set("links", links.self("domains/" + row.id));
        return node;
    }

    private static void common(ObjectNode node, ProjectRow row) {
        ArrayNode tags = node.putArray("tags");
        Attributes.texts(row.tags).forEach(tags::add);
        node.set("options", Attributes.object(row.options));
    }
}
