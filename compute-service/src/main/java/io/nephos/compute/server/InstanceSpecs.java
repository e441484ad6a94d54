package io.nephos.compute.server;

import com.google.protobuf.ByteString;
import io.nephos.compute.api.Json;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import io.nephos.contracts.agent.v1.ImageRef;
import io.nephos.contracts.agent.v1.InstanceMetadata;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.NbdConnection;
import io.nephos.contracts.agent.v1.PortSpec;
import io.nephos.contracts.agent.v1.PowerState;
import io.nephos.contracts.agent.v1.VolumeSpec;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.contracts.image.v1.Ticket;
import java.util.Base64;

/** What the agent is told that a server should be. Pure. */
public final class InstanceSpecs {
    private InstanceSpecs() {}

    static InstanceSpec of(Server server, Ticket imageTicket) {
        ServerRow row = server.row();
        InstanceSpec.Builder spec = InstanceSpec.newBuilder()
                .setId(row.id)
                .setGeneration(row.generation)
                .setProjectId(row.projectId)
                .setName(ServerView.instanceName(row.id))
                .setVcpus(row.vcpus)
                .setMemoryMib(row.memoryMib)
                .setRootDiskGib(row.rootGib)
                .setPowerState(power(row.desiredPower))
                .addAllCells(GuestCells.of(row.cells))
                .setMetadata(metadata(row));
        if (!row.imageId.isEmpty()) {
            ImageRef.Builder image = ImageRef.newBuilder()
                    .setId(row.imageId)
                    .setSha512(row.imageSha512)
                    .setSizeBytes(row.imageSize)
                    .setDiskFormat(row.imageFormat)
                    .setTicket(imageTicket.getToken());
            if (imageTicket.getImage().hasRbd()) {
                image.setRbd(imageTicket.getImage().getRbd());
            }
            spec.setImage(image);
        }
        server.ports().stream()
                .filter(port -> !port.leaving && port.made)
                .map(InstanceSpecs::port)
                .forEach(spec::addPorts);
        server.volumes().stream()
                .filter(volume -> !volume.leaving && volume.exportedHost.equals(row.host))
                .map(InstanceSpecs::volume)
                .forEach(spec::addVolumes);
        return spec.build();
    }

    public static Power power(PowerState state) {
        return switch (state) {
            case POWER_STATE_RUNNING -> Power.RUNNING;
            case POWER_STATE_SHUTOFF -> Power.SHUTDOWN;
            case POWER_STATE_PAUSED -> Power.PAUSED;
            case POWER_STATE_CRASHED -> Power.CRASHED;
            case POWER_STATE_SUSPENDED -> Power.SUSPENDED;
            case POWER_STATE_UNSPECIFIED, UNRECOGNIZED -> Power.NOSTATE;
        };
    }

    private static PowerState power(Power power) {
        return switch (power) {
            case RUNNING, NOSTATE -> PowerState.POWER_STATE_RUNNING;
            case PAUSED, SUSPENDED -> PowerState.POWER_STATE_PAUSED;
            case SHUTDOWN, CRASHED -> PowerState.POWER_STATE_SHUTOFF;
        };
    }

    private static InstanceMetadata metadata(ServerRow row) {
        InstanceMetadata.Builder metadata = InstanceMetadata.newBuilder()
                .setHostname(row.hostname)
                .putAllMeta(Json.texts(row.metadata))
                .setAvailabilityZone(row.zone)
                .setFlavorName(row.flavorName)
                .addAllSecurityGroups(Json.list(row.securityGroups))
                .setLaunchIndex(row.launchIndex);
        if (row.keyName != null && !row.publicKey.isEmpty()) {
            metadata.putPublicKeys(row.keyName, row.publicKey);
        }
        if (row.userData != null) {
            metadata.setUserData(ByteString.copyFrom(Base64.getMimeDecoder().decode(row.userData)));
        }
        return metadata.build();
    }

    private static PortSpec port(PortRow row) {
        PortSpec.Builder port = PortSpec.newBuilder()
                .setId(row.id)
                .setMacAddress(row.macAddress)
                .setMtu(row.mtu)
                .setNetworkId(row.networkId);
        Json.tree(row.fixedIps)
                .forEach(ip -> port.addFixedIps(ip.path("ip_address").asText()));
        return port.build();
    }

    private static VolumeSpec volume(VolumeRow row) {
        VolumeSpec.Builder volume = VolumeSpec.newBuilder()
                .setAttachmentId(row.id)
                .setVolumeId(row.volumeId)
                .setDevice(row.device.replace("/dev/", ""))
                .setBootIndex(row.bootIndex)
                .setReadOnly(row.readOnly)
                .setFencingGeneration(row.fencingGeneration);
        String[] rbd = row.rbd.split("/", -1);
        return rbd.length == 3
                ? volume.setRbd(RbdLocation.newBuilder()
                                .setFsid(rbd[0])
                                .setPool(rbd[1])
                                .setImage(rbd[2]))
                        .build()
                : volume.setNbd(NbdConnection.newBuilder()
                                .setHost(row.nbdHost)
                                .setPort(row.nbdPort)
                                .setExport(row.nbdExport)
                                .setTlsHostname(row.nbdTlsHostname))
                        .build();
    }
}
