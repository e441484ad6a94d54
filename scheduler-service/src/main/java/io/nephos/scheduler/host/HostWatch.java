package io.nephos.scheduler.host;

import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Marks silent hosts down. Every replica looks; the update decides who did it. */
@ApplicationScoped
public class HostWatch {
    private static final Logger LOG = Logger.getLogger(HostWatch.class);
    private final HostStore hosts;
    private final Duration timeout;

    @Inject
    public HostWatch(
            HostStore hosts,
            @ConfigProperty(name = "nephos.scheduler.host-timeout", defaultValue = "15s") Duration timeout) {
        this.hosts = hosts;
        this.timeout = timeout;
    }

    void start(@Observes StartupEvent event, Background background) {
        // After a start, or after the database was away, hosts get the time of a timeout to be heard again.
        background.repeat("host-watch", new Rhythm(timeout, timeout.dividedBy(10), timeout), this::look);
    }

    private void look() {
        for (String id : hosts.silent(timeout)) {
            if (hosts.markDown(id, timeout)) {
                LOG.warnf("Host %s was not heard for %s and is down", id, timeout);
            }
        }
    }
}
