package io.nephos.block.attachment;

import io.nephos.block.BlockApi;
import io.nephos.block.volume.Volume;
import io.nephos.block.volume.Volume.Held;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.VolumeRow;
import io.nephos.block.volume.VolumeStore;
import io.nephos.contracts.events.v1.AttachmentEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The attachment records. Each change takes the volume's row first, and leaves with its event and the volume's new state. */
@ApplicationScoped
public class AttachmentStore {
    public static final String TOPIC = "nephos.block.attachment";

    private final Database database;

    @Inject
    public AttachmentStore(Database database) {
        this.database = database;
    }

    /** @param host empty: reserve only */
    public record Wish(String id, String volumeId, String serverId, String host, String device) {}

    public Optional<AttachmentRow> find(String id) {
        return database.read(tx -> tx.find(AttachmentRow.class, id));
    }

    public List<AttachmentRow> ofServers(Collection<String> serverIds) {
        return database.read(tx -> tx.list(
                AttachmentRow.class,
                "from AttachmentRow where serverId in (:servers) order by createdAt",
                Map.of("servers", serverIds)));
    }

    public List<AttachmentRow> ofVolume(String volumeId) {
        return database.read(tx -> tx.list(
                AttachmentRow.class, "from AttachmentRow where volumeId = :volume", Map.of("volume", volumeId)));
    }

    public List<AttachmentRow> all() {
        return database.read(tx -> tx.list(AttachmentRow.class, "from AttachmentRow", Map.of()));
    }

    /** The name of the backend that has the volume; 404 when it is gone. */
    String backend(String volumeId) {
        return database.read(tx -> tx.find(VolumeRow.class, volumeId))
                .orElseThrow(() -> VolumeStore.missing(volumeId))
                .backend;
    }

    /** Ids of the attachments whose volumes are in none of those backends. */
    Set<String> exportable(List<String> directBackends) {
        return database
                .rows(
                        "select a.id from attachment a join volume v on v.id = a.volume_id where v.backend <> all ($1)",
                        (Object) directBackends.toArray(String[]::new))
                .stream()
                .map(row -> row.getString("id"))
                .collect(Collectors.toSet());
    }

    /**
     * The attachment as wished, made or moved to that host; each move has a new fencing generation. 404 when there is no
     * such volume, 409 when something else holds it or the attachment is going away.
     */
    public AttachmentRow ensure(Wish wish) {
        return database.write(tx -> {
            VolumeRow volume =
                    tx.lock(VolumeRow.class, wish.volumeId()).orElseThrow(() -> VolumeStore.missing(wish.volumeId()));
            Optional<AttachmentRow> known = tx.find(AttachmentRow.class, wish.id());
            return known.isPresent() ? move(tx, volume, known.get(), wish) : make(tx, volume, wish);
        });
    }

    private AttachmentRow make(Transaction tx, VolumeRow volume, Wish wish) {
        if (volume.status() != Status.AVAILABLE) {
            throw Fault.conflict(
                    "Volume " + volume.id + " is " + volume.status + "; to be attached it must be available.");
        }
        AttachmentRow attachment = row(volume, wish.id(), wish.serverId(), wish.device());
        attachment.host = wish.host();
        attachment.status = (wish.host().isEmpty() ? Held.RESERVED : Held.ATTACHING).wire();
        return insert(tx, volume, attachment);
    }

    private AttachmentRow move(Transaction tx, VolumeRow volume, AttachmentRow attachment, Wish wish) {
        if (!attachment.volumeId.equals(wish.volumeId()) || !attachment.serverId.equals(wish.serverId())) {
            throw Fault.conflict("Attachment " + wish.id() + " is of another volume or server.");
        }
        if (attachment.status() == Held.DETACHING) {
            throw Fault.conflict("Attachment " + wish.id() + " is being removed.");
        }
        if (wish.host().isEmpty() || wish.host().equals(attachment.host)) {
            return attachment;
        }
        attachment.host = wish.host();
        attachment.status = Held.ATTACHING.wire();
        attachment.fencing = ++volume.fencing;
        if (!wish.device().isEmpty()) {
            attachment.device = wish.device();
        }
        tx.update(attachment);
        settle(tx, volume);
        changed(tx, attachment, attachment.status);
        return attachment;
    }

    /** A record that a client made itself (os-attach): nothing is exported for it. 400 unless the volume is free for it. */
    public void record(
            Transaction tx, VolumeRow volume, String serverId, String hostName, String device, boolean readOnly) {
        AttachmentRow attachment = row(volume, UUID.randomUUID().toString(), serverId, device);
        attachment.hostName = hostName;
        attachment.readOnly = readOnly || Boolean.TRUE.equals(volume.readOnly);
        attachment.status = Held.ATTACHED.wire();
        attachment.attachedAt = BlockApi.now();
        volume.status = Status.AVAILABLE.wire();
        insert(tx, volume, attachment);
    }

    private static AttachmentRow row(VolumeRow volume, String id, String serverId, String device) {
        AttachmentRow attachment = new AttachmentRow();
        attachment.id = id;
        attachment.volumeId = volume.id;
        attachment.projectId = volume.projectId;
        attachment.serverId = serverId;
        attachment.device = device;
        attachment.readOnly = Boolean.TRUE.equals(volume.readOnly);
        attachment.fencing = ++volume.fencing;
        attachment.createdAt = BlockApi.now();
        return attachment;
    }

    private AttachmentRow insert(Transaction tx, VolumeRow volume, AttachmentRow attachment) {
        tx.insert(attachment);
        settle(tx, volume);
        changed(tx, attachment, attachment.status);
        return attachment;
    }

    /** The guest has it. 404 when there is no such attachment, 409 when it is going away or has no host. */
    public AttachmentRow complete(String id, String device) {
        return under(id, (tx, volume, attachment) -> {
                    if (attachment.status() == Held.DETACHING || attachment.host.isEmpty()) {
                        throw Fault.conflict("Attachment " + id + " is " + attachment.status + ".");
                    }
                    if (attachment.status() != Held.ATTACHED
                            || !device.isEmpty() && !device.equals(attachment.device)) {
                        attachment.status = Held.ATTACHED.wire();
                        attachment.device = device.isEmpty() ? attachment.device : device;
                        attachment.attachedAt = attachment.attachedAt == null ? BlockApi.now() : attachment.attachedAt;
                        tx.update(attachment);
                        settle(tx, volume);
                        changed(tx, attachment, attachment.status);
                    }
                    return attachment;
                })
                .orElseThrow(() -> Fault.notFound("Attachment " + id + " could not be found."));
    }

    /** It is to go; the reconciler takes its export away and then the row. Empty when it is gone already. */
    public Optional<AttachmentRow> detach(String id) {
        return under(id, (tx, volume, attachment) -> {
            if (attachment.status() != Held.DETACHING) {
                attachment.status = Held.DETACHING.wire();
                tx.update(attachment);
                settle(tx, volume);
                changed(tx, attachment, attachment.status);
            }
            tx.wake(AttachmentReconciler.KIND, id);
            return attachment;
        });
    }

    /** Nothing is exported for it any more: the volume is free of it. */
    void forget(String id) {
        under(id, (tx, volume, attachment) -> {
            tx.delete(attachment);
            settle(tx, volume);
            changed(tx, attachment, "deleted");
            return attachment;
        });
    }

    /** The volume's row is taken before the attachment's, always: two changes of one volume cannot wait for each other. */
    private Optional<AttachmentRow> under(String id, Change change) {
        return database.write(tx -> {
            Optional<AttachmentRow> seen = tx.find(AttachmentRow.class, id);
            if (seen.isEmpty()) {
                return Optional.empty();
            }
            Optional<VolumeRow> volume = tx.lock(VolumeRow.class, seen.get().volumeId);
            Optional<AttachmentRow> attachment = tx.find(AttachmentRow.class, id);
            if (volume.isEmpty() || attachment.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(change.apply(tx, volume.get(), attachment.get()));
        });
    }

    private static void settle(Transaction tx, VolumeRow volume) {
        volume.status = Volume.afterAttachments(volume.status(), VolumeStore.held(tx, volume.id))
                .wire();
        volume.updatedAt = BlockApi.now();
        tx.update(volume);
    }

    private static void changed(Transaction tx, AttachmentRow attachment, String status) {
        tx.publish(
                TOPIC,
                attachment.id,
                AttachmentEvent.newBuilder()
                        .setId(attachment.id)
                        .setVolumeId(attachment.volumeId)
                        .setServerId(attachment.serverId)
                        .setStatus(status)
                        .setGeneration(attachment.generation)
                        .build());
    }

    private interface Change {
        AttachmentRow apply(Transaction tx, VolumeRow volume, AttachmentRow attachment);
    }
}
