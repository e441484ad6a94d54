package io.nephos.compute.host;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;

/** Something that a host which did not answer may still run for a server that was placed elsewhere, or nowhere. */
@Entity
@Table(name = "residue")
public class ResidueRow {
    public static final String KIND = "residue";

    @Id
    public String id;

    @Column(name = "server_id")
    public String serverId;

    public String host;

    @Column(name = "agent_address")
    public String agentAddress;

    @Column(name = "created_at")
    public OffsetDateTime createdAt;
}
