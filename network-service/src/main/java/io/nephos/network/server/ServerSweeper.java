package io.nephos.network.server;

import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;

/** Looks, from time to time, for ports of servers whose end was not heard. */
@ApplicationScoped
public class ServerSweeper {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final ServerPorts ports;

    @Inject
    public ServerSweeper(ServerPorts ports) {
        this.ports = ports;
    }

    void start(@Observes StartupEvent event, Background background) {
        background.repeat("server-sweeper", Rhythm.every(EVERY), ports::sweep);
    }
}
