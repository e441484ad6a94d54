package io.nephos.compute.server;

import io.nephos.kit.data.Database;
import io.nephos.kit.tenant.ProjectBelongings;
import io.nephos.kit.tenant.Purge;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A project's servers; with a deleted project its limits go, its access to flavors and its groups without servers. */
@ApplicationScoped
class ServerBelongings implements ProjectBelongings {
    private static final String EMPTY_GROUPS = "delete from ServerGroupRow g where g.projectId = :p and not exists"
            + " (select 1 from ServerRow s where s.groupId = g.id)";

    private final Database db;
    private final ServerAccess servers;

    @Inject
    ServerBelongings(Database db, ServerAccess servers) {
        this.db = db;
        this.servers = servers;
    }

    @Override
    public Map<String, String> owners() {
        Map<String, String> owners = new LinkedHashMap<>();
        owners.put("servers", "select project_id from server");
        owners.put("server_groups", "select project_id from server_group");
        return owners;
    }

    @Override
    public void forget(String projectId) {
        Map<String, String> project = Map.of("p", projectId);
        db.run(tx -> {
            tx.execute("delete from QuotaRow where projectId = :p", project);
            tx.execute("delete from FlavorAccessRow where projectId = :p", project);
            tx.execute(EMPTY_GROUPS, project);
        });
    }

    @Override
    public void purge(Caller administrator, String projectId, Purge purge) {
        List<String> ids = db
                .read(tx -> tx.list(
                        ServerRow.class, "from ServerRow where projectId = :p order by id", Map.of("p", projectId)))
                .stream()
                .map(row -> row.id)
                .toList();
        purge.each("servers", ids, servers::delete);
        db.run(tx -> tx.execute(EMPTY_GROUPS, Map.of("p", projectId)));
    }
}
