package io.nephos.network.ovn;

import io.nephos.kit.background.Background;
import io.nephos.kit.background.Bell;
import io.nephos.kit.background.Rhythm;
import io.nephos.kit.data.Database;
import io.nephos.network.fabric.Scope;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Compares all of the Northbound database with all rows, at start, whenever the connection is new, and from time to time;
 * what differs, missing or surplus, is given to the reconciler. It writes nothing itself: what it has read may be old.
 */
@ApplicationScoped
public class NorthboundAudit {
    private static final Logger LOG = Logger.getLogger(NorthboundAudit.class);
    private static final Rhythm RHYTHM = Rhythm.every(Duration.ofSeconds(20));

    private final Database database;
    private final Northbound northbound;
    private final Background background;
    private final Bell bell = new Bell();

    @Inject
    public NorthboundAudit(Database database, Northbound northbound, Background background) {
        this.database = database;
        this.northbound = northbound;
        this.background = background;
    }

    void start(@Observes StartupEvent event) {
        background.repeat("northbound-audit", RHYTHM, bell, this::compare);
    }

    void soon() {
        bell.ring();
    }

    private void compare() {
        try {
            if (northbound.ready()) {
                audit();
            }
        } catch (OvsdbException e) {
            LOG.warnf("The audit of OVN is put off: %s", e.getMessage());
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
