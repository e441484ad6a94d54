package io.nephos.compute.aggregate;

import io.nephos.compute.host.HostDirectory;
import io.nephos.compute.peer.Scheduler;
import io.nephos.kit.data.Database;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/** Makes the scheduler know an aggregate as its row has it. */
@ApplicationScoped
public class AggregateReconciler implements Reconciler {
    private final Database db;
    private final Scheduler scheduler;
    private final HostDirectory hosts;

    @Inject
    public AggregateReconciler(Database db, Scheduler scheduler, HostDirectory hosts) {
        this.db = db;
        this.scheduler = scheduler;
        this.hosts = hosts;
    }

    @Override
    public String kind() {
        return AggregateRow.KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        Optional<AggregateRow> found = db.read(tx -> tx.find(AggregateRow.class, Integer.valueOf(id)));
        if (found.isEmpty()) {
            return Reconciler.done();
        }
        AggregateRow row = found.get();
        if (row.deleted) {
            scheduler.removeAggregate(row.uuid);
            db.run(tx -> tx.execute("delete from AggregateRow where id = :id", Map.of("id", row.id)));
        } else {
            Aggregate aggregate = new Aggregate(row);
            scheduler.putAggregate(row.uuid, row.name, aggregate.metadata(), aggregate.hosts());
        }
        hosts.refreshZones();
        db.execute(
                "update aggregate set applied_generation = $2 where id = $1 and applied_generation < $2",
                row.id,
                row.generation);
        return Reconciler.done();
    }
}
