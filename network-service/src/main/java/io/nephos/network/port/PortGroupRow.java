package io.nephos.network.port;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A security group of a port; its id is "port/group". */
@Entity
@Table(name = "port_security_group")
public class PortGroupRow {
    @Id
    public String id;

    public String portId;
    public String groupId;
}
