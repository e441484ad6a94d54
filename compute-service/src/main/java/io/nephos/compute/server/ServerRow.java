package io.nephos.compute.server;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A server as it lies in the database: what it should be (generation), what was observed of it, and copies of what lists
 * show, so that they need no join and no call. Texts that are JSON say so. An empty text is "none".
 */
@Entity
@Table(name = "server")
public class ServerRow {
    @Id
    public String id;

    @Version
    public long revision;

    @Column(name = "project_id")
    public String projectId;

    @Column(name = "user_id")
    public String userId;

    public String name;
    public @Nullable String description;
    public String hostname;

    @Enumerated(EnumType.STRING)
    public Phase phase = Phase.BUILD;

    @Enumerated(EnumType.STRING)
    @Column(name = "vm_state")
    public VmState vmState = VmState.BUILDING;

    @Enumerated(EnumType.STRING)
    public Task task = Task.SCHEDULING;

    @Enumerated(EnumType.STRING)
    @Column(name = "desired_power")
    public Power desiredPower = Power.RUNNING;

    @Enumerated(EnumType.STRING)
    @Column(name = "observed_power")
    public Power observedPower = Power.NOSTATE;

    /** Of the desired state; grows with each change that the host must hear of. */
    public long generation = 1;

    /** The generation that the host was last seen converged on; 0: none. */
    @Column(name = "observed_generation")
    public long observedGeneration;

    public String host = "";

    @Column(name = "host_id")
    public String hostId = "";

    @Column(name = "agent_address")
    public String agentAddress = "";

    /** The scheduler may hold an allocation for it. */
    /** JSON list of {@link GuestCells}; what the host gives of its NUMA cells. */
    public String cells = "[]";

    @Column(name = "claim_held")
    public boolean claimHeld = true;

    /** The host may run it: set before the agent is first asked. */
    @Column(name = "on_host")
    public boolean onHost;

    public int attempts;

    /** JSON list of host names. */
    @Column(name = "excluded_hosts")
    public String excludedHosts = "[]";

    @Column(name = "last_error")
    public String lastError = "";

    @Column(name = "deadline_at")
    public OffsetDateTime deadlineAt;

    /** Deleted in the transaction that holds this object. */
    @Transient
    boolean forgotten;

    /** What is known of the ports is to be asked again. */
    @Column(name = "ports_stale")
    public boolean portsStale;

    /** A restart that was asked for and is not done. */
    @Column(name = "reboot_id")
    public String rebootId = "";

    @Column(name = "reboot_hard")
    public boolean rebootHard;

    @Column(name = "flavor_id")
    public String flavorId;

    @Column(name = "flavor_name")
    public String flavorName;

    public int vcpus;

    @Column(name = "memory_mib")
    public int memoryMib;

    @Column(name = "root_gib")
    public int rootGib;

    @Column(name = "ephemeral_gib")
    public int ephemeralGib;

    @Column(name = "swap_mib")
    public int swapMib;

    /** JSON object. */
    @Column(name = "extra_specs")
    public String extraSpecs = "{}";

    @Column(name = "image_id")
    public String imageId = "";

    @Column(name = "image_sha512")
    public String imageSha512 = "";

    @Column(name = "image_size")
    public long imageSize;

    @Column(name = "image_format")
    public String imageFormat = "";

    /** JSON object. */
    @Column(name = "image_properties")
    public String imageProperties = "{}";

    @Column(name = "key_name")
    public @Nullable String keyName;

    @Column(name = "public_key")
    public String publicKey = "";

    /** As sent: base64. */
    @Column(name = "user_data")
    public @Nullable String userData;

    /** JSON object. */
    public String metadata = "{}";

    /** JSON list. */
    public String tags = "[]";

    @Column(name = "config_drive")
    public boolean configDrive;

    @Column(name = "wanted_zone")
    public String wantedZone = "";

    public String zone = "";

    @Column(name = "forced_host")
    public String forcedHost = "";

    @Column(name = "forced_node")
    public String forcedNode = "";

    /** JSON object: {@link SchedulerHints#text}. */
    @Column(name = "scheduler_hints")
    public String schedulerHints = "{}";

    /** Of a request for several servers: how many must find a place at once; 0: it was made alone. */
    @Column(name = "batch_min")
    public int batchMin;

    @Column(name = "group_id")
    public String groupId = "";

    /** JSON list of names. */
    @Column(name = "security_groups")
    public String securityGroups = "[]";

    /** JSON list of what new ports get; empty: the project's default group. */
    @Column(name = "security_group_ids")
    public String securityGroupIds = "[]";

    /** JSON list of port views; see {@link Addresses}. */
    public String addresses = "[]";

    /** JSON list of {"id", "delete_on_termination"}. */
    public String volumes = "[]";

    @Column(name = "disk_config")
    public String diskConfig = "MANUAL";

    @Column(name = "access_ip_v4")
    public String accessIpV4 = "";

    @Column(name = "access_ip_v6")
    public String accessIpV6 = "";

    /** Of the action that the reconciler's steps are shown under. */
    @Column(name = "action_id")
    public String actionId = "";

    @Column(name = "reservation_id")
    public String reservationId = "";

    @Column(name = "launch_index")
    public int launchIndex;

    @Column(name = "root_device")
    public String rootDevice = "/dev/vda";

    /** "owner", "admin" or empty. */
    @Column(name = "locked_by")
    public String lockedBy = "";

    @Column(name = "locked_reason")
    public @Nullable String lockedReason;

    /** 0: no fault. */
    @Column(name = "fault_code")
    public int faultCode;

    @Column(name = "fault_message")
    public String faultMessage = "";

    @Column(name = "fault_details")
    public String faultDetails = "";

    @Column(name = "fault_at")
    public @Nullable OffsetDateTime faultAt;

    /** The caller that network-service and block-service are told of, as JSON of the contract's Caller. */
    @Column(name = "created_by")
    public String createdBy = "{}";

    @Column(name = "created_at")
    public OffsetDateTime createdAt;

    @Column(name = "updated_at")
    public OffsetDateTime updatedAt;

    @Column(name = "launched_at")
    public @Nullable OffsetDateTime launchedAt;
}
