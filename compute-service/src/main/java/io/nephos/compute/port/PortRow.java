package io.nephos.compute.port;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * A port of a server: its id is chosen before network-service is asked for it. {@code view} is what lists show of it
 * (JSON, see {@code Addresses}); {@code leavingAt} is the generation in which it is no longer wanted.
 */
@Entity
@Table(name = "server_port")
public class PortRow {
    @Id
    public String id;

    @Column(name = "server_id")
    public String serverId;

    public int position;

    @Column(name = "network_id")
    public String networkId = "";

    /** The user's own port, not one that is made for the server. */
    public boolean existing;

    @Column(name = "fixed_ip")
    public String fixedIp = "";

    public @Nullable String tag;
    public boolean leaving;

    @Column(name = "leaving_at")
    public long leavingAt;

    public boolean made;

    @Column(name = "bound_host")
    public String boundHost = "";

    public boolean up;

    @Column(name = "mac_address")
    public String macAddress = "";

    public int mtu;

    /** JSON list of {"subnet_id", "ip_address"}. */
    @Column(name = "fixed_ips")
    public String fixedIps = "[]";

    public String view = "{}";
}
