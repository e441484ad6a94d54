package io.nephos.compute.host;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What compute remembers of a host, so that lists and steps need not ask the scheduler. */
@Entity
@Table(name = "host")
public class HostRow {
    @Id
    public String name;

    public String id;

    @Column(name = "agent_address")
    public String agentAddress;

    public String zone;
    public boolean up;

    /** Of the last event that said so. */
    public long generation;
}
