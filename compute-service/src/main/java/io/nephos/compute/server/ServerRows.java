package io.nephos.compute.server;

import io.vertx.mutiny.sqlclient.Row;

/** A row of the table "server" as plain SQL gives it: for lists, where entities cost too much. */
final class ServerRows {
    private ServerRows() {}

    @SuppressWarnings("NullAway") // the driver's getters are null only where the column may be
    static ServerRow of(Row row) {
        ServerRow to = new ServerRow();
        to.id = row.getString("id");
        to.revision = row.getLong("revision");
        to.projectId = row.getString("project_id");
        to.userId = row.getString("user_id");
        to.name = row.getString("name");
        to.description = row.getString("description");
        to.hostname = row.getString("hostname");
        to.phase = Phase.valueOf(row.getString("phase"));
        to.vmState = VmState.valueOf(row.getString("vm_state"));
        to.task = Task.valueOf(row.getString("task"));
        to.desiredPower = Power.valueOf(row.getString("desired_power"));
        to.observedPower = Power.valueOf(row.getString("observed_power"));
        to.generation = row.getLong("generation");
        to.observedGeneration = row.getLong("observed_generation");
        to.host = row.getString("host");
        to.hostId = row.getString("host_id");
        to.agentAddress = row.getString("agent_address");
        to.cells = row.getString("cells");
        to.claimHeld = row.getBoolean("claim_held");
        to.onHost = row.getBoolean("on_host");
        to.attempts = row.getInteger("attempts");
        to.excludedHosts = row.getString("excluded_hosts");
        to.lastError = row.getString("last_error");
        to.deadlineAt = row.getOffsetDateTime("deadline_at");
        to.portsStale = row.getBoolean("ports_stale");
        to.rebootId = row.getString("reboot_id");
        to.rebootHard = row.getBoolean("reboot_hard");
        to.flavorId = row.getString("flavor_id");
        to.flavorName = row.getString("flavor_name");
        to.vcpus = row.getInteger("vcpus");
        to.memoryMib = row.getInteger("memory_mib");
        to.rootGib = row.getInteger("root_gib");
        to.ephemeralGib = row.getInteger("ephemeral_gib");
        to.swapMib = row.getInteger("swap_mib");
        to.extraSpecs = row.getString("extra_specs");
        to.imageId = row.getString("image_id");
        to.imageSha512 = row.getString("image_sha512");
        to.imageSize = row.getLong("image_size");
        to.imageFormat = row.getString("image_format");
        to.imageProperties = row.getString("image_properties");
        to.keyName = row.getString("key_name");
        to.publicKey = row.getString("public_key");
        to.userData = row.getString("user_data");
        to.metadata = row.getString("metadata");
        to.tags = row.getString("tags");
        to.configDrive = row.getBoolean("config_drive");
        to.wantedZone = row.getString("wanted_zone");
        to.zone = row.getString("zone");
        to.forcedHost = row.getString("forced_host");
        to.forcedNode = row.getString("forced_node");
        to.schedulerHints = row.getString("scheduler_hints");
        to.batchMin = row.getInteger("batch_min");
        to.groupId = row.getString("group_id");
        to.securityGroups = row.getString("security_groups");
        to.securityGroupIds = row.getString("security_group_ids");
        to.addresses = row.getString("addresses");
        to.volumes = row.getString("volumes");
        to.diskConfig = row.getString("disk_config");
        to.accessIpV4 = row.getString("access_ip_v4");
        to.accessIpV6 = row.getString("access_ip_v6");
        to.actionId = row.getString("action_id");
        to.reservationId = row.getString("reservation_id");
        to.launchIndex = row.getInteger("launch_index");
        to.rootDevice = row.getString("root_device");
        to.lockedBy = row.getString("locked_by");
        to.lockedReason = row.getString("locked_reason");
        to.faultCode = row.getInteger("fault_code");
        to.faultMessage = row.getString("fault_message");
        to.faultDetails = row.getString("fault_details");
        to.faultAt = row.getOffsetDateTime("fault_at");
        to.createdBy = row.getString("created_by");
        to.createdAt = row.getOffsetDateTime("created_at");
        to.updatedAt = row.getOffsetDateTime("updated_at");
        to.launchedAt = row.getOffsetDateTime("launched_at");
        return to;
    }
}
