package io.nephos.scheduler.claim;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A server that is gone holds nothing. */
@ApplicationScoped
public class ServerListener implements EventListener<ServerEvent> {
    private final Claims claims;

    @Inject
    public ServerListener(Claims claims) {
        this.claims = claims;
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
            claims.release(event.getId());
        }
    }
}
