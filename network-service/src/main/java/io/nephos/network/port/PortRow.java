package io.nephos.network.port;

import io.nephos.network.api.TextList;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;

/** A port. */
@Entity
@Table(name = "port")
public class PortRow {
    @Id
    public String id;

    public String projectId;
    public String networkId;
    public String name;
    public String description;
    public String macAddress;
    public boolean adminStateUp;
    public String status;
    public String deviceId;
    public String deviceOwner;
    /** Where it is bound; empty when it is not. */
    public String host;

    public String vnicType;
    /** A JSON object. */
    public String profile;

    public boolean portSecurityEnabled;

    /** Each "mac,address or prefix". */
    @Convert(converter = TextList.class)
    public List<String> allowedAddressPairs;

    public String dnsName;
    /** It goes with its server. */
    public boolean madeByCompute;

    public Instant createdAt;
    public Instant updatedAt;

    @Version
    public long generation;
}
