package io.nephos.network.subnetpool;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Stamp;

/** A subnet pool on the wire. */
final class SubnetpoolView {
    private SubnetpoolView() {}

    static ObjectNode of(SubnetpoolRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("name", row.name);
        var prefixes = view.putArray("prefixes");
        row.prefixes.forEach(prefixes::add);
        view.put("ip_version", row.ipVersion);
        view.put("min_prefixlen", row.minPrefixlen);
        view.put("max_prefixlen", row.maxPrefixlen);
        view.put("default_prefixlen", row.defaultPrefixlen);
        view.put("default_quota", row.defaultQuota);
        view.put("shared", row.shared);
        view.put("is_default", row.isDefault);
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }
}
