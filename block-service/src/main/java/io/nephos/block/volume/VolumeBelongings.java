package io.nephos.block.volume;

import io.nephos.kit.data.Database;
import io.nephos.kit.tenant.ProjectBelongings;
import io.nephos.kit.tenant.Purge;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** A project's volumes; with a deleted project its limits go and its access to volume types. */
@ApplicationScoped
class VolumeBelongings implements ProjectBelongings {
    private final Database db;
    private final VolumeStore volumes;

    @Inject
    VolumeBelongings(Database db, VolumeStore volumes) {
        this.db = db;
        this.volumes = volumes;
    }

    @Override
    public Map<String, String> owners() {
        return Map.of("volumes", "select project_id from volume");
    }

    @Override
    public void forget(String projectId) {
        db.execute("delete from quota_limit where project_id = $1", projectId);
        db.execute("delete from volume_type_access where project_id = $1", projectId);
    }

    @Override
    public void purge(Caller administrator, String projectId, Purge purge) {
        List<String> ids = db.rows("select id from volume where project_id = $1 order by id", projectId).stream()
                .map(row -> row.getString("id"))
                .toList();
        purge.each("volumes", ids, id -> volumes.delete(administrator, id));
    }
}
