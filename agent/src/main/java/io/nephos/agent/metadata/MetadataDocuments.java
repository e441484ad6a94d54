package io.nephos.agent.metadata;

import io.nephos.contracts.agent.v1.InstanceMetadata;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.PortSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What guests read at 169.254.169.254: the OpenStack tree ({@code /openstack}, Nova's metadata API) and the EC2 tree
 * ({@code /latest}). Pure.
 */
final class MetadataDocuments {
    private static final List<String> VERSIONS = List.of(
            "2012-08-10",
            "2013-04-04",
            "2013-10-17",
            "2015-10-15",
            "2016-06-30",
            "2016-10-06",
            "2017-02-22",
            "2018-08-27",
            "2020-10-14",
            "latest");
    private static final List<String> EC2_VERSIONS = List.of("1.0", "2007-01-19", "2008-09-01", "2009-04-04", "latest");

    private MetadataDocuments() {}

    /** A body and its media type. */
    record Document(String type, byte[] body) {
        static Document text(String text) {
            return new Document("text/plain; charset=UTF-8", text.getBytes(StandardCharsets.UTF_8));
        }

        static Document json(JsonObject json) {
            return new Document("application/json", json.encode().getBytes(StandardCharsets.UTF_8));
        }

        static Document lines(List<String> lines) {
            return text(String.join("\n", lines));
        }
    }

    /** Empty for what is not there. */
    static Optional<Document> at(String path, InstanceSpec instance) {
        List<String> parts = new ArrayList<>(List.of(path.split("/+")));
        parts.removeIf(String::isEmpty);
        if (parts.isEmpty()) {
            return Optional.of(Document.lines(EC2_VERSIONS));
        }
        String first = parts.removeFirst();
        if (first.equals("openstack")) {
            return openstack(parts, instance);
        }
        return EC2_VERSIONS.contains(first) ? ec2(parts, instance) : Optional.empty();
    }

    private static Optional<Document> openstack(List<String> parts, InstanceSpec instance) {
        if (parts.isEmpty()) {
            return Optional.of(Document.lines(VERSIONS));
        }
        if (!VERSIONS.contains(parts.getFirst()) || parts.size() > 2) {
            return Optional.empty();
        }
        boolean hasUserData = !instance.getMetadata().getUserData().isEmpty();
        if (parts.size() == 1) {
            List<String> files = new ArrayList<>(
                    List.of("meta_data.json", "network_data.json", "vendor_data.json", "vendor_data2.json"));
            if (hasUserData) {
                files.add("user_data");
            }
            return Optional.of(Document.lines(files));
        }
        return switch (parts.get(1)) {
            case "meta_data.json" -> Optional.of(Document.json(metaData(instance)));
            case "network_data.json" -> Optional.of(Document.json(networkData(instance)));
            case "vendor_data.json", "vendor_data2.json" -> Optional.of(Document.json(new JsonObject()));
            case "user_data" -> userData(instance);
            default -> Optional.empty();
        };
    }

    private static JsonObject metaData(InstanceSpec instance) {
        InstanceMetadata metadata = instance.getMetadata();
        Map<String, String> keys = new TreeMap<>(metadata.getPublicKeysMap());
        JsonObject json = new JsonObject()
                .put("uuid", instance.getId())
                .put("hostname", metadata.getHostname())
                .put("name", metadata.getHostname())
                .put("launch_index", metadata.getLaunchIndex())
                .put("availability_zone", metadata.getAvailabilityZone())
                .put("project_id", instance.getProjectId())
                .put("devices", new JsonArray())
                .put("dedicated_cpus", new JsonArray());
        if (!metadata.getMetaMap().isEmpty()) {
            json.put("meta", object(new TreeMap<>(metadata.getMetaMap())));
        }
        if (!keys.isEmpty()) {
            JsonArray list = new JsonArray();
            keys.forEach((name, key) -> list.add(
                    new JsonObject().put("name", name).put("type", "ssh").put("data", key)));
            json.put("public_keys", object(keys)).put("keys", list);
        }
        return json;
    }

    private static JsonObject networkData(InstanceSpec instance) {
        JsonArray links = new JsonArray();
        JsonArray networks = new JsonArray();
        for (PortSpec port : instance.getPortsList()) {
            String link = "tap" + port.getId().substring(0, 11);
            links.add(new JsonObject()
                    .put("id", link)
                    .put("vif_id", port.getId())
                    .put("type", "ovs")
                    .put("mtu", port.getMtu() > 0 ? port.getMtu() : null)
                    .put("ethernet_mac_address", port.getMacAddress()));
            for (String address : port.getFixedIpsList()) {
                networks.add(new JsonObject()
                        .put("id", "network" + networks.size())
                        .put("type", address.contains(":") ? "ipv6_dhcp" : "ipv4_dhcp")
                        .put("link", link)
                        .put("network_id", port.getNetworkId()));
            }
        }
        return new JsonObject().put("links", links).put("networks", networks).put("services", new JsonArray());
    }

    private static Optional<Document> userData(InstanceSpec instance) {
        byte[] data = instance.getMetadata().getUserData().toByteArray();
        return data.length == 0 ? Optional.empty() : Optional.of(new Document("application/octet-stream", data));
    }

    private static Optional<Document> ec2(List<String> parts, InstanceSpec instance) {
        if (parts.isEmpty()) {
            List<String> children = new ArrayList<>(List.of("meta-data/"));
            if (!instance.getMetadata().getUserData().isEmpty()) {
                children.add("user-data");
            }
            return Optional.of(Document.lines(children));
        }
        return switch (parts.getFirst()) {
            case "user-data" -> parts.size() == 1 ? userData(instance) : Optional.empty();
            case "meta-data" -> ec2MetaData(String.join("/", parts.subList(1, parts.size())), instance);
            default -> Optional.empty();
        };
    }

    private static Optional<Document> ec2MetaData(String path, InstanceSpec instance) {
        TreeMap<String, String> leaves = ec2Leaves(instance);
        String leaf = leaves.get(path);
        if (leaf != null) {
            return Optional.of(Document.text(leaf));
        }
        if (path.equals("public-keys") && leaves.containsKey("public-keys/0/openssh-key")) {
            // EC2 names the key here where every other directory lists its children.
            List<String> names = new TreeMap<>(instance.getMetadata().getPublicKeysMap())
                    .keySet().stream().toList();
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                lines.add(i + "=" + names.get(i));
            }
            return Optional.of(Document.lines(lines));
        }
        String prefix = path.isEmpty() ? "" : path + "/";
        List<String> children = leaves.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .map(name -> name.contains("/") ? name.substring(0, name.indexOf('/') + 1) : name)
                .distinct()
                .toList();
        return children.isEmpty() ? Optional.empty() : Optional.of(Document.lines(children));
    }

    private static TreeMap<String, String> ec2Leaves(InstanceSpec instance) {
        InstanceMetadata metadata = instance.getMetadata();
        TreeMap<String, String> leaves = new TreeMap<>();
        leaves.put("ami-id", "ami-" + head(instance.getImage().getId()));
        leaves.put("ami-launch-index", String.valueOf(metadata.getLaunchIndex()));
        leaves.put("block-device-mapping/ami", "vda");
        leaves.put("block-device-mapping/root", "/dev/vda");
        leaves.put("hostname", metadata.getHostname());
        leaves.put("instance-action", "none");
        leaves.put("instance-id", "i-" + head(instance.getId()));
        leaves.put("instance-type", metadata.getFlavorName());
        leaves.put("local-hostname", metadata.getHostname());
        leaves.put("local-ipv4", firstIpv4(instance));
        leaves.put("placement/availability-zone", metadata.getAvailabilityZone());
        leaves.put("public-hostname", metadata.getHostname());
        leaves.put("public-ipv4", "");
        leaves.put("reservation-id", "r-" + head(instance.getId()));
        leaves.put("security-groups", String.join("\n", metadata.getSecurityGroupsList()));
        int index = 0;
        for (String key : new TreeMap<>(metadata.getPublicKeysMap()).values()) {
            leaves.put("public-keys/" + index++ + "/openssh-key", key);
        }
        return leaves;
    }

    private static String firstIpv4(InstanceSpec instance) {
        return instance.getPortsList().stream()
                .flatMap(port -> port.getFixedIpsList().stream())
                .filter(address -> !address.contains(":"))
                .findFirst()
                .orElse("");
    }

    private static String head(String id) {
        return id.length() < 8 ? "00000000" : id.substring(0, 8);
    }

    private static JsonObject object(Map<String, String> map) {
        JsonObject json = new JsonObject();
        map.forEach(json::put);
        return json;
    }
}
