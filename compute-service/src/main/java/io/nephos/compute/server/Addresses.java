package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.port.PortRow;
import io.nephos.contracts.network.v1.FixedIp;
import io.nephos.contracts.network.v1.Port;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses of a server: kept beside its row as what network-service last said of its ports. */
public final class Addresses {
    private Addresses() {}

    /** What is kept of a port: {"network", "mac", "fixed": [...], "floating": [...], "groups": [...]}. */
    public static String portView(Port port) {
        ObjectNode view = Json.NODES.objectNode();
        view.put("network", port.getNetworkName().isEmpty() ? port.getNetworkId() : port.getNetworkName());
        view.put("mac", port.getMacAddress());
        ArrayNode fixed = view.putArray("fixed");
        port.getFixedIpsList().stream().map(FixedIp::getIpAddress).forEach(fixed::add);
        ArrayNode floating = view.putArray("floating");
        port.getFloatingIpsList().forEach(floating::add);
        ArrayNode groups = view.putArray("groups");
        port.getSecurityGroupNamesList().forEach(groups::add);
        ArrayNode ids = view.putArray("group_ids");
        port.getSecurityGroupIdsList().forEach(ids::add);
        return view.toString();
    }

    /** All ports in their order, as the server's row keeps them. */
    static String joined(List<PortRow> ports) {
        ArrayNode all = Json.NODES.arrayNode();
        ports.stream()
                .filter(port -> !port.leaving)
                .map(port -> Json.tree(port.view))
                .forEach(all::add);
        return all.toString();
    }

    /** Names of the security groups of the ports. */
    static Set<String> groups(List<PortRow> ports) {
        return collected(ports, "groups");
    }

    /** Their ids. */
    public static Set<String> groupIds(List<PortRow> ports) {
        return collected(ports, "group_ids");
    }

    private static Set<String> collected(List<PortRow> ports, String field) {
        Set<String> all = new LinkedHashSet<>();
        ports.forEach(port -> Json.tree(port.view).path(field).forEach(text -> all.add(text.asText())));
        return all;
    }

    /** By network name, as servers show it; {@code extended}: with the type and the MAC address of each. */
    static ObjectNode view(String joined, boolean extended) {
        ObjectNode byNetwork = Json.NODES.objectNode();
        for (JsonNode port : Json.tree(joined)) {
            if (!port.has("network")) {
                continue; // not made yet
            }
            String network = port.path("network").asText();
            ArrayNode addresses = byNetwork.withArrayProperty(network);
            String mac = port.path("mac").asText();
            port.path("fixed").forEach(ip -> addresses.add(address(ip.asText(), "fixed", mac, extended)));
            port.path("floating").forEach(ip -> addresses.add(address(ip.asText(), "floating", mac, extended)));
        }
        return byNetwork;
    }

    private static ObjectNode address(String ip, String type, String mac, boolean extended) {
        ObjectNode view =
                Json.NODES.objectNode().put("version", ip.contains(":") ? 6 : 4).put("addr", ip);
        return extended ? view.put("OS-EXT-IPS:type", type).put("OS-EXT-IPS-MAC:mac_addr", mac) : view;
    }
}
