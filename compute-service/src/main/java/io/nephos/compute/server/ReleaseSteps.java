package io.nephos.compute.server;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.host.ResidueRow;
import io.nephos.compute.peer.Agents;
import io.nephos.compute.peer.Network;
import io.nephos.compute.peer.Scheduler;
import io.nephos.compute.peer.Volumes;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;

/** The steps that give back what a server took; giving back what is not held succeeds. */
@ApplicationScoped
public class ReleaseSteps {
    private final StepRecorder recorder;
    private final Scheduler scheduler;
    private final Network network;
    private final Volumes volumes;
    private final Agents agents;
    private final HostDirectory hosts;

    @Inject
    public ReleaseSteps(
            StepRecorder recorder,
            Scheduler scheduler,
            Network network,
            Volumes volumes,
            Agents agents,
            HostDirectory hosts) {
        this.recorder = recorder;
        this.scheduler = scheduler;
        this.network = network;
        this.volumes = volumes;
        this.agents = agents;
        this.hosts = hosts;
    }

    Next removeInstance(Server server) {
        OffsetDateTime startedAt = Times.now();
        agents.remove(hosts.agentAddress(server.row()), server.row().id);
        return recorder.done(server, Step.REMOVE_INSTANCE, startedAt, (tx, now) -> {
            now.row().onHost = false;
            now.row().observedPower = Power.NOSTATE;
        });
    }

    /** The host does not answer: what it may still run is removed when it does. */
    Next leaveResidue(Server server) {
        return recorder.done(server, Step.LEAVE_RESIDUE, Times.now(), (tx, now) -> {
            ResidueRow residue = new ResidueRow();
            residue.id = UUID.randomUUID().toString();
            residue.serverId = now.row().id;
            residue.host = now.row().host;
            residue.agentAddress = now.row().agentAddress;
            residue.createdAt = Times.now();
            tx.insert(residue);
            tx.wake(ResidueRow.KIND, residue.id);
            now.row().onHost = false;
        });
    }

    Next ports(Server server) {
        OffsetDateTime startedAt = Times.now();
        for (PortRow port : server.ports()) {
            absentIsFine(() -> network.release(port.id));
        }
        return recorder.done(server, Step.RELEASE_PORTS, startedAt, (tx, now) -> {
            tx.execute("delete from PortRow where serverId = :s", Map.of("s", now.row().id));
            now.ports().clear();
        });
    }

    Next volumes(Server server) {
        OffsetDateTime startedAt = Times.now();
        boolean deleted = server.row().phase == Phase.DELETE;
        for (VolumeRow volume : server.volumes()) {
            String withServer = deleted && volume.deleteOnTermination ? volume.volumeId : "";
            absentIsFine(() -> volumes.remove(volume.id, withServer));
        }
        return recorder.done(server, Step.RELEASE_VOLUMES, startedAt, (tx, now) -> {
            tx.execute("delete from VolumeRow where serverId = :s", Map.of("s", now.row().id));
            now.volumes().clear();
        });
    }

    Next host(Server server) {
        OffsetDateTime startedAt = Times.now();
        scheduler.release(server.row().id);
        return recorder.done(server, Step.RELEASE_HOST, startedAt, (tx, now) -> now.row().claimHeld = false);
    }

    Next startOver(Server server) {
        return recorder.done(server, Step.START_OVER, Times.now(), (tx, now) -> {
            now.startOver(Times.now());
            now.ports().forEach(tx::update);
            now.volumes().forEach(tx::update);
        });
    }

    private static void absentIsFine(Runnable release) {
        try {
            release.run();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }
}
