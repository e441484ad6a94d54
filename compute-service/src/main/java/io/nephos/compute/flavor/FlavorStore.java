package io.nephos.compute.flavor;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Flavors and who may use the private ones. */
@ApplicationScoped
public class FlavorStore {
    private final Database db;

    @Inject
    public FlavorStore(Database db) {
        this.db = db;
    }

    /** 404 also for a private flavor that the project has no access to, unless {@code all}. */
    public FlavorRow get(String id, String projectId, boolean all) {
        return db.read(tx -> find(tx, id, projectId, all)).orElseThrow(() -> notFound(id));
    }

    /** The public ones, those the project may use, and with {@code all} every one; in Nova's order. */
    public List<FlavorRow> list(String projectId, boolean all) {
        return db.read(tx -> all
                ? tx.list(FlavorRow.class, "from FlavorRow order by id", Map.of())
                : tx.list(
                        FlavorRow.class,
                        "from FlavorRow f where f.isPublic = true or f.id in"
                                + " (select a.flavorId from FlavorAccessRow a where a.projectId = :p) order by f.id",
                        Map.of("p", projectId)));
    }

    private static Optional<FlavorRow> find(Transaction tx, String id, String projectId, boolean all) {
        return tx.find(FlavorRow.class, id)
                .filter(flavor -> all
                        || flavor.isPublic
                        || tx.find(FlavorAccessRow.class, new FlavorAccessRow.Key(id, projectId))
                                .isPresent());
    }

    static FaultException notFound(String id) {
        return Fault.notFound("Flavor " + id + " could not be found.");
    }
}
