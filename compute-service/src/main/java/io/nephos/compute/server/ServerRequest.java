package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.http.Microversion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for new servers, read by the rules of its microversion (API reference, "Create Server"). An empty text is
 * "not given".
 */
record ServerRequest(
        String name,
        String flavorId,
        String imageId,
        Networks networks,
        List<Volume> volumes,
        String keyName,
        List<String> securityGroups,
        String userData,
        Map<String, String> metadata,
        List<String> tags,
        String zone,
        String host,
        String node,
        int min,
        int max,
        boolean returnReservation,
        boolean configDrive,
        String diskConfig,
        String adminPassword,
        String accessIpV4,
        String accessIpV6,
        @Nullable String description,
        SchedulerHints hints) {

    private static final Pattern TAG = Pattern.compile("[^,/\\p{Cntrl}]{1,60}");
    private static final Pattern METADATA_KEY = Pattern.compile("[a-zA-Z0-9-_:. ]{1,255}");
    private static final int MAX_USER_DATA = 65535;
    private static final int MAX_SERVERS = 1000;

    /** Which networks: those listed, whatever the project can use ({@code auto}), or none at all. */
    record Networks(boolean auto, boolean none, List<Requested> listed) {}

    record Requested(String networkId, String portId, String fixedIp, String tag) {}

    record Volume(String volumeId, int bootIndex, boolean deleteOnTermination, String tag) {}

    static ServerRequest of(@Nullable JsonNode body, Microversion version) {
        Fields outer = Fields.ofBody(body).only("server", "os:scheduler_hints", "OS-SCH-HNT:scheduler_hints");
        Fields server = Fields.of(body, "server");
        server.only(known(version));
        SchedulerHints hints = SchedulerHints.of(outer);
        String name = server.text("name", 1, 255).strip();
        if (name.isEmpty()) {
            throw server.invalid("name", "must not be blank.");
        }
        if (!server.objects("personality").isEmpty()) {
            throw Fault.overLimit("", "Personality file limit exceeded");
        }
        if (!server.objects("block_device_mapping").isEmpty()) {
            throw Fault.notImplemented("block_device_mapping is not implemented; use block_device_mapping_v2.");
        }
        if (!server.texts("trusted_image_certificates", 1, 255).isEmpty()) {
            throw Fault.notImplemented("Image signatures are not verified here.");
        }
        String image = imageRef(server);
        int min = server.optionalInteger("min_count", 1, MAX_SERVERS).orElse(1);
        int max = server.optionalInteger("max_count", 1, MAX_SERVERS).orElse(min);
        if (min > max) {
            throw Fault.badRequest("min_count must be <= max_count");
        }
        return new ServerRequest(
                name,
                flavor(server),
                image,
                networks(server, version),
                volumes(server, image, version),
                server.optionalText("key_name", 1, 255).orElse(""),
                groups(server),
                userData(server),
                metadata(server),
                tags(server.texts("tags", 1, 60)),
                server.optionalText("availability_zone", 1, 255).orElse(""),
                server.optionalText("host", 1, 255).orElse(""),
                server.optionalText("hypervisor_hostname", 1, 255).orElse(""),
                min,
                max,
                server.flag("return_reservation_id", false),
                server.flag("config_drive", false),
                diskConfig(server),
                server.optionalText("adminPass", 0, 255).orElse(""),
                ip(server, "accessIPv4", false),
                ip(server, "accessIPv6", true),
                server.optionalText("description", 0, 255).orElse(null),
                hints);
    }

    boolean bootsFromVolume() {
        return volumes.stream().anyMatch(volume -> volume.bootIndex() == 0);
    }

    private static String[] known(Microversion version) {
        List<String> names = new ArrayList<>(List.of(
                "name",
                "flavorRef",
                "imageRef",
                "networks",
                "key_name",
                "security_groups",
                "user_data",
                "metadata",
                "availability_zone",
                "min_count",
                "max_count",
                "return_reservation_id",
                "block_device_mapping",
                "block_device_mapping_v2",
                "config_drive",
                "adminPass",
                "OS-DCF:diskConfig",
                "accessIPv4",
                "accessIPv6"));
        if (!version.atLeast(2, 57)) {
            names.add("personality");
        }
        if (version.atLeast(2, 19)) {
            names.add("description");
        }
        if (version.atLeast(2, 52)) {
            names.add("tags");
        }
        if (version.atLeast(2, 63)) {
            names.add("trusted_image_certificates");
        }
        if (version.atLeast(2, 74)) {
            names.add("host");
            names.add("hypervisor_hostname");
        }
        return names.toArray(String[]::new);
    }

    /** An id, or as of old a link that ends in one. */
    private static String imageRef(Fields server) {
        String reference = server.optionalText("imageRef", 0, 255).orElse("");
        String id = reference.substring(reference.lastIndexOf('/') + 1);
        if (!id.isEmpty() && !Fields.isUuid(id)) {
            throw Fault.badRequest("Invalid imageRef provided.");
        }
        return id;
    }

    private static String flavor(Fields server) {
        JsonNode sent = server.json().path("flavorRef");
        String reference = sent.isInt() ? sent.asText() : server.text("flavorRef", 1, 255);
        return reference.startsWith("http") ? reference.substring(reference.lastIndexOf('/') + 1) : reference;
    }

    private static Networks networks(Fields server, Microversion version) {
        JsonNode sent = server.json().path("networks");
        if (version.atLeast(2, 37)) {
            if (sent.isMissingNode() || sent.isNull()) {
                throw server.required("networks");
            }
            if (sent.isTextual()) {
                return switch (sent.textValue()) {
                    case "auto" -> new Networks(true, false, List.of());
                    case "none" -> new Networks(false, true, List.of());
                    default -> throw server.invalid("networks", "must be 'auto', 'none' or a list.");
                };
            }
        } else if (sent.isTextual()) {
            throw server.invalid("networks", "must be a list.");
        }
        List<Requested> listed = new ArrayList<>();
        Set<String> ports = new LinkedHashSet<>();
        for (Fields network : server.objects("networks")) {
            network.only(
                    version.atLeast(2, 32)
                            ? new String[] {"uuid", "port", "fixed_ip", "tag"}
                            : new String[] {"uuid", "port", "fixed_ip"});
            String port = network.optionalUuid("port").orElse("");
            String uuid = network.optionalUuid("uuid").orElse("");
            if (port.isEmpty() && uuid.isEmpty()) {
                throw network.required("uuid");
            }
            String fixedIp = network.optionalText("fixed_ip", 1, 64).orElse("");
            if (!port.isEmpty() && !fixedIp.isEmpty()) {
                throw Fault.badRequest("Specified Fixed IP '" + fixedIp + "' cannot be used with port '" + port
                        + "': the two cannot be specified together.");
            }
            if (!port.isEmpty() && !ports.add(port)) {
                throw Fault.badRequest("Port ID(s) " + port + " are given more than once.");
            }
            listed.add(new Requested(
                    port.isEmpty() ? uuid : "",
                    port,
                    fixedIp,
                    network.optionalText("tag", 1, 60).orElse("")));
        }
        boolean nothing = listed.isEmpty();
        return new Networks(nothing && !version.atLeast(2, 37), nothing && version.atLeast(2, 37), List.copyOf(listed));
    }

    private static List<Volume> volumes(Fields server, String image, Microversion version) {
        List<Volume> volumes = new ArrayList<>();
        for (Fields device : server.objects("block_device_mapping_v2")) {
            String source = device.optionalOneOf("source_type", "blank", "image", "volume", "snapshot")
                    .orElse("volume");
            String destination = device.optionalOneOf("destination_type", "local", "volume")
                    .orElse(source.equals("volume") || source.equals("snapshot") ? "volume" : "local");
            int bootIndex =
                    device.optionalInteger("boot_index", Integer.MIN_VALUE, 128).orElse(-1);
            String uuid = device.optionalUuid("uuid")
                    .or(() -> device.optionalUuid("volume_id"))
                    .orElse("");
            if (source.equals("image") && destination.equals("local") && bootIndex == 0) {
                if (!uuid.equals(image)) {
                    throw Fault.badRequest("Block Device Mapping is Invalid: the image of the device with boot index 0"
                            + " is not imageRef.");
                }
                continue; // the usual root disk, said twice
            }
            if (!source.equals("volume") || !destination.equals("volume")) {
                throw Fault.notImplemented("A block device from " + source + " to " + destination
                        + " is not implemented; create the volume first and give its id.");
            }
            if (uuid.isEmpty()) {
                throw device.required("uuid");
            }
            if (volumes.stream().anyMatch(volume -> volume.volumeId().equals(uuid))) {
                throw Fault.badRequest("Block Device Mapping is Invalid: volume " + uuid + " is given twice.");
            }
            if (device.has("tag") && !version.atLeast(2, 32)) {
                throw device.invalid("tag", "needs microversion 2.32.");
            }
            volumes.add(new Volume(
                    uuid,
                    Math.max(bootIndex, -1),
                    device.flag("delete_on_termination", false),
                    device.optionalText("tag", 1, 60).orElse("")));
        }
        long boot = volumes.stream().filter(volume -> volume.bootIndex() == 0).count();
        if (boot > 1 || (boot == 1 && !image.isEmpty())) {
            throw Fault.badRequest("Block Device Mapping is Invalid: Boot sequence for the instance and image/block"
                    + " device mapping combination is not valid.");
        }
        if (boot == 0 && image.isEmpty()) {
            throw Fault.badRequest(
                    volumes.isEmpty()
                            ? "Invalid imageRef provided."
                            : "Block Device Mapping is Invalid: Boot sequence for the instance and image/block device"
                                    + " mapping combination is not valid.");
        }
        return List.copyOf(volumes);
    }

    private static List<String> groups(Fields server) {
        List<String> names = new ArrayList<>();
        for (Fields group : server.objects("security_groups")) {
            names.add(group.text("name", 1, 255));
        }
        return List.copyOf(new LinkedHashSet<>(names));
    }

    private static String userData(Fields server) {
        String data = server.optionalText("user_data", 0, MAX_USER_DATA).orElse("");
        try {
            Base64.getMimeDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw Fault.badRequest("Invalid input for field/attribute user_data. Value: it is not base64 encoded.");
        }
        if (!data.matches("[A-Za-z0-9+/=\\s]*")) {
            throw Fault.badRequest("Invalid input for field/attribute user_data. Value: it is not base64 encoded.");
        }
        return data;
    }

    static Map<String, String> metadata(Fields owner) {
        Map<String, String> metadata = owner.textMap("metadata", 255, 255);
        metadata.keySet().stream()
                .filter(key -> !METADATA_KEY.matcher(key).matches())
                .findFirst()
                .ifPresent(key -> {
                    throw owner.invalid("metadata", "'" + key + "' is not a name for metadata.");
                });
        return metadata;
    }

    static List<String> tags(List<String> sent) {
        sent.stream().filter(tag -> !TAG.matcher(tag).matches()).findFirst().ifPresent(tag -> {
            throw Fault.badRequest("Tag '" + tag + "' is invalid. It must be 1 to 60 characters without '/' and ','.");
        });
        List<String> tags = List.copyOf(new LinkedHashSet<>(sent));
        if (tags.size() > 50) {
            throw Fault.badRequest("The number of tags exceeded the per-server limit 50");
        }
        return tags;
    }

    static String diskConfig(Fields server) {
        return server.optionalOneOf("OS-DCF:diskConfig", "AUTO", "MANUAL").orElse("MANUAL");
    }

    /** The address in its canonical form; empty when it is not given. */
    static String ip(Fields server, String name, boolean v6) {
        String text = server.optionalText(name, 0, 64).orElse("");
        if (text.isEmpty()) {
            return "";
        }
        boolean literal =
                v6 ? text.contains(":") && text.matches("[0-9a-fA-F:.]+") : text.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        try {
            if (literal) {
                InetAddress address = InetAddress.getByName(text);
                return v6 ? Ipv6.canonical(address.getAddress()) : address.getHostAddress();
            }
        } catch (UnknownHostException e) {
            throw server.invalid(name, "is not an address.");
        }
        throw server.invalid(name, "is not an address.");
    }
}
