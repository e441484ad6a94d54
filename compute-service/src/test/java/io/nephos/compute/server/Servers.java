package io.nephos.compute.server;

import io.nephos.compute.api.Json;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Servers for tests, without a database. */
final class Servers {
    static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-20T06:00:00Z");

    private Servers() {}

    /** A new server with one port on a network and that many volumes. */
    static Server fresh(int volumes) {
        ServerRow row = new ServerRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = "p";
        row.userId = "u";
        row.name = "web";
        row.hostname = "web";
        row.flavorId = "f";
        row.flavorName = "m1";
        row.vcpus = 1;
        row.memoryMib = 128;
        row.imageId = "i";
        row.createdAt = NOW;
        row.updatedAt = NOW;
        row.deadlineAt = NOW.plus(Server.BUILD_TIME);
        PortRow port = new PortRow();
        port.id = UUID.randomUUID().toString();
        port.serverId = row.id;
        port.networkId = "n";
        List<VolumeRow> attached = new ArrayList<>();
        for (int at = 0; at < volumes; at++) {
            attached.add(volume(row.id));
        }
        return new Server(row, new ArrayList<>(List.of(port)), attached);
    }

    static VolumeRow volume(String serverId) {
        VolumeRow volume = new VolumeRow();
        volume.id = UUID.randomUUID().toString();
        volume.serverId = serverId;
        volume.volumeId = UUID.randomUUID().toString();
        volume.device = "/dev/vdb";
        volume.createdAt = NOW;
        return volume;
    }

    /** One that was built and runs. */
    static Server running() {
        Server server = fresh(0);
        server.claimed("h1", "id-h1", "127.0.0.1:1", NOW);
        server.row().onHost = true;
        server.row().observedGeneration = server.row().generation;
        server.row().observedPower = Power.RUNNING;
        PortRow port = server.ports().getFirst();
        port.made = true;
        port.up = true;
        port.boundHost = "h1";
        port.macAddress = "fa:16:3e:00:00:01";
        port.view = Json.NODES
                .objectNode()
                .put("network", "private")
                .put("mac", port.macAddress)
                .set("fixed", Json.NODES.arrayNode().add("10.0.0.5"))
                .toString();
        server.built(NOW);
        return server;
    }
}
