package io.nephos.compute.volume;

import io.nephos.compute.api.Times;
import io.nephos.compute.server.Phase;
import io.nephos.compute.server.ServerStore;
import io.nephos.contracts.events.v1.AttachmentEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** An attachment changed in block-service. One that was taken away there leaves the server too. */
@ApplicationScoped
public class AttachmentListener implements EventListener<AttachmentEvent> {
    private final Database db;
    private final ServerStore servers;

    @Inject
    public AttachmentListener(Database db, ServerStore servers) {
        this.db = db;
        this.servers = servers;
    }

    @Override
    public String topic() {
        return "nephos.block.attachment";
    }

    @Override
    public AttachmentEvent prototype() {
        return AttachmentEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, AttachmentEvent event) {
        Optional<VolumeRow> known = db.read(tx -> tx.find(VolumeRow.class, event.getId()));
        known.ifPresent(row -> servers.change(row.serverId, (tx, server) -> {
            if (event.getStatus().equals("deleted") && server.row().phase == Phase.RUN) {
                server.volumes().stream()
                        .filter(volume -> volume.id.equals(event.getId()) && !volume.leaving)
                        .forEach(volume -> {
                            server.redefine(Times.now());
                            volume.leaving = true;
                            volume.leavingAt = server.row().generation;
                            tx.update(volume);
                        });
            }
            servers.wake(tx, row.serverId);
            return true;
        }));
    }
}
