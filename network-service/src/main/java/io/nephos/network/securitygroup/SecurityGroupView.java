package io.nephos.network.securitygroup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.network.api.Stamp;
import java.util.List;

/** Security groups and their rules on the wire. */
final class SecurityGroupView {
    private SecurityGroupView() {}

    static ObjectNode of(SecurityGroupRow row, List<SecurityGroupRuleRow> rules) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("name", row.name);
        view.put("stateful", row.stateful);
        view.put("shared", false);
        var items = view.putArray("security_group_rules");
        rules.forEach(rule -> items.add(of(rule)));
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        view.putArray("tags");
        return view;
    }

    static ObjectNode of(SecurityGroupRuleRow row) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", row.id);
        view.put("security_group_id", row.groupId);
        view.put("direction", row.direction);
        view.put("ethertype", row.ethertype);
        view.put("protocol", row.protocol);
        view.put("port_range_min", row.portRangeMin);
        view.put("port_range_max", row.portRangeMax);
        view.put("remote_ip_prefix", row.remoteIpPrefix);
        view.put("normalized_cidr", row.normalizedCidr().orElse(null));
        view.put("remote_group_id", row.remoteGroupId);
        Stamp.on(view, row.projectId, row.description, row.createdAt, row.updatedAt, row.generation);
        return view;
    }
}
