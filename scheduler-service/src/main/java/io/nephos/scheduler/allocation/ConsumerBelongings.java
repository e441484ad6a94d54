package io.nephos.scheduler.allocation;

import io.nephos.kit.data.Database;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.tenant.ProjectBelongings;
import io.nephos.kit.tenant.Purge;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** What a project's consumers hold. What a service claimed goes with its server; what came through the API can be purged. */
@ApplicationScoped
class ConsumerBelongings implements ProjectBelongings {
    private final Database database;
    private final AllocationStore allocations;

    @Inject
    ConsumerBelongings(Database database, AllocationStore allocations) {
        this.database = database;
        this.allocations = allocations;
    }

    @Override
    public Map<String, String> owners() {
        return Map.of("consumers", "select project_id from consumer");
    }

    @Override
    public void purge(Caller administrator, String projectId, Purge purge) {
        purge.each(
                "consumers",
                ids(projectId, "claimed_by is null"),
                id -> database.run(tx -> allocations.release(tx, id)));
        purge.each("consumers", ids(projectId, "claimed_by is not null"), id -> {
            throw Fault.conflict("It is a server's, and goes with it.");
        });
    }

    private List<String> ids(String projectId, String which) {
        return database
                .rows("select id from consumer where project_id = $1 and " + which + " order by id", projectId)
                .stream()
                .map(row -> row.getString("id"))
                .toList();
    }
}
