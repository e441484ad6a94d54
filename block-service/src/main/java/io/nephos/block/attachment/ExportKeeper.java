package io.nephos.block.attachment;

import io.nephos.block.backend.Exporter;
import io.nephos.kit.fault.FaultException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Makes the exports again when the daemon was restarted, and compares them with the rows now and then. */
@ApplicationScoped
public class ExportKeeper {
    private static final Logger LOG = Logger.getLogger(ExportKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Exports exports;
    private final Exporter exporter;
    private final Object bell = new Object();
    private boolean rung;
    private volatile boolean stopping;

    @Inject
    public ExportKeeper(Exports exports, Exporter exporter) {
        this.exports = exports;
        this.exporter = exporter;
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 4) StartupEvent event) {
        Thread.ofVirtual().name("export-keeper").start(this::loop);
        exporter.onReconnect(this::ring);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        ring();
    }

    private void ring() {
        synchronized (bell) {
            rung = true;
            bell.notifyAll();
        }
    }

    private void loop() {
        while (!stopping) {
            Duration pause = PERIOD;
            try {
                if (exporter.available()) {
                    exports.settleAll();
                }
            } catch (FaultException e) {
                LOG.debugf("Exports are compared later: %s", e.getMessage());
                pause = RETRY;
            } catch (RuntimeException e) {
                LOG.error("Exports cannot be compared", e);
            }
            pause(pause);
        }
    }

    private void pause(Duration pause) {
        synchronized (bell) {
            try {
                if (!rung) {
                    bell.wait(pause.toMillis());
                }
                rung = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stopping = true;
            }
        }
    }
}
