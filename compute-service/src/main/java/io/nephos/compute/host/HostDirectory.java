package io.nephos.compute.host;

import io.nephos.compute.peer.Scheduler;
import io.nephos.compute.server.ServerRow;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.kit.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The hosts as they were last heard of: from the scheduler's events, and by asking it where an event was missed. */
@ApplicationScoped
public class HostDirectory {
    private final Database db;
    private final Scheduler scheduler;

    @Inject
    public HostDirectory(Database db, Scheduler scheduler) {
        this.db = db;
        this.scheduler = scheduler;
    }

    /** True for a host that nobody has said anything of. */
    public boolean isUp(String host) {
        return find(host).map(row -> row.up).orElse(true);
    }

    /** The availability zone of a host; asks the scheduler about a host it does not know. */
    public String zone(String host) {
        return find(host).or(() -> refresh(host)).map(row -> row.zone).orElse("nova");
    }

    public String agentAddress(ServerRow server) {
        return agentAddress(server.host, server.agentAddress);
    }

    /** Where the agent of a host is: the newest that was heard, else what the scheduler said when it placed the server. */
    public String agentAddress(String host, String otherwise) {
        return find(host)
                .map(row -> row.agentAddress)
                .filter(address -> !address.isEmpty())
                .orElse(otherwise);
    }

    /** The agents of all hosts that are up. */
    List<HostRow> up() {
        return db.read(tx -> tx.list(HostRow.class, "from HostRow where up = true", Map.of()));
    }

    /** Asks the scheduler and remembers; empty when it does not know the host. */
    Optional<HostRow> refresh(String host) {
        scheduler.hosts(List.of(host)).forEach(this::remember);
        return find(host);
    }

    /** As {@link #refresh}, all hosts. */
    public void refreshAll() {
        scheduler.hosts(List.of()).forEach(this::remember);
    }

    /** The zones of all hosts as the scheduler has them now, also in what servers show. */
    public void refreshZones() {
        refreshAll();
        db.execute("update server s set zone = h.zone from host h where s.host = h.name and s.zone <> h.zone");
    }

    /** The hypervisor's own name. */
    public static String node(HostStatus status) {
        return status.getHost().getNode().isEmpty()
                ? status.getHost().getName()
                : status.getHost().getNode();
    }

    void remember(HostStatus status) {
        db.execute(
                "insert into host (name, id, agent_address, zone, up, generation) values ($1, $2, $3, $4, $5, 0)"
                        + " on conflict (name) do update set id = $2, agent_address = $3, zone = $4, up = $5",
                status.getHost().getName(),
                status.getHost().getId(),
                status.getHost().getAgentAddress(),
                status.getHost().getAvailabilityZone().isEmpty()
                        ? "nova"
                        : status.getHost().getAvailabilityZone(),
                status.getUp());
    }

    private Optional<HostRow> find(String host) {
        return db.read(tx -> tx.find(HostRow.class, host));
    }
}
