package io.nephos.network.network;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Stamp;
import java.util.List;

/** A network on the wire; the provider's attributes are for administrators. */
final class NetworkView {
    private NetworkView() {}

    static ObjectNode of(NetworkRow row, List<String> subnets, boolean provider) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("name", row.name);
        view.put("admin_state_up", row.adminStateUp);
        view.put("status", "ACTIVE");
        view.put("shared", row.shared);
        view.put("router:external", row.external);
        if (row.external) {
            view.put("is_default", row.isDefault);
        }
        view.put("mtu", row.mtu);
        view.put("port_security_enabled", row.portSecurityEnabled);
        var ids = view.putArray("subnets");
        subnets.forEach(ids::add);
        view.putArray("availability_zone_hints");
        view.putArray("availability_zones");
        if (provider) {
            view.put("provider:network_type", row.networkType);
            view.put("provider:physical_network", row.physicalNetwork);
            view.put("provider:segmentation_id", row.segmentationId);
        }
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }
}
