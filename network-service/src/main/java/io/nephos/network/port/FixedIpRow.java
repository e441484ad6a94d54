package io.nephos.network.port;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An address of a port; its id is "subnet/address", so that two ports cannot have it. */
@Entity
@Table(name = "fixed_ip")
public class FixedIpRow {
    @Id
    public String id;

    public String portId;
    public String subnetId;
    public String ipAddress;
    public int position;
}
