package io.nephos.compute.securitygroup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** network-service's security groups as Nova shows them: rules for what comes in only. Pure. */
final class SecurityGroupView {
    private SecurityGroupView() {}

    /** {@code names}: of the groups that rules refer to, by id. */
    static ObjectNode group(JsonNode group, Map<String, String> names) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("id", group.path("id").asText())
                .put("name", group.path("name").asText())
                .put("description", group.path("description").asText(""))
                .put("tenant_id", project(group));
        ArrayNode rules = view.putArray("rules");
        for (JsonNode rule : group.path("security_group_rules")) {
            if (rule.path("direction").asText().equals("ingress")) {
                rules.add(rule(rule, names));
            }
        }
        return view;
    }

    static ObjectNode rule(JsonNode rule, Map<String, String> names) {
        ObjectNode view = Json.NODES
                .objectNode()
                .put("id", rule.path("id").asText())
                .put("parent_group_id", rule.path("security_group_id").asText())
                .put("ip_protocol", text(rule.path("protocol")));
        ports(view, rule);
        ObjectNode remote = view.putObject("group");
        ObjectNode range = view.putObject("ip_range");
        String remoteGroup = text(rule.path("remote_group_id"));
        if (remoteGroup != null) {
            remote.put("name", names.getOrDefault(remoteGroup, remoteGroup)).put("tenant_id", project(rule));
        } else {
            String prefix = text(rule.path("remote_ip_prefix"));
            range.put(
                    "cidr",
                    prefix != null ? prefix : rule.path("ethertype").asText().equals("IPv6") ? "::/0" : "0.0.0.0/0");
        }
        return view;
    }

    private static void ports(ObjectNode view, JsonNode rule) {
        JsonNode from = rule.path("port_range_min");
        JsonNode to = rule.path("port_range_max");
        String protocol = text(rule.path("protocol"));
        boolean open = from.isNull() && to.isNull();
        if (open && protocol != null) {
            boolean ports = protocol.toLowerCase(Locale.ROOT).matches("tcp|udp");
            view.put("from_port", ports ? 1 : -1).put("to_port", ports ? 65535 : -1);
        } else {
            view.set("from_port", from.isMissingNode() ? Json.NODES.nullNode() : from);
            view.set("to_port", to.isMissingNode() ? Json.NODES.nullNode() : to);
        }
    }

    private static String project(JsonNode owned) {
        return owned.path("project_id").asText(owned.path("tenant_id").asText());
    }

    private static @Nullable String text(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }
}
