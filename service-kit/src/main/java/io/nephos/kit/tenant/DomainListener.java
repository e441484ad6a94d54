package io.nephos.kit.tenant;

import io.nephos.contracts.events.v1.DomainEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Domains made, changed, disabled and deleted; of a deleted one each project is told of as well. */
@ApplicationScoped
public class DomainListener implements EventListener<DomainEvent> {
    public static final String TOPIC = "nephos.identity.domain";
    private final Tenants tenants;

    @Inject
    public DomainListener(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public String topic() {
        return TOPIC;
    }

    @Override
    public DomainEvent prototype() {
        return DomainEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, DomainEvent event) {
        tenants.domain(event.getId(), event.getName(), State.of(event.getChange()), event.getGeneration());
    }
}
