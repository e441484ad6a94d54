package io.nephos.block.attachment;

import io.nephos.block.volume.Volume.Held;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** An attachment as it is kept. {@code host} is empty while nothing is exported for it. */
@Entity
@Table(name = "attachment")
public class AttachmentRow {
    @Id
    public String id;

    @Column(name = "volume_id")
    public String volumeId;

    @Column(name = "project_id")
    public String projectId;

    @Column(name = "server_id")
    public String serverId = "";

    public String host = "";

    @Column(name = "host_name")
    public String hostName = "";

    public String device = "";
    public String status;

    @Column(name = "read_only")
    public boolean readOnly;

    public long fencing;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "attached_at")
    public @Nullable OffsetDateTime attachedAt;

    @Version
    public long generation;

    public Held status() {
        return Held.of(status);
    }

    /** A host uses it, or is about to. */
    public boolean exported() {
        return !host.isEmpty() && status() != Held.DETACHING;
    }

    /**
     * What the host asks the NBD server for. The generation is part of it: a host that the attachment was taken from
     * knows only a name that is no longer served.
     */
    public String exportName() {
        return id + "." + fencing;
    }
}
