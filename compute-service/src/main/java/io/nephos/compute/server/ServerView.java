package io.nephos.compute.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Links;
import io.nephos.compute.api.Times;
import io.nephos.kit.http.Microversion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A server on the wire (API reference, "Servers").
 *
 * @param admin shows what only admins see: host, instance name and, since 2.3, what it was made of
 * @param showHostStatus the policy {@code servers:show:host_status}
 */
public record ServerView(Microversion version, String root, boolean admin, boolean showHostStatus) {

    static ObjectNode brief(ShownServer row, String root) {
        ObjectNode view = Json.NODES.objectNode().put("id", row.id()).put("name", row.name());
        view.set("links", Links.of(root, "servers/" + row.id()));
        return view;
    }

    /** As lists with detail show it; {@code hostUp} is only asked for since 2.16. */
    ObjectNode full(ShownServer row, boolean hostUp) {
        ObjectNode view = core(row, true);
        view.put("OS-EXT-AZ:availability_zone", row.zone());
        view.put("config_drive", row.configDrive() ? "True" : "");
        view.put("key_name", row.keyName());
        view.put("OS-SRV-USG:launched_at", micros(row.launchedAt()));
        view.putNull("OS-SRV-USG:terminated_at");
        groups(view, row);
        view.put(
                "OS-EXT-STS:task_state",
                row.task() == Task.NONE ? null : row.task().wire());
        view.put("OS-EXT-STS:vm_state", row.vmState().wire());
        view.put("OS-EXT-STS:power_state", row.observedPower().wire());
        volumes(view, row);
        if (admin) {
            forAdmins(view, row);
        }
        if (version.atLeast(2, 16) && showHostStatus) {
            view.put("host_status", row.host().isEmpty() ? "" : hostUp ? "UP" : "DOWN");
        }
        return view;
    }

    /** As one server is shown. */
    ObjectNode show(ShownServer row, boolean hostUp) {
        return withGroup(full(row, hostUp), row);
    }

    /** The answer to an update: before 2.75 without the extensions. */
    ObjectNode updated(ShownServer row, boolean hostUp) {
        return version.atLeast(2, 75) ? show(row, hostUp) : withGroup(core(row, false), row);
    }

    /** Which host, to the project: the same text for the same host, and no name. */
    public static String hostId(String projectId, String host) {
        if (host.isEmpty()) {
            return "";
        }
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-224")
                            .digest((projectId + host).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectNode core(ShownServer row, boolean extendedAddresses) {
        ServerStatus status = ServerStatus.of(row.vmState(), row.task());
        ObjectNode view = brief(row, root)
                .put("status", status.name())
                .put("tenant_id", row.projectId())
                .put("user_id", row.userId())
                .put("hostId", hostId(row.projectId(), row.host()))
                .put("created", Times.seconds(row.createdAt()))
                .put("updated", Times.seconds(row.updatedAt()))
                .put("accessIPv4", row.accessIpV4())
                .put("accessIPv6", row.accessIpV6())
                .put("OS-DCF:diskConfig", row.diskConfig());
        status.progress().ifPresent(progress -> view.put("progress", progress));
        view.set("metadata", Json.tree(row.metadata()));
        view.set("addresses", Addresses.view(row.addresses(), extendedAddresses));
        image(view, row);
        flavor(view, row);
        if (status == ServerStatus.ERROR && row.faultCode() != 0) {
            fault(view, row);
        }
        if (version.atLeast(2, 9)) {
            view.put("locked", !row.lockedBy().isEmpty());
        }
        if (version.atLeast(2, 19)) {
            view.put("description", row.description());
        }
        if (version.atLeast(2, 26)) {
            view.set("tags", Json.tree(row.tags()));
        }
        if (version.atLeast(2, 63)) {
            view.putNull("trusted_image_certificates");
        }
        if (version.atLeast(2, 73)) {
            view.put("locked_reason", row.lockedReason());
        }
        return view;
    }

    private ObjectNode withGroup(ObjectNode view, ShownServer row) {
        if (version.atLeast(2, 71)) {
            ArrayNode groups = view.putArray("server_groups");
            if (!row.groupId().isEmpty()) {
                groups.add(row.groupId());
            }
        }
        return view;
    }

    private void image(ObjectNode view, ShownServer row) {
        if (row.imageId().isEmpty()) {
            view.put("image", "");
        } else {
            ObjectNode image = view.putObject("image").put("id", row.imageId());
            image.putArray("links").add(Links.bookmark(root, "images/" + row.imageId()));
        }
    }

    private void flavor(ObjectNode view, ShownServer row) {
        ObjectNode flavor = view.putObject("flavor");
        if (version.atLeast(2, 47)) {
            flavor.put("vcpus", row.vcpus())
                    .put("ram", row.memoryMib())
                    .put("disk", row.rootGib())
                    .put("ephemeral", row.ephemeralGib())
                    .put("swap", row.swapMib())
                    .put("original_name", row.flavorName())
                    .set("extra_specs", Json.tree(row.extraSpecs()));
        } else {
            flavor.put("id", row.flavorId());
            flavor.putArray("links").add(Links.bookmark(root, "flavors/" + row.flavorId()));
        }
    }

    private void fault(ObjectNode view, ShownServer row) {
        ObjectNode fault = view.putObject("fault").put("code", row.faultCode()).put("message", row.faultMessage());
        fault.put("created", row.faultAt() == null ? Times.seconds(row.updatedAt()) : Times.seconds(row.faultAt()));
        if (admin && !row.faultDetails().isEmpty()) {
            fault.put("details", row.faultDetails());
        }
    }

    private static void groups(ObjectNode view, ShownServer row) {
        JsonNode names = Json.tree(row.securityGroups());
        if (!names.isEmpty()) {
            ArrayNode groups = view.putArray("security_groups");
            names.forEach(name -> groups.addObject().put("name", name.asText()));
        }
    }

    private void volumes(ObjectNode view, ShownServer row) {
        ArrayNode attached = view.putArray("os-extended-volumes:volumes_attached");
        for (JsonNode volume : Json.tree(row.volumes())) {
            ObjectNode shown = attached.addObject().put("id", volume.path("id").asText());
            if (version.atLeast(2, 3)) {
                shown.put(
                        "delete_on_termination",
                        volume.path("delete_on_termination").asBoolean());
            }
        }
    }

    private void forAdmins(ObjectNode view, ShownServer row) {
        String host = row.host().isEmpty() ? null : row.host();
        view.put("OS-EXT-SRV-ATTR:host", host)
                .put("OS-EXT-SRV-ATTR:hypervisor_hostname", host)
                .put("OS-EXT-SRV-ATTR:instance_name", instanceName(row.id()));
        if (version.atLeast(2, 3)) {
            view.put("OS-EXT-SRV-ATTR:reservation_id", row.reservationId())
                    .put("OS-EXT-SRV-ATTR:launch_index", row.launchIndex())
                    .put("OS-EXT-SRV-ATTR:hostname", row.hostname())
                    .put("OS-EXT-SRV-ATTR:kernel_id", "")
                    .put("OS-EXT-SRV-ATTR:ramdisk_id", "")
                    .put("OS-EXT-SRV-ATTR:root_device_name", row.rootDevice())
                    .put("OS-EXT-SRV-ATTR:user_data", row.userData());
        }
    }

    /** The domain's name: "instance-" and the first eight digits of the id. */
    public static String instanceName(String id) {
        return "instance-" + id.replace("-", "").substring(0, 8);
    }

    private static @Nullable String micros(@Nullable OffsetDateTime time) {
        return time == null ? null : Times.micros(time);
    }
}
