package io.nephos.compute.port;

import io.nephos.compute.server.ServerStore;
import io.nephos.contracts.events.v1.PortEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A port of a server was bound, came up, went down or was deleted: the server asks for its ports again, soon. */
@ApplicationScoped
public class PortListener implements EventListener<PortEvent> {
    private final ServerStore servers;

    @Inject
    public PortListener(ServerStore servers) {
        this.servers = servers;
    }

    @Override
    public String topic() {
        return "nephos.network.port";
    }

    @Override
    public PortEvent prototype() {
        return PortEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, PortEvent event) {
        servers.portChanged(event.getId());
    }
}
