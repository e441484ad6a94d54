package io.nephos.compute.quota;

import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ProjectEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.event.EventListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * A project was deleted: its limits and its access to flavors go, and so do groups without servers. Servers stay, as they do
 * in Nova; the log names how many.
 */
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
        Map<String, String> project = Map.of("p", event.getId());
        long servers = db.write(tx -> {
            tx.execute("delete from QuotaRow where projectId = :p", project);
            tx.execute("delete from FlavorAccessRow where projectId = :p", project);
            tx.execute(
                    "delete from ServerGroupRow g where g.projectId = :p and not exists"
                            + " (select 1 from ServerRow s where s.groupId = g.id)",
                    project);
            return tx.count("select count(*) from ServerRow where projectId = :p", project);
        });
        if (servers > 0) {
            LOG.warnf("Project %s was deleted and has %d servers left", event.getId(), servers);
        }
    }
}
