package io.nephos.network.subnet;

import io.nephos.network.api.TextList;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subnet of a network. */
@Entity
@Table(name = "subnet")
public class SubnetRow {
    @Id
    public String id;

    public String projectId;
    public String networkId;
    public String name;
    public String description;
    public int ipVersion;
    public String cidr;
    public @Nullable String gatewayIp;
    public boolean enableDhcp;

    /** Each "first-last". */
    @Convert(converter = TextList.class)
    public List<String> allocationPools;

    @Convert(converter = TextList.class)
    public List<String> dnsNameservers;

    /** Each "destination,nexthop". */
    @Convert(converter = TextList.class)
    public List<String> hostRoutes;

    @Convert(converter = TextList.class)
    public List<String> serviceTypes;

    public @Nullable String ipv6RaMode;
    public @Nullable String ipv6AddressMode;
    public @Nullable String subnetpoolId;
    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
