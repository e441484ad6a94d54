package io.nephos.block.volume;

import io.nephos.block.Json;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.Volume.Task;
import io.nephos.rbd.RbdSnapshot;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A volume as it is kept. Sizes in GiB; {@code wantedGib} differs from {@code sizeGib} only while it is extended. */
@Entity
@Table(name = "volume")
public class VolumeRow {
    @Id
    public String id;

    @Column(name = "project_id")
    public String projectId;

    @Column(name = "user_id")
    public String userId;

    public @Nullable String name;
    public @Nullable String description;

    @Column(name = "size_gib")
    public long sizeGib;

    @Column(name = "wanted_gib")
    public long wantedGib;

    public String status;
    public String task = "";

    @Column(name = "task_since")
    public OffsetDateTime taskSince;

    public String fault = "";
    public boolean bootable;

    @Column(name = "read_only")
    public @Nullable Boolean readOnly;

    @Column(name = "availability_zone")
    public String availabilityZone;

    @Column(name = "type_id")
    public String typeId;

    @Column(name = "source_volume_id")
    public @Nullable String sourceVolumeId;

    @Column(name = "image_id")
    public @Nullable String imageId;

    @Column(name = "image_format")
    public @Nullable String imageFormat;

    @Column(name = "image_metadata")
    public @Nullable String imageMetadata;

    /** Which of {@link io.nephos.block.backend.Backends} has its bytes. */
    public String backend;

    /** Where its image lies in Ceph: FSID/POOL/IMAGE/SNAPSHOT. */
    @Column(name = "image_rbd")
    public @Nullable String imageRbd;

    public String metadata = "{}";
    public long fencing;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "updated_at")
    public @Nullable OffsetDateTime updatedAt;

    @Version
    public long generation;

    public Status status() {
        return Status.of(status).orElse(Status.ERROR);
    }

    public Task task() {
        return Task.of(task);
    }

    public Map<String, String> metadata() {
        return Json.read(metadata);
    }

    public void metadata(Map<String, String> all) {
        metadata = Json.write(all);
    }

    Optional<RbdSnapshot> imageSnapshot() {
        String[] parts = String.valueOf(imageRbd).split("/", -1);
        return parts.length == 4
                ? Optional.of(new RbdSnapshot(parts[0], parts[1], parts[2], parts[3]))
                : Optional.empty();
    }

    static VolumeRow of(Row row) {
        VolumeRow volume = new VolumeRow();
        volume.id = row.getString("id");
        volume.projectId = row.getString("project_id");
        volume.userId = row.getString("user_id");
        volume.name = row.getString("name");
        volume.description = row.getString("description");
        volume.sizeGib = row.getLong("size_gib");
        volume.wantedGib = row.getLong("wanted_gib");
        volume.status = row.getString("status");
        volume.task = row.getString("task");
        volume.taskSince = row.getOffsetDateTime("task_since");
        volume.fault = row.getString("fault");
        volume.bootable = row.getBoolean("bootable");
        volume.readOnly = row.getBoolean("read_only");
        volume.availabilityZone = row.getString("availability_zone");
        volume.typeId = row.getString("type_id");
        volume.sourceVolumeId = row.getString("source_volume_id");
        volume.imageId = row.getString("image_id");
        volume.imageFormat = row.getString("image_format");
        volume.imageMetadata = row.getString("image_metadata");
        volume.backend = row.getString("backend");
        volume.imageRbd = row.getString("image_rbd");
        volume.metadata = row.getString("metadata");
        volume.fencing = row.getLong("fencing");
        volume.createdAt = row.getOffsetDateTime("created_at");
        volume.updatedAt = row.getOffsetDateTime("updated_at");
        volume.generation = row.getLong("generation");
        return volume;
    }
}
