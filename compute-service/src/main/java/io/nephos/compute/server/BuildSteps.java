package io.nephos.compute.server;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Agents;
import io.nephos.compute.peer.Images;
import io.nephos.compute.peer.Network;
import io.nephos.compute.peer.Scheduler;
import io.nephos.compute.peer.Volumes;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.block.v1.Attachment;
import io.nephos.contracts.block.v1.EnsureAttachmentRequest;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.contracts.image.v1.Ticket;
import io.nephos.contracts.network.v1.EnsurePortRequest;
import io.nephos.contracts.network.v1.Port;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The steps that get a server to run, and keep it so; each may be repeated at will. */
@ApplicationScoped
public class BuildSteps {
    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);
    private final StepRecorder recorder;
    private final ServerStore store;
    private final Network network;
    private final Volumes volumes;
    private final Images images;
    private final Agents agents;
    private final HostDirectory hosts;
    private final Scheduler scheduler;

    @Inject
    public BuildSteps(
            StepRecorder recorder,
            ServerStore store,
            Network network,
            Volumes volumes,
            Images images,
            Agents agents,
            HostDirectory hosts,
            Scheduler scheduler) {
        this.recorder = recorder;
        this.store = store;
        this.network = network;
        this.volumes = volumes;
        this.images = images;
        this.agents = agents;
        this.hosts = hosts;
        this.scheduler = scheduler;
    }

    Next ensurePorts(Server server) {
        OffsetDateTime startedAt = Times.now();
        ServerRow row = server.row();
        Map<String, Port> made = new HashMap<>();
        for (PortRow port : missing(server)) {
            try {
                made.put(
                        port.id,
                        network.ensure(EnsurePortRequest.newBuilder()
                                .setCaller(ServerStore.caller(row))
                                .setPortId(port.id)
                                .setNetworkId(port.networkId)
                                .setFixedIp(port.fixedIp)
                                .setDeviceId(row.id)
                                .setDeviceOwner("compute:" + (row.zone.isEmpty() ? "nova" : row.zone))
                                .addAllSecurityGroupIds(port.existing ? List.of() : Json.list(row.securityGroupIds))
                                .setDnsName(row.hostname)
                                .setExisting(port.existing)
                                .setHost(row.host)
                                .build()));
            } catch (StatusRuntimeException e) {
                if (row.phase == Phase.RUN && !isTransient(e)) {
                    return dropPort(server, port, e, startedAt);
                }
                throw e;
            }
        }
        return recorder.done(server, Step.ENSURE_PORTS, startedAt, (tx, now) -> {
            for (PortRow port : now.ports()) {
                Port seen = made.get(port.id);
                if (seen != null) {
                    seen(port, seen);
                    port.made = true;
                    // A network-service of before does not bind it yet; BIND_PORTS does then.
                    port.boundHost = seen.getHost();
                    tx.update(port);
                }
            }
            if (now.row().task == Task.NETWORKING && !now.volumes().isEmpty()) {
                now.row().task = Task.BLOCK_DEVICE_MAPPING;
            }
        });
    }

    Next bindPorts(Server server) {
        OffsetDateTime startedAt = Times.now();
        Map<String, Port> bound = new HashMap<>();
        for (PortRow port : server.ports()) {
            if (!port.leaving && !port.boundHost.equals(server.row().host)) {
                bound.put(port.id, network.bind(port.id, server.row().host));
            }
        }
        return recorder.done(server, Step.BIND_PORTS, startedAt, (tx, now) -> {
            for (PortRow port : now.ports()) {
                Port seen = bound.get(port.id);
                if (seen != null) {
                    seen(port, seen);
                    port.boundHost = server.row().host;
                    tx.update(port);
                }
            }
        });
    }

    Next exportVolumes(Server server) {
        OffsetDateTime startedAt = Times.now();
        ServerRow row = server.row();
        Map<String, Attachment> exported = new HashMap<>();
        for (VolumeRow volume : server.volumes()) {
            if (volume.leaving || volume.exportedHost.equals(row.host)) {
                continue;
            }
            try {
                exported.put(
                        volume.id,
                        volumes.ensure(EnsureAttachmentRequest.newBuilder()
                                .setCaller(ServerStore.caller(row))
                                .setAttachmentId(volume.id)
                                .setVolumeId(volume.volumeId)
                                .setServerId(row.id)
                                .setHost(row.host)
                                .setDevice(volume.device)
                                .build()));
            } catch (StatusRuntimeException e) {
                if (row.phase == Phase.RUN && !isTransient(e)) {
                    return dropVolume(server, volume, e, startedAt);
                }
                throw e;
            }
        }
        return recorder.done(server, Step.EXPORT_VOLUMES, startedAt, (tx, now) -> {
            for (VolumeRow volume : now.volumes()) {
                Attachment attachment = exported.get(volume.id);
                if (attachment != null) {
                    exported(volume, attachment, server.row().host);
                    tx.update(volume);
                }
            }
        });
    }

    Next ensureInstance(Server server) {
        OffsetDateTime startedAt = Times.now();
        ServerRow row = server.row();
        Ticket ticket = Ticket.getDefaultInstance();
        if (!row.imageId.isEmpty() && row.phase == Phase.BUILD) {
            Ticket issued = images.ticket(row.imageId, row.host);
            ticket = issued;
            row.imageSha512 = issued.getImage().getSha512();
            row.imageSize = issued.getImage().getSizeBytes();
            row.imageFormat = issued.getImage().getDiskFormat();
        }
        if (!store.mayStart(row)) {
            return Next.look(); // deleted meanwhile: plan again
        }
        InstanceState state = agents.ensure(hosts.agentAddress(row), InstanceSpecs.of(server, ticket));
        Power power = InstanceSpecs.power(state.getPowerState());
        boolean reached = state.getGeneration() >= row.generation && power == row.desiredPower;
        if (!reached) {
            return recorder.wait(
                    server,
                    Step.ENSURE_INSTANCE,
                    startedAt,
                    "The host answered generation " + state.getGeneration() + ", " + power,
                    Duration.ofSeconds(2),
                    (tx, now) -> now.observe(power, state.getGeneration(), Times.now()));
        }
        if (row.phase == Phase.BUILD) {
            scheduler.reportBuild(row.host, true);
        }
        return recorder.done(server, Step.ENSURE_INSTANCE, startedAt, (tx, now) -> {
            now.row().observedGeneration = state.getGeneration();
            now.row().observedPower = power;
            now.row().lastError = "";
        });
    }

    Next awaitPorts(Server server) {
        OffsetDateTime startedAt = Times.now();
        List<Port> known =
                network.ports(server.ports().stream().map(port -> port.id).toList());
        boolean allUp = known.stream().filter(Port::getUp).count()
                >= server.ports().stream().filter(port -> !port.leaving).count();
        if (allUp) {
            return recorder.done(server, Step.AWAIT_PORTS, startedAt, (tx, now) -> {
                seen(tx, now, known);
                now.row().portsStale &= now.row().revision != server.row().revision;
            });
        }
        if (startedAt.isBefore(server.row().deadlineAt.minus(Server.BUILD_TIME).plus(WORTH_TELLING))) {
            return Next.after(Duration.ofSeconds(1)); // mostly it is up, and its event here, in less
        }
        return recorder.wait(server, Step.AWAIT_PORTS, startedAt, "", Duration.ofSeconds(1), (tx, now) -> {
            seen(tx, now, known);
            now.row().lastError = "a port of the server is not up on the host";
        });
    }

    Next completeVolumes(Server server) {
        OffsetDateTime startedAt = Times.now();
        for (VolumeRow volume : server.volumes()) {
            if (!volume.leaving && !volume.attached) {
                volumes.complete(volume.id, volume.device);
            }
        }
        List<String> completed =
                server.volumes().stream().map(volume -> volume.id).toList();
        return recorder.done(
                server,
                Step.COMPLETE_VOLUMES,
                startedAt,
                (tx, now) -> now.volumes().stream()
                        .filter(volume -> completed.contains(volume.id) && !volume.leaving)
                        .forEach(volume -> {
                            volume.attached = true;
                            tx.update(volume);
                        }));
    }

    /** The deadline passed. */
    Next giveUp(Server server) {
        ServerRow row = server.row();
        String reason = "not finished within " + Server.BUILD_TIME.toSeconds() + " s"
                + (row.lastError.isEmpty() ? "" : ": " + row.lastError);
        if (!row.host.isEmpty()) {
            scheduler.reportBuild(row.host, false);
        }
        return recorder.failed(server, Step.GIVE_UP, Times.now(), reason, (tx, now) -> {
            if (row.host.isEmpty()) {
                now.fail("Build of instance " + row.id + " aborted: " + reason, Times.now());
            } else {
                now.hostFailed(reason, Times.now());
            }
        });
    }

    static boolean isTransient(StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        return code == Status.Code.UNAVAILABLE
                || code == Status.Code.DEADLINE_EXCEEDED
                || code == Status.Code.CANCELLED
                || code == Status.Code.ABORTED;
    }

    /** What network-service says of ports, into their rows. */
    static void seen(Transaction tx, Server server, List<Port> known) {
        for (PortRow row : server.ports()) {
            known.stream()
                    .filter(port -> port.getId().equals(row.id))
                    .findFirst()
                    .ifPresent(port -> {
                        seen(row, port);
                        tx.update(row);
                    });
        }
    }

    private static void seen(PortRow row, Port port) {
        row.networkId = port.getNetworkId();
        row.macAddress = port.getMacAddress();
        row.mtu = port.getMtu();
        row.up = port.getUp();
        var fixed = Json.NODES.arrayNode();
        port.getFixedIpsList()
                .forEach(ip ->
                        fixed.addObject().put("subnet_id", ip.getSubnetId()).put("ip_address", ip.getIpAddress()));
        row.fixedIps = fixed.toString();
        row.view = Addresses.portView(port);
    }

    private static void exported(VolumeRow volume, Attachment attachment, String host) {
        volume.exportedHost = host;
        volume.nbdHost = attachment.getNbd().getHost();
        volume.nbdPort = attachment.getNbd().getPort();
        volume.nbdExport = attachment.getNbd().getExport();
        volume.nbdTlsHostname = attachment.getNbd().getTlsHostname();
        RbdLocation at = attachment.getRbd();
        volume.rbd = attachment.hasRbd() ? String.join("/", at.getFsid(), at.getPool(), at.getImage()) : "";
        volume.readOnly = attachment.getReadOnly();
        volume.fencingGeneration = attachment.getFencingGeneration();
    }

    private static List<PortRow> missing(Server server) {
        return server.ports().stream()
                .filter(port -> !port.leaving && !port.made)
                .toList();
    }

    /** A port that cannot be had is not worth a running server. */
    private Next dropPort(Server server, PortRow wanted, StatusRuntimeException e, OffsetDateTime startedAt) {
        String reason = String.valueOf(e.getStatus().getDescription());
        return recorder.failed(
                server,
                Step.ENSURE_PORTS,
                startedAt,
                reason,
                (tx, now) -> now.ports().stream()
                        .filter(port -> port.id.equals(wanted.id))
                        .forEach(port -> {
                            port.leaving = true;
                            tx.update(port);
                        }));
    }

    private Next dropVolume(Server server, VolumeRow wanted, StatusRuntimeException e, OffsetDateTime startedAt) {
        String reason = String.valueOf(e.getStatus().getDescription());
        return recorder.failed(
                server,
                Step.EXPORT_VOLUMES,
                startedAt,
                reason,
                (tx, now) -> now.volumes().stream()
                        .filter(volume -> volume.id.equals(wanted.id))
                        .forEach(volume -> {
                            volume.leaving = true;
                            tx.update(volume);
                        }));
    }
}
