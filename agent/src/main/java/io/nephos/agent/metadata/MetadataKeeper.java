package io.nephos.agent.metadata;

import io.nephos.agent.AgentConfig;
import io.nephos.agent.Wiring;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Answers guests, and puts back what somebody else took away: namespaces, ports, a killed HAProxy. */
@ApplicationScoped
public class MetadataKeeper {
    private static final Logger LOG = Logger.getLogger(MetadataKeeper.class);

    private final GuestMetadata metadata;
    private final AgentConfig config;
    private @Nullable MetadataServer server;
    private @Nullable Thread keeper;

    @Inject
    public MetadataKeeper(GuestMetadata metadata, AgentConfig config) {
        this.metadata = metadata;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        server = new MetadataServer(Wiring.metadataSocket(config), metadata);
        keeper = Thread.ofVirtual().name("metadata-keeper").start(this::keep);
    }

    private void keep() {
        String told = "";
        while (true) {
            try {
                metadata.keep();
                told = "";
            } catch (RuntimeException e) {
                String message = String.valueOf(e.getMessage());
                if (!message.equals(told)) {
                    LOG.warnf("The metadata networks could not be checked: %s", message);
                    told = message;
                }
            }
            try {
                Thread.sleep(config.metadata().checkEvery());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (keeper != null) {
            keeper.interrupt();
        }
        try {
            metadata.quiesce();
        } catch (RuntimeException e) {
            LOG.warn("HAProxy could not be stopped", e);
        }
        if (server != null) {
            server.close();
        }
    }
}
