package io.nephos.compute.server;

import io.vertx.mutiny.sqlclient.Row;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a server. For lists it is read by plain SQL: an entity costs several times as much there, for each of its
 * fields is watched for changes, and so do columns that are looked up by name.
 */
record ShownServer(
        String id,
        String projectId,
        String userId,
        String name,
        @Nullable String description,
        String hostname,
        VmState vmState,
        Task task,
        Power observedPower,
        String host,
        String flavorId,
        String flavorName,
        int vcpus,
        int memoryMib,
        int rootGib,
        int ephemeralGib,
        int swapMib,
        String extraSpecs,
        String imageId,
        @Nullable String keyName,
        @Nullable String userData,
        String metadata,
        String tags,
        boolean configDrive,
        String zone,
        String groupId,
        String securityGroups,
        String addresses,
        String volumes,
        String diskConfig,
        String accessIpV4,
        String accessIpV6,
        String reservationId,
        int launchIndex,
        String rootDevice,
        String lockedBy,
        @Nullable String lockedReason,
        int faultCode,
        String faultMessage,
        String faultDetails,
        @Nullable OffsetDateTime faultAt,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt,
        @Nullable OffsetDateTime launchedAt) {
    /** In the order of the components. */
    static final String COLUMNS =
            "s.id, s.project_id, s.user_id, s.name, s.description, s.hostname, s.vm_state, s.task, "
                    + "s.observed_power, s.host, s.flavor_id, s.flavor_name, s.vcpus, s.memory_mib, "
                    + "s.root_gib, s.ephemeral_gib, s.swap_mib, s.extra_specs, s.image_id, s.key_name, "
                    + "s.user_data, s.metadata, s.tags, s.config_drive, s.zone, s.group_id, s.security_groups, "
                    + "s.addresses, s.volumes, s.disk_config, s.access_ip_v4, s.access_ip_v6, "
                    + "s.reservation_id, s.launch_index, s.root_device, s.locked_by, s.locked_reason, "
                    + "s.fault_code, s.fault_message, s.fault_details, s.fault_at, s.created_at, s.updated_at, "
                    + "s.launched_at";

    static final int COUNT = COLUMNS.split(",").length;

    static ShownServer of(ServerRow row) {
        return new ShownServer(
                row.id,
                row.projectId,
                row.userId,
                row.name,
                row.description,
                row.hostname,
                row.vmState,
                row.task,
                row.observedPower,
                row.host,
                row.flavorId,
                row.flavorName,
                row.vcpus,
                row.memoryMib,
                row.rootGib,
                row.ephemeralGib,
                row.swapMib,
                row.extraSpecs,
                row.imageId,
                row.keyName,
                row.userData,
                row.metadata,
                row.tags,
                row.configDrive,
                row.zone,
                row.groupId,
                row.securityGroups,
                row.addresses,
                row.volumes,
                row.diskConfig,
                row.accessIpV4,
                row.accessIpV6,
                row.reservationId,
                row.launchIndex,
                row.rootDevice,
                row.lockedBy,
                row.lockedReason,
                row.faultCode,
                row.faultMessage,
                row.faultDetails,
                row.faultAt,
                row.createdAt,
                row.updatedAt,
                row.launchedAt);
    }

    @SuppressWarnings("NullAway") // the driver's getters are null only where the column may be
    static ShownServer of(Row row) {
        int at = 0;
        return new ShownServer(
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                VmState.valueOf(row.getString(at++)),
                Task.valueOf(row.getString(at++)),
                Power.valueOf(row.getString(at++)),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getInteger(at++),
                row.getInteger(at++),
                row.getInteger(at++),
                row.getInteger(at++),
                row.getInteger(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getBoolean(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getInteger(at++),
                row.getString(at++),
                row.getString(at++),
                row.getString(at++),
                row.getInteger(at++),
                row.getString(at++),
                row.getString(at++),
                row.getOffsetDateTime(at++),
                row.getOffsetDateTime(at++),
                row.getOffsetDateTime(at++),
                row.getOffsetDateTime(at++));
    }
}
