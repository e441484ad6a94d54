package io.nephos.block.quota;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** A project was deleted: the limits set for it go. Its volumes stay, as OpenStack leaves them; the log names how many. */
@ApplicationScoped
public class ProjectListener implements EventListener<ProjectEvent> {
    private static final Logger LOG = Logger.getLogger(ProjectListener.class);
    private final Database db;

    @Inject
    public ProjectListener(Database db) {
        this.db = db;
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
        if (event.getChange() != Change.CHANGE_DELETED) {
            return;
        }
        db.execute("delete from quota_limit where project_id = $1", event.getId());
        int left = db.rows("select 1 from volume where project_id = $1", event.getId())
                .size();
        if (left > 0) {
            LOG.warnf("Project %s was deleted and has %d volumes left", event.getId(), left);
        }
    }
}
