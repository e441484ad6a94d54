package io.nephos.compute.server;

import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Which step a server needs next, from its rows alone: whoever takes it over after a crash comes to the same answer. Pure.
 */
final class ServerPlan {
    private ServerPlan() {}

    static Step next(Server server, OffsetDateTime now) {
        return switch (server.row().phase) {
            case BUILD -> build(server, now);
            case RETRY -> giveBackHost(server, now, Step.START_OVER);
            case FAIL -> giveBackAll(server, now, Step.SETTLE_FAILURE);
            case FAILED -> Step.REST;
            case RUN -> run(server, now);
            case DELETE -> giveBackAll(server, now, Step.FORGET);
        };
    }

    private static Step build(Server server, OffsetDateTime now) {
        ServerRow row = server.row();
        if (!now.isBefore(row.deadlineAt)) {
            return Step.GIVE_UP;
        }
        if (row.host.isEmpty()) {
            return Step.CLAIM_HOST;
        }
        return connect(server).orElseGet(() -> {
            if (row.observedGeneration != row.generation) {
                return Step.ENSURE_INSTANCE;
            }
            if (wanted(server).stream().anyMatch(port -> !port.up)) {
                return Step.AWAIT_PORTS;
            }
            return complete(server).orElse(Step.FINISH_BUILD);
        });
    }

    private static Step run(Server server, OffsetDateTime now) {
        ServerRow row = server.row();
        if (row.task != Task.NONE && !now.isBefore(row.deadlineAt)) {
            return Step.ABANDON_TRANSITION;
        }
        return connect(server).orElseGet(() -> {
            if (row.observedGeneration != row.generation || row.observedPower != row.desiredPower) {
                return Step.ENSURE_INSTANCE;
            }
            if (!row.rebootId.isEmpty()) {
                return Step.REBOOT_INSTANCE;
            }
            if (server.volumes().stream().anyMatch(volume -> left(volume, row))) {
                return Step.RETURN_VOLUMES;
            }
            if (server.ports().stream().anyMatch(port -> left(port, row))) {
                return Step.RETURN_PORTS;
            }
            return complete(server).orElseGet(() -> {
                if (row.task != Task.NONE) {
                    return Step.FINISH_TRANSITION;
                }
                return row.portsStale ? Step.REFRESH_PORTS : Step.REST;
            });
        });
    }

    private static Optional<Step> connect(Server server) {
        ServerRow row = server.row();
        if (wanted(server).stream().anyMatch(port -> !port.made)) {
            return Optional.of(Step.ENSURE_PORTS);
        }
        if (wanted(server).stream().anyMatch(port -> !port.boundHost.equals(row.host))) {
            return Optional.of(Step.BIND_PORTS);
        }
        if (server.volumes().stream().anyMatch(volume -> !volume.leaving && !volume.exportedHost.equals(row.host))) {
            return Optional.of(Step.EXPORT_VOLUMES);
        }
        return Optional.empty();
    }

    private static Optional<Step> complete(Server server) {
        return server.volumes().stream().anyMatch(volume -> !volume.leaving && !volume.attached)
                ? Optional.of(Step.COMPLETE_VOLUMES)
                : Optional.empty();
    }

    private static Step giveBackAll(Server server, OffsetDateTime now, Step last) {
        if (server.row().onHost) {
            return removal(server, now);
        }
        if (!server.ports().isEmpty()) {
            return Step.RELEASE_PORTS;
        }
        if (!server.volumes().isEmpty()) {
            return Step.RELEASE_VOLUMES;
        }
        return server.row().claimHeld ? Step.RELEASE_HOST : last;
    }

    private static Step giveBackHost(Server server, OffsetDateTime now, Step last) {
        if (server.row().onHost) {
            return removal(server, now);
        }
        return server.row().claimHeld ? Step.RELEASE_HOST : last;
    }

    /** A server that is deleted waits for its host; one that is only placed elsewhere leaves a note for later. */
    private static Step removal(Server server, OffsetDateTime now) {
        boolean patient = server.row().phase == Phase.DELETE || now.isBefore(server.row().deadlineAt);
        return patient ? Step.REMOVE_INSTANCE : Step.LEAVE_RESIDUE;
    }

    private static List<PortRow> wanted(Server server) {
        return server.ports().stream().filter(port -> !port.leaving).toList();
    }

    /** The host no longer has it. */
    private static boolean left(VolumeRow volume, ServerRow row) {
        return volume.leaving && row.observedGeneration >= volume.leavingAt;
    }

    private static boolean left(PortRow port, ServerRow row) {
        return port.leaving && row.observedGeneration >= port.leavingAt;
    }
}
