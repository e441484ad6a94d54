package io.nephos.identity.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.identity.wire.Attributes;
import io.nephos.identity.wire.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The wire JSON of an endpoint. */
@ApplicationScoped
public class EndpointView {
    private final Links links;

    @Inject
    public EndpointView(Links links) {
        this.links = links;
    }

    public ObjectNode of(EndpointRow row) {
        ObjectNode node = Attributes.object(row.extra);
        node.put("id", row.id).put("interface", row.face).put("url", row.url).put("enabled", row.enabled);
        node.put("region", row.regionId).put("region_id", row.regionId).put("service_id", row.serviceId);
        node.set("links", links.self("endpoints/" + row.id));
        return node;
    }
}
