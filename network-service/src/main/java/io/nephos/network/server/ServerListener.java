package io.nephos.network.server;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A server is gone: its ports are given back. */
@ApplicationScoped
public class ServerListener implements EventListener<ServerEvent> {
    private final ServerPorts ports;

    @Inject
    public ServerListener(ServerPorts ports) {
        this.ports = ports;
    }

    @Override
    public String topic() {
        return "nephos.compute.server";
    }

    @Override
    public ServerEvent prototype() {
        return ServerEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, ServerEvent event) {
        if (event.getChange() == Change.CHANGE_DELETED) {
            ports.release(event.getId());
        }
    }
}
