package io.nephos.network.server;

import io.grpc.StatusRuntimeException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Looks, from time to time, for ports of servers whose end was not heard. */
@ApplicationScoped
public class ServerSweeper {
    private static final Logger LOG = Logger.getLogger(ServerSweeper.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final ServerPorts ports;
    private volatile boolean stopping;

    @Inject
    public ServerSweeper(ServerPorts ports) {
        this.ports = ports;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("server-sweeper").start(this::watch);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void watch() {
        while (!stopping) {
            try {
                Thread.sleep(EVERY);
                ports.sweep();
            } catch (InterruptedException e) {
                return;
            } catch (StatusRuntimeException e) {
                LOG.debugf("compute-service does not answer: %s", e.getMessage());
            } catch (RuntimeException e) {
                LOG.warnf("Ports of vanished servers are looked for later: %s", e.getMessage());
            }
        }
    }
}
