package io.nephos.network.port;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Stamp;
import java.util.List;

/** A port on the wire; where it is bound is for administrators. */
public final class PortView {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PortView() {}

    static ObjectNode of(PortRow row, List<FixedIpRow> addresses, List<PortGroupRow> groups, boolean binding) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("name", row.name);
        view.put("network_id", row.networkId);
        view.put("mac_address", row.macAddress);
        view.put("admin_state_up", row.adminStateUp);
        view.put("status", row.status);
        view.put("device_id", row.deviceId);
        view.put("device_owner", row.deviceOwner);
        var ips = view.putArray("fixed_ips");
        addresses.forEach(ip -> ips.addObject().put("subnet_id", ip.subnetId).put("ip_address", ip.ipAddress));
        var members = view.putArray("security_groups");
        groups.forEach(group -> members.add(group.groupId));
        view.put("port_security_enabled", row.portSecurityEnabled);
        var pairs = view.putArray("allowed_address_pairs");
        row.allowedAddressPairs.forEach(pair -> {
            int comma = pair.indexOf(',');
            pairs.addObject().put("mac_address", pair.substring(0, comma)).put("ip_address", pair.substring(comma + 1));
        });
        view.put("binding:vnic_type", row.vnicType);
        if (binding) {
            boolean bound = !row.host.isEmpty();
            view.put("binding:host_id", row.host);
            view.put("binding:vif_type", bound ? "ovs" : "unbound");
            view.set("binding:profile", profile(row));
            ObjectNode details = view.putObject("binding:vif_details");
            if (bound) {
                details.put("port_filter", true);
                details.put("connectivity", "l2");
                details.put("bound_drivers", "ovn");
            }
        }
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }

    private static JsonNode profile(PortRow row) {
        try {
            return JSON.readTree(row.profile);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The binding profile of port " + row.id + " is not JSON", e);
        }
    }
}
