package io.nephos.network.securitygroup;

import io.nephos.network.ipam.Cidr;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A rule of a security group: what it lets through. */
@Entity
@Table(name = "security_group_rule")
public class SecurityGroupRuleRow {
    @Id
    public String id;

    public String projectId;
    public String groupId;
    public String description;
    public String direction;
    public String ethertype;
    public @Nullable String protocol;
    public @Nullable Integer portRangeMin;
    public @Nullable Integer portRangeMax;
    public @Nullable String remoteIpPrefix;
    public @Nullable String remoteGroupId;
    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;

    /** The prefix without host bits. */
    public Optional<String> normalizedCidr() {
        return Optional.ofNullable(remoteIpPrefix).flatMap(Cidr::parse).map(Cidr::toString);
    }
}
