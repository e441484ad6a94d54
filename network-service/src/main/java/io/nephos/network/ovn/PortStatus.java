package io.nephos.network.ovn;

import io.nephos.kit.data.Database;
import io.nephos.network.fabric.Scope;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/** Carries what OVN says of a port, up or not, to the port's row, and so to whoever listens. */
@ApplicationScoped
public class PortStatus {
    private static final Logger LOG = Logger.getLogger(PortStatus.class);
    private static final String ALL = "";

    private final Database database;
    private final Northbound northbound;
    private final Ports ports;
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private volatile boolean stopping;

    private record Report(String portId, boolean up) {}

    @Inject
    public PortStatus(Database database, Northbound northbound, Ports ports) {
        this.database = database;
        this.northbound = northbound;
        this.ports = ports;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("port-status").start(this::follow);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        all();
    }

    /** A port's row in OVN was changed. */
    void changed(OvsdbRow row) {
        portId(row).ifPresent(id -> reports.add(new Report(id, row.flag("up"))));
    }

    /** All of them may have changed. */
    void all() {
        reports.add(new Report(ALL, false));
    }

    private void follow() {
        while (!stopping) {
            try {
                Report report = reports.take();
                if (report.portId().equals(ALL)) {
                    compareAll();
                } else {
                    tell(report);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warnf("The state of ports is looked at again: %s", e.getMessage());
                pause();
                all();
            }
        }
    }

    private void tell(Report report) {
        database.run(tx -> ports.report(tx, report.portId(), report.up()));
    }

    private void compareAll() {
        Set<String> up = new HashSet<>();
        northbound.ports().values().stream()
                .filter(row -> row.flag("up"))
                .forEach(row -> portId(row).ifPresent(up::add));
        database.read(tx -> tx.list(PortRow.class, "from PortRow r", Map.of())).stream()
                .filter(port -> up.contains(port.id) != port.status.equals(Ports.ACTIVE))
                .forEach(port -> tell(new Report(port.id, up.contains(port.id))));
    }

    private static Optional<String> portId(OvsdbRow row) {
        return Optional.ofNullable(row.map("external_ids").get(Wanted.KEY))
                .map(Wanted::scope)
                .filter(scope -> scope.kind().equals(Scope.PORT))
                .map(Scope::id);
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
