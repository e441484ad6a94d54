package io.nephos.compute.port;

import io.nephos.compute.server.ServerStore;
import io.nephos.contracts.events.v1.PortEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** A port of a server was bound, came up, went down or was deleted: the server asks for its ports again, soon. */
@ApplicationScoped
public class PortListener implements EventListener<PortEvent> {
    private final Database db;
    private final ServerStore servers;

    @Inject
    public PortListener(Database db, ServerStore servers) {
        this.db = db;
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
        Optional<PortRow> port = db.read(tx -> tx.find(PortRow.class, event.getId()));
        port.ifPresent(row -> servers.change(row.serverId, (tx, server) -> {
            server.row().portsStale = true;
            servers.wake(tx, row.serverId);
            return true;
        }));
    }
}
