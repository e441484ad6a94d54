package io.nephos.network.ovn;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nephos.kit.data.Database;
import io.nephos.network.fabric.Scope;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * OVN's Northbound database, made what our rows say. The rows are read while the lock is held, so an older state never
 * overwrites a newer one from this process; other replicas are kept off by the reconciler's leases.
 */
@ApplicationScoped
public class Northbound {
    private static final String OURS = "external_ids";
    private static final Map<String, List<String>> TABLES = Map.of(
            "Logical_Switch", List.of("name", "ports", "other_config", OURS),
            "Logical_Switch_Port",
                    List.of(
                            "name",
                            "type",
                            "addresses",
                            "port_security",
                            "enabled",
                            "up",
                            "options",
                            "dhcpv4_options",
                            "dhcpv6_options",
                            OURS),
            "DHCP_Options", List.of("cidr", "options", OURS),
            "Port_Group", List.of("name", "ports", "acls", OURS),
            "ACL", List.of("direction", "priority", "match", "action", OURS),
            "Logical_Router", List.of("name", "enabled", "ports", "nat", "static_routes", "options", OURS),
            "Logical_Router_Port",
                    List.of("name", "mac", "networks", "enabled", "gateway_chassis", "ipv6_ra_configs", OURS),
            "Gateway_Chassis", List.of("name", "chassis_name", "priority", OURS),
            "NAT", List.of("type", "external_ip", "logical_ip", OURS),
            "Logical_Router_Static_Route", List.of("ip_prefix", "nexthop", "output_port", OURS));

    private final Database database;
    private final Southbound southbound;
    private final int leaseSeconds;
    private final OvsdbReplica replica;
    private final ReentrantLock lock = new ReentrantLock();
    private final Object gate = new Object();
    private Round gathering = new Round();

    /** Scopes that are brought in line together. Filled under the gate, worked on under the lock. */
    private static final class Round {
        private final Set<Scope> scopes = new LinkedHashSet<>();
        private final Map<Scope, RuntimeException> failures = new HashMap<>();
        private boolean done;
    }

    @Inject
    public Northbound(
            Database database,
            Southbound southbound,
            Instance<NorthboundAudit> audit,
            Instance<PortStatus> status,
            @ConfigProperty(name = "nephos.network.ovn.nb") String address,
            @ConfigProperty(name = "nephos.network.dhcp-lease-seconds") int leaseSeconds) {
        this.database = database;
        this.southbound = southbound;
        this.leaseSeconds = leaseSeconds;
        this.replica = new OvsdbReplica(
                address,
                "OVN_Northbound",
                TABLES,
                row -> Optional.ofNullable(row.map(OURS).get(Wanted.KEY))
                        .map(key -> Wanted.scope(key).toString()),
                new Listener(audit, status));
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 20) StartupEvent event) {
        replica.start();
    }

    void stop(@Observes ShutdownEvent event) {
        replica.stop();
    }

    boolean ready() {
        return replica.ready();
    }

    /** The ports there are, ours and others', by UUID. */
    Map<String, OvsdbRow> ports() {
        return replica.table("Logical_Switch_Port");
    }

    /** Asks all hosts for a sign of life and waits a second for it; those that gave it, and when. */
    public Map<String, Instant> heartbeats() throws InterruptedException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        ObjectNode next = json.objectNode().put("op", "mutate").put("table", "NB_Global");
        next.putArray("where");
        next.putArray("mutations").addArray().add("nb_cfg").add("+=").add(1);
        ObjectNode read = json.objectNode().put("op", "select").put("table", "NB_Global");
        read.putArray("where");
        read.putArray("columns").add("nb_cfg");
        long sequence = replica.transact(List.of(next, read))
                .path(1)
                .path("rows")
                .path(0)
                .path("nb_cfg")
                .asLong();
        int hosts = southbound.chassis().size();
        Map<String, Instant> heard = southbound.caughtUp(sequence);
        for (int i = 0; i < 20 && heard.size() < hosts; i++) {
            Thread.sleep(50);
            heard = southbound.caughtUp(sequence);
        }
        return heard;
    }

    /**
     * Makes a scope, and those it hangs on, what the rows say; what others ask for while one transaction runs is gathered
     * into the next. OvsdbException when OVN is away or refuses it.
     */
    void bring(Scope asked) {
        Round round;
        synchronized (gate) {
            round = gathering;
            round.scopes.add(asked);
        }
        lock.lock();
        try {
            if (!round.done) {
                synchronized (gate) {
                    gathering = new Round();
                }
                run(round);
            }
        } finally {
            lock.unlock();
        }
        RuntimeException failure = round.failures.get(asked);
        if (failure != null) {
            throw failure;
        }
    }

    // One scope that is refused must not hold up the others.
    private void run(Round round) {
        try {
            apply(round.scopes);
        } catch (RuntimeException e) {
            for (Scope scope : round.scopes) {
                try {
                    apply(Set.of(scope));
                } catch (RuntimeException alone) {
                    round.failures.put(scope, alone);
                }
            }
        } finally {
            round.done = true;
        }
    }

    private void apply(Set<Scope> asked) {
        Set<Scope> scopes = new LinkedHashSet<>(asked);
        while (true) {
            NorthboundDiff.Result diff = difference(Optional.of(scopes));
            boolean grew = false;
            for (Datum.Ref ref : diff.missing()) {
                grew |= scopes.add(Wanted.scope(ref.key()));
            }
            if (!grew) {
                transact(diff);
                return;
            }
        }
    }

    /** The scopes in which the database differs from the rows. */
    Set<Scope> astray() {
        lock.lock();
        try {
            return difference(Optional.empty()).touched();
        } finally {
            lock.unlock();
        }
    }

    private NorthboundDiff.Result difference(Optional<Set<Scope>> scopes) {
        if (!replica.ready()) {
            throw new OvsdbException("OVN's Northbound database is away.");
        }
        List<Wanted> wanted = database.read(tx -> Desire.of(tx, scopes, southbound::chassisReaching, leaseSeconds));
        Map<String, List<OvsdbRow>> mine = new HashMap<>();
        Set<String> names = scopes.map(
                        set -> set.stream().map(Scope::toString).collect(java.util.stream.Collectors.toSet()))
                .orElseGet(replica::groups);
        names.forEach(name -> replica.group(name)
                .forEach((table, rows) ->
                        mine.computeIfAbsent(table, key -> new ArrayList<>()).addAll(rows)));
        return NorthboundDiff.between(replica.tables(), mine, wanted);
    }

    private void transact(NorthboundDiff.Result diff) {
        if (!diff.missing().isEmpty()) {
            throw new OvsdbException("Rows that are referred to are gone: " + diff.missing());
        }
        if (!diff.operations().isEmpty()) {
            replica.transact(diff.operations());
        }
    }

    private final class Listener implements OvsdbReplica.Listener {
        private final Instance<NorthboundAudit> audit;
        private final Instance<PortStatus> status;

        Listener(Instance<NorthboundAudit> audit, Instance<PortStatus> status) {
            this.audit = audit;
            this.status = status;
        }

        @Override
        public void connected() {
            audit.get().soon();
            status.get().all();
        }

        @Override
        public void changed(String table, OvsdbRow row) {
            if (table.equals("Logical_Switch_Port")) {
                status.get().changed(row);
            }
        }

        // While we transact the lock is held; what goes at other times was not taken by us.
        @Override
        public void removed(String table, OvsdbRow row) {
            if (!lock.isLocked() && row.map(OURS).containsKey(Wanted.KEY)) {
                audit.get().soon();
            }
        }
    }
}
