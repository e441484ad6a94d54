package io.nephos.block.action;

import io.nephos.block.attachment.AttachmentRow;
import io.nephos.block.attachment.AttachmentStore;
import io.nephos.block.attachment.Exports;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.VolumeRow;
import io.nephos.block.volume.VolumeStore;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.http.Fields;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Actions by which a client keeps the book of who uses a volume. os-attach is a record only: what a server of compute
 * really has is attached by compute, and only compute, or an administrator, takes it away.
 */
@ApplicationScoped
class AttachmentActions {
    private static final String ACTIONS = "volume_extension:volume_actions:";

    private final VolumeStore volumes;
    private final AttachmentStore attachments;
    private final Exports exports;
    private final Policy policy;

    @Inject
    AttachmentActions(VolumeStore volumes, AttachmentStore attachments, Exports exports, Policy policy) {
        this.volumes = volumes;
        this.attachments = attachments;
        this.exports = exports;
        this.policy = policy;
    }

    void reserve(Caller caller, String id) {
        volumes.change(ACTIONS + "reserve", caller, id, (tx, volume) -> {
            if (volume.status() != Status.AVAILABLE) {
                throw not("available", volume);
            }
            volume.status = Status.ATTACHING.wire();
        });
    }

    /** A volume that is not reserved stays as it is. */
    void unreserve(Caller caller, String id) {
        volumes.change(ACTIONS + "unreserve", caller, id, (tx, volume) -> {
            if (volume.status() == Status.ATTACHING && VolumeStore.held(tx, id).isEmpty()) {
                volume.status = Status.AVAILABLE.wire();
            }
        });
    }

    void beginDetaching(Caller caller, String id) {
        volumes.change(ACTIONS + "begin_detaching", caller, id, (tx, volume) -> {
            if (volume.status() != Status.IN_USE) {
                throw not("in-use", volume);
            }
            volume.status = Status.DETACHING.wire();
        });
    }

    /** A volume that is not about to be detached stays as it is. */
    void rollDetaching(Caller caller, String id) {
        volumes.change(ACTIONS + "roll_detaching", caller, id, (tx, volume) -> {
            if (volume.status() == Status.DETACHING) {
                volume.status = Status.IN_USE.wire();
            }
        });
    }

    void attach(Caller caller, String id, Fields asked) {
        Optional<String> server = asked.optionalUuid("instance_uuid");
        Optional<String> host = asked.optionalText("host_name", 1, 255);
        String device = asked.text("mountpoint", 1, 255);
        boolean readOnly =
                asked.optionalOneOf("mode", "rw", "ro").filter("ro"::equals).isPresent();
        if (server.isPresent() == host.isPresent()) {
            throw Fault.badRequest("Invalid request to attach volume to an instance and/or a host: name one of them.");
        }
        volumes.change(ACTIONS + "attach", caller, id, (tx, volume) -> {
            boolean reserved = volume.status() == Status.ATTACHING
                    && VolumeStore.held(tx, id).isEmpty();
            if (volume.status() != Status.AVAILABLE && !reserved) {
                throw not("available", volume);
            }
            if (Boolean.TRUE.equals(volume.readOnly) && !readOnly && asked.has("mode")) {
                throw Fault.badRequest("Invalid volume: Volume " + id + " is read-only.");
            }
            attachments.record(tx, volume, server.orElse(""), host.orElse(""), device, readOnly);
        });
    }

    void detach(Caller caller, String id, Fields asked) {
        VolumeRow volume = volumes.permitted(ACTIONS + "detach", caller, id);
        if (volume.status() == Status.MAINTENANCE) {
            throw Fault.badRequest("Invalid volume: Volume " + id + " is in maintenance.");
        }
        List<AttachmentRow> held = held(id, asked);
        boolean mayTakeFromServers =
                policy.allows(ACTIONS + "detach_exported", caller, Map.of("project_id", volume.projectId));
        held.stream()
                .filter(Predicate.not(row -> row.host.isEmpty()))
                .filter(row -> !mayTakeFromServers)
                .findFirst()
                .ifPresent(row -> {
                    throw Fault.conflict("Volume " + id + " is attached to server " + row.serverId
                            + "; detach it there (server remove volume).");
                });
        remove(held);
    }

    void forceDetach(Caller caller, String id, Fields asked) {
        volumes.permitted("volume_extension:volume_admin_actions:force_detach", caller, id);
        remove(held(id, asked));
    }

    private List<AttachmentRow> held(String id, Fields asked) {
        Optional<String> attachment = asked.optionalUuid("attachment_id");
        List<AttachmentRow> held = attachments.ofVolume(id).stream()
                .filter(row -> attachment.isEmpty() || attachment.get().equals(row.id))
                .toList();
        if (attachment.isPresent() && held.isEmpty()) {
            throw Fault.notFound(
                    "Volume attachment could not be found with filter: attachment_id = " + attachment.get() + ".");
        }
        return held;
    }

    private void remove(List<AttachmentRow> held) {
        held.forEach(row -> {
            attachments.detach(row.id);
            exports.settle(row.id);
        });
    }

    private static FaultException not(String wanted, VolumeRow volume) {
        return Fault.badRequest("Invalid volume: Volume " + volume.id + " status must be " + wanted
                + ", but current status is: " + volume.status + ".");
    }
}
