package io.nephos.block.action;

import io.nephos.block.attachment.AttachmentStore;
import io.nephos.block.attachment.Exports;
import io.nephos.block.backend.Backends;
import io.nephos.block.quota.QuotaStore;
import io.nephos.block.type.VolumeTypeRow;
import io.nephos.block.type.VolumeTypeStore;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.VolumeStore;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Actions on a volume itself. */
@ApplicationScoped
class StateActions {
    private final VolumeStore volumes;
    private final VolumeTypeStore types;
    private final QuotaStore quotas;
    private final Backends backends;
    private final AttachmentStore attachments;
    private final Exports exports;

    @Inject
    StateActions(
            VolumeStore volumes,
            VolumeTypeStore types,
            QuotaStore quotas,
            Backends backends,
            AttachmentStore attachments,
            Exports exports) {
        this.volumes = volumes;
        this.types = types;
        this.quotas = quotas;
        this.backends = backends;
        this.attachments = attachments;
        this.exports = exports;
    }

    void extend(Caller caller, String id, Fields asked) {
        long gib = asked.optionalLong("new_size", 1, Integer.MAX_VALUE).orElseThrow(() -> asked.required("new_size"));
        volumes.extend(caller, id, gib);
    }

    /** A type is a name, specs and a quota; 400 when it asks for another backend, for no data moves. */
    void retype(Caller caller, String id, Fields asked) {
        VolumeTypeRow chosen = types.chosen(caller, Optional.of(asked.text("new_type", 1, 255)));
        String type = chosen.id;
        volumes.change("volume:retype", caller, id, (tx, volume) -> {
            if (volume.status() != Status.AVAILABLE && volume.status() != Status.IN_USE) {
                throw Fault.badRequest("Invalid volume: Volume " + id + " is " + volume.status + ".");
            }
            if (!backends.fits(chosen.extraSpecs(), volume.backend)) {
                throw Fault.badRequest("Invalid volume: volumes of type " + chosen.name
                        + " lie in another backend, and this one is not moved there.");
            }
            if (!volume.typeId.equals(type)) {
                quotas.retype(tx, volume.projectId, type, volume.sizeGib);
                volume.typeId = type;
            }
        });
    }

    void forceDelete(Caller caller, String id) {
        volumes.forceDelete(caller, id);
    }

    /** Only what clients see changes: what the reconciler has to do stays. */
    void resetStatus(Caller caller, String id, Fields asked) {
        String rule = "volume_extension:volume_admin_actions:reset_status";
        Optional<Status> status = asked.optionalText("status", 1, 64)
                .map(text -> Status.of(text)
                        .orElseThrow(() -> asked.invalid("status", "a volume has no status '" + text + "'.")));
        Optional<String> attachStatus = asked.optionalOneOf("attach_status", "attached", "detached");
        Optional<String> migration = asked.optionalOneOf("migration_status", "none");
        if (status.isEmpty() && attachStatus.isEmpty() && migration.isEmpty()) {
            throw Fault.badRequest("Must specify 'status', 'attach_status' or 'migration_status' for update.");
        }
        volumes.change(rule, caller, id, (tx, volume) -> {
            if (attachStatus.filter("attached"::equals).isPresent()
                    && VolumeStore.held(tx, id).isEmpty()) {
                throw Fault.badRequest("Nothing is attached to volume " + id + ".");
            }
        });
        if (attachStatus.filter("detached"::equals).isPresent()) {
            attachments.ofVolume(id).forEach(row -> {
                attachments.detach(row.id);
                exports.settle(row.id);
            });
        }
        status.ifPresent(wanted -> volumes.change(rule, caller, id, (tx, volume) -> volume.status = wanted.wire()));
    }

    void setBootable(Caller caller, String id, Fields asked) {
        boolean bootable = asked.optionalFlag("bootable").orElseThrow(() -> asked.required("bootable"));
        volumes.change("volume:update", caller, id, (tx, volume) -> volume.bootable = bootable);
    }

    /** Exports made from now on refuse writes, so none may be there yet. */
    void setReadOnly(Caller caller, String id, Fields asked) {
        boolean readOnly = asked.optionalFlag("readonly").orElseThrow(() -> asked.required("readonly"));
        volumes.change("volume:update_readonly_flag", caller, id, (tx, volume) -> {
            if (volume.status() != Status.AVAILABLE) {
                throw Fault.badRequest(
                        "Invalid volume: Volume " + id + " must be available, but is " + volume.status + ".");
            }
            volume.readOnly = readOnly;
        });
    }
}
