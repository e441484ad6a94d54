package io.nephos.block.attachment;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/** What a server that is gone had attached is given back. */
@ApplicationScoped
public class ServerListener implements EventListener<ServerEvent> {
    private final AttachmentStore attachments;

    @Inject
    public ServerListener(AttachmentStore attachments) {
        this.attachments = attachments;
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
            attachments.ofServers(List.of(event.getId())).forEach(attachment -> attachments.detach(attachment.id));
        }
    }
}
