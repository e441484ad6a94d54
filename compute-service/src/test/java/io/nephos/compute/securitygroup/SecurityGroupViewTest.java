package io.nephos.compute.securitygroup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecurityGroupViewTest {
    @Test
    void onlyRulesForWhatComesInAreShown() {
        ObjectNode view = SecurityGroupView.group(
                Json.tree("{\"id\": \"g\", \"name\": \"n\", \"project_id\": \"p\", \"security_group_rules\": ["
                        + "{\"id\": \"1\", \"direction\": \"egress\"},"
                        + "{\"id\": \"2\", \"direction\": \"ingress\", \"protocol\": \"icmp\", \"port_range_min\": null,"
                        + " \"port_range_max\": null, \"ethertype\": \"IPv4\"}]}"),
                Map.of());
        assertEquals(1, view.path("rules").size());
        assertEquals(-1, view.at("/rules/0/from_port").asInt());
        assertEquals("0.0.0.0/0", view.at("/rules/0/ip_range/cidr").asText());
    }

    @Test
    void aRuleForAGroupNamesItInsteadOfARange() {
        ObjectNode view = SecurityGroupView.rule(
                Json.tree("{\"id\": \"1\", \"direction\": \"ingress\", \"protocol\": \"tcp\", \"port_range_min\": 22,"
                        + " \"port_range_max\": 22, \"remote_group_id\": \"g2\", \"project_id\": \"p\"}"),
                Map.of("g2", "friends"));
        assertEquals("friends", view.at("/group/name").asText());
        assertEquals(0, view.path("ip_range").size());
    }
}
