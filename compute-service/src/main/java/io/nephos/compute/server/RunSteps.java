package io.nephos.compute.server;

import io.nephos.compute.api.Times;
import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Agents;
import io.nephos.compute.peer.Network;
import io.nephos.compute.peer.Volumes;
import io.nephos.compute.port.PortRow;
import io.nephos.contracts.network.v1.Port;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

/** The steps that only a server that was built needs. */
@ApplicationScoped
public class RunSteps {
    private final StepRecorder recorder;
    private final Network network;
    private final Volumes volumes;
    private final Agents agents;
    private final HostDirectory hosts;

    @Inject
    public RunSteps(StepRecorder recorder, Network network, Volumes volumes, Agents agents, HostDirectory hosts) {
        this.recorder = recorder;
        this.network = network;
        this.volumes = volumes;
        this.agents = agents;
        this.hosts = hosts;
    }

    Next reboot(Server server) {
        OffsetDateTime startedAt = Times.now();
        ServerRow row = server.row();
        agents.reboot(hosts.agentAddress(row), row.id, row.rebootId, row.rebootHard);
        return recorder.done(server, Step.REBOOT_INSTANCE, startedAt, (tx, now) -> {
            if (now.row().rebootId.equals(row.rebootId)) {
                now.row().rebootId = "";
            }
        });
    }

    /** The host let go of them: block-service gets them back. */
    Next returnVolumes(Server server) {
        OffsetDateTime startedAt = Times.now();
        List<String> gone = server.volumes().stream()
                .filter(volume -> volume.leaving && server.row().observedGeneration >= volume.leavingAt)
                .map(volume -> volume.id)
                .toList();
        gone.forEach(id -> volumes.remove(id, ""));
        return recorder.done(server, Step.RETURN_VOLUMES, startedAt, (tx, now) -> {
            if (!gone.isEmpty()) {
                tx.execute("delete from VolumeRow where id in (:ids)", Map.of("ids", gone));
                now.volumes().removeIf(volume -> gone.contains(volume.id));
            }
        });
    }

    Next returnPorts(Server server) {
        OffsetDateTime startedAt = Times.now();
        List<String> gone = server.ports().stream()
                .filter(port -> port.leaving && server.row().observedGeneration >= port.leavingAt)
                .map(port -> port.id)
                .toList();
        gone.forEach(network::release);
        return recorder.done(server, Step.RETURN_PORTS, startedAt, (tx, now) -> {
            if (!gone.isEmpty()) {
                tx.execute("delete from PortRow where id in (:ids)", Map.of("ids", gone));
                now.ports().removeIf(port -> gone.contains(port.id));
            }
        });
    }

    /** A port that network-service no longer knows was deleted there: the server loses it too. */
    Next refreshPorts(Server server) {
        OffsetDateTime startedAt = Times.now();
        List<String> ids = server.ports().stream().map(port -> port.id).toList();
        List<Port> known = ids.isEmpty() ? List.of() : network.ports(ids);
        List<String> there = known.stream().map(Port::getId).toList();
        return recorder.quietly(server, (tx, now) -> {
            BuildSteps.seen(tx, now, known);
            now.row().portsStale = now.row().revision != server.row().revision; // heard of again since it was asked
            boolean lost = false;
            for (PortRow port : now.ports()) {
                if (ids.contains(port.id) && !there.contains(port.id) && port.made && !port.leaving) {
                    port.leaving = true;
                    port.leavingAt = now.row().generation + 1;
                    tx.update(port);
                    lost = true;
                }
            }
            if (lost) {
                now.redefine(startedAt);
            }
        });
    }

    Next abandon(Server server) {
        return recorder.failed(
                server,
                Step.ABANDON_TRANSITION,
                Times.now(),
                server.row().lastError,
                (tx, now) -> now.abandon(Times.now()));
    }
}
