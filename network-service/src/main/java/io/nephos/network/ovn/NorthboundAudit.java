package io.nephos.network.ovn;

import io.nephos.kit.data.Database;
import io.nephos.network.fabric.Scope;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Compares all of the Northbound database with all rows, at start, whenever the connection is new, and from time to time;
 * what differs, missing or surplus, is given to the reconciler. It writes nothing itself: what it has read may be old.
 */
@ApplicationScoped
public class NorthboundAudit {
    private static final Logger LOG = Logger.getLogger(NorthboundAudit.class);
    private static final int EVERY_SECONDS = 20;

    private final Database database;
    private final Northbound northbound;
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean stopping;

    @Inject
    public NorthboundAudit(Database database, Northbound northbound) {
        this.database = database;
        this.northbound = northbound;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("northbound-audit").start(this::watch);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        bell.release();
    }

    void soon() {
        bell.release();
    }

    private void watch() {
        while (!stopping) {
            try {
                if (bell.tryAcquire(EVERY_SECONDS, TimeUnit.SECONDS)) {
                    bell.drainPermits();
                }
                if (northbound.ready() && !stopping) {
                    audit();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warnf("The audit of OVN is put off: %s", e.getMessage());
            }
        }
    }

    /** Returns how many scopes differed. */
    int audit() {
        Set<Scope> astray = northbound.astray();
        if (!astray.isEmpty()) {
            LOG.infof(
                    "OVN differs from the rows in %d places, %s first",
                    astray.size(), astray.iterator().next());
            database.run(tx -> astray.forEach(scope -> scope.wake(tx)));
        }
        return astray.size();
    }
}
