package io.nephos.scheduler.host;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;

/** What the agent says of its host beside capacity; the id is that of the resource provider. */
@Entity
@Table(name = "host")
public class HostRow {
    @Id
    public String id;

    public String name;

    /** Grows each time the host goes up or down. */
    public long generation;

    @Column(name = "agent_address")
    public String agentAddress;

    @Column(name = "hypervisor_type")
    public String hypervisorType;

    @Column(name = "hypervisor_version")
    public int hypervisorVersion;

    @Column(name = "availability_zone")
    public String availabilityZone;

    @Column(name = "cpu_info")
    public String cpuInfo;

    /** Its agent is heard. */
    public boolean up;

    @Column(name = "last_heartbeat")
    public OffsetDateTime lastHeartbeat;

    public String node = "";

    public String address = "";

    /** A JSON object of texts. */
    public String properties = "{}";

    /** A JSON list of {@link HostFacts#cells}. */
    @Column(name = "numa_cells")
    public String numaCells = "[]";

    @Column(name = "io_ops")
    public int ioOps;

    /** Since the last build that succeeded. */
    @Column(name = "failed_builds")
    public int failedBuilds;

    /** An operator said that the host is down: it is, whatever its agent says. */
    @Column(name = "forced_down")
    public boolean forcedDown;

    /** What the administrator said when nothing new was to go here any more. */
    @Column(name = "disabled_reason")
    public String disabledReason = "";

    public boolean isUp() {
        return up && !forcedDown;
    }
}
