package io.nephos.compute.volume;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A volume of a server; the id is that of block-service's attachment, chosen before it is asked for. {@code leavingAt} is
 * the generation in which the volume is no longer wanted.
 */
@Entity
@Table(name = "server_volume")
public class VolumeRow {
    @Id
    public String id;

    @Column(name = "server_id")
    public String serverId;

    @Column(name = "volume_id")
    public String volumeId;

    /** "/dev/vdb". */
    public String device;

    /** -1: not bootable. */
    @Column(name = "boot_index")
    public int bootIndex = -1;

    @Column(name = "delete_on_termination")
    public boolean deleteOnTermination;

    public @Nullable String tag;
    public boolean leaving;

    @Column(name = "leaving_at")
    public long leavingAt;

    @Column(name = "exported_host")
    public String exportedHost = "";

    public boolean attached;

    @Column(name = "nbd_host")
    public String nbdHost = "";

    @Column(name = "nbd_port")
    public int nbdPort;

    @Column(name = "nbd_export")
    public String nbdExport = "";

    @Column(name = "nbd_tls_hostname")
    public String nbdTlsHostname = "";

    /** FSID/POOL/IMAGE of one that hosts reach in Ceph; empty for NBD. */
    public String rbd = "";

    @Column(name = "read_only")
    public boolean readOnly;

    @Column(name = "fencing_generation")
    public long fencingGeneration;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;
}
