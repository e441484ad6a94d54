package io.nephos.kit.tenant;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Projects made, changed, disabled and deleted. */
@ApplicationScoped
public class ProjectListener implements EventListener<ProjectEvent> {
    public static final String TOPIC = "nephos.identity.project";
    private final Tenants tenants;

    @Inject
    public ProjectListener(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public String topic() {
        return TOPIC;
    }

    @Override
    public ProjectEvent prototype() {
        return ProjectEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, ProjectEvent event) {
        tenants.project(
                event.getId(),
                event.getDomainId(),
                event.getName(),
                State.of(event.getChange()),
                event.getGeneration());
        if (event.getChange() == Change.CHANGE_DELETED) {
            tenants.forget(event.getId());
        }
    }
}
