package io.nephos.image.member;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A project that is gone is a member of no image. */
@ApplicationScoped
class ProjectListener implements EventListener<ProjectEvent> {
    private final MemberStore members;

    @Inject
    ProjectListener(MemberStore members) {
        this.members = members;
    }

    @Override
    public String topic() {
        return "nephos.identity.project";
    }

    @Override
    public ProjectEvent prototype() {
        return ProjectEvent.getDefaultInstance();
    }

    @Override
    public void on(String key, ProjectEvent event) {
        if (event.getChange() == Change.CHANGE_DELETED) {
            members.forget(event.getId());
        }
    }
}
