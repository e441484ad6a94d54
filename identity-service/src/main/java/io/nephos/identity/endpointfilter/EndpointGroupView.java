package io.nephos.identity.endpointfilter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The wire JSON of an endpoint group. */
@ApplicationScoped
public class EndpointGroupView {
    private final Links links;

    @Inject
    public EndpointGroupView(Links links) {
        this.links = links;
    }

    ObjectNode of(EndpointGroupRow row) {
        ObjectNode node = Attributes.object("{}");
        node.put("id", row.id).put("name", row.name).put("description", row.description);
        node.set("filters", Attributes.object(row.filters));
        node.set("links", links.self("OS-EP-FILTER/endpoint_groups/" + row.id));
        return node;
    }
}
