package io.nephos.compute.host;

import io.grpc.StatusRuntimeException;
import io.nephos.compute.peer.Agents;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ImageEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** A deleted image leaves the caches of the hosts; one that does not answer evicts it by age. */
@ApplicationScoped
public class ImageListener implements EventListener<ImageEvent> {
    private static final Logger LOG = Logger.getLogger(ImageListener.class);
    private final HostDirectory hosts;
    private final Agents agents;

    @Inject
    public ImageListener(HostDirectory hosts, Agents agents) {
        this.hosts = hosts;
        this.agents = agents;
    }

    @Override
    public String topic() {
        return "nephos.image.image";
    }

    @Override
    public ImageEvent prototype() {
        return ImageEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, ImageEvent event) {
        if (event.getChange() != Change.CHANGE_DELETED || event.getSha512().isEmpty()) {
            return;
        }
        for (HostRow host : hosts.up()) {
            try {
                agents.evict(host.agentAddress, event.getSha512());
            } catch (StatusRuntimeException e) {
                LOG.infof("Image %s stays in the cache of %s: %s", event.getId(), host.name, e.getMessage());
            }
        }
    }
}
