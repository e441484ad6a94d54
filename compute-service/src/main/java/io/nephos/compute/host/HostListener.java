package io.nephos.compute.host;

import io.nephos.compute.server.ServerStore;
import io.nephos.contracts.events.v1.HostEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * A host went or came: its servers show it (host_status), and are looked at. A server being built there goes elsewhere; one
 * being deleted there is deleted as soon as the host is back.
 */
@ApplicationScoped
public class HostListener implements EventListener<HostEvent> {
    private static final Logger LOG = Logger.getLogger(HostListener.class);
    private final Database db;
    private final HostDirectory hosts;
    private final ServerStore servers;

    @Inject
    public HostListener(Database db, HostDirectory hosts, ServerStore servers) {
        this.db = db;
        this.hosts = hosts;
        this.servers = servers;
    }

    @Override
    public String topic() {
        return "nephos.scheduler.host";
    }

    @Override
    public HostEvent prototype() {
        return HostEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, HostEvent event) {
        LOG.infof("Host %s is %s", event.getName(), event.getUp() ? "up" : "down");
        if (event.getUp()) {
            hosts.refresh(event.getName());
        }
        db.run(tx -> {
            tx.execute(
                    "update HostRow set up = :up where name = :n", Map.of("up", event.getUp(), "n", event.getName()));
            servers.wakeHost(tx, event.getName());
            if (event.getUp()) {
                tx.list(String.class, "select id from ResidueRow where host = :h", Map.of("h", event.getName()))
                        .forEach(id -> tx.wake(ResidueRow.KIND, id));
            }
        });
    }
}
