package io.nephos.compute.server;

import io.vertx.mutiny.sqlclient.Row;

/** What lists show of a server, as plain SQL gives it: entities cost too much there, and so do columns looked up by name. */
final class ServerRows {
    /** In the order in which {@link #of} reads them. */
    static final String COLUMNS =
            "s.id, s.project_id, s.user_id, s.name, s.description, s.hostname, s.phase, s.vm_state,"
                    + " s.task, s.observed_power, s.host, s.flavor_id, s.flavor_name, s.vcpus, s.memory_mib, s.root_gib,"
                    + " s.ephemeral_gib, s.swap_mib, s.extra_specs, s.image_id, s.key_name, s.user_data, s.metadata, s.tags,"
                    + " s.config_drive, s.zone, s.group_id, s.security_groups, s.addresses, s.volumes, s.disk_config,"
                    + " s.access_ip_v4, s.access_ip_v6, s.reservation_id, s.launch_index, s.root_device, s.locked_by,"
                    + " s.locked_reason, s.fault_code, s.fault_message, s.fault_details, s.fault_at, s.created_at, s.updated_at,"
                    + " s.launched_at";

    private static final int COUNT = COLUMNS.split(",").length;

    private ServerRows() {}

    @SuppressWarnings("NullAway") // the driver's getters are null only where the column may be
    static ServerRow of(Row row) {
        ServerRow to = new ServerRow();
        int at = 0;
        to.id = row.getString(at++);
        to.projectId = row.getString(at++);
        to.userId = row.getString(at++);
        to.name = row.getString(at++);
        to.description = row.getString(at++);
        to.hostname = row.getString(at++);
        to.phase = Phase.valueOf(row.getString(at++));
        to.vmState = VmState.valueOf(row.getString(at++));
        to.task = Task.valueOf(row.getString(at++));
        to.observedPower = Power.valueOf(row.getString(at++));
        to.host = row.getString(at++);
        to.flavorId = row.getString(at++);
        to.flavorName = row.getString(at++);
        to.vcpus = row.getInteger(at++);
        to.memoryMib = row.getInteger(at++);
        to.rootGib = row.getInteger(at++);
        to.ephemeralGib = row.getInteger(at++);
        to.swapMib = row.getInteger(at++);
        to.extraSpecs = row.getString(at++);
        to.imageId = row.getString(at++);
        to.keyName = row.getString(at++);
        to.userData = row.getString(at++);
        to.metadata = row.getString(at++);
        to.tags = row.getString(at++);
        to.configDrive = row.getBoolean(at++);
        to.zone = row.getString(at++);
        to.groupId = row.getString(at++);
        to.securityGroups = row.getString(at++);
        to.addresses = row.getString(at++);
        to.volumes = row.getString(at++);
        to.diskConfig = row.getString(at++);
        to.accessIpV4 = row.getString(at++);
        to.accessIpV6 = row.getString(at++);
        to.reservationId = row.getString(at++);
        to.launchIndex = row.getInteger(at++);
        to.rootDevice = row.getString(at++);
        to.lockedBy = row.getString(at++);
        to.lockedReason = row.getString(at++);
        to.faultCode = row.getInteger(at++);
        to.faultMessage = row.getString(at++);
        to.faultDetails = row.getString(at++);
        to.faultAt = row.getOffsetDateTime(at++);
        to.createdAt = row.getOffsetDateTime(at++);
        to.updatedAt = row.getOffsetDateTime(at++);
        to.launchedAt = row.getOffsetDateTime(at++);
        assert at == COUNT;
        return to;
    }

    /** The column that was selected after {@link #COLUMNS}. */
    static boolean hostUp(Row row) {
        return row.getBoolean(COUNT);
    }
}
