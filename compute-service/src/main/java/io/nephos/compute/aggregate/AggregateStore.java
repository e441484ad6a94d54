package io.nephos.compute.aggregate;

import io.nephos.compute.api.Times;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Aggregates in PostgreSQL. Changes of all of them are one after the other: which zone a host is in is said by several. */
@ApplicationScoped
class AggregateStore {
    private static final Duration FELT = Duration.ofSeconds(3);
    private final Database db;

    @Inject
    AggregateStore(Database db) {
        this.db = db;
    }

    /** What becomes of an aggregate, knowing all of them. */
    interface Change {
        void apply(Transaction tx, Aggregate aggregate, List<Aggregate> all);
    }

    List<Aggregate> all() {
        return db.read(AggregateStore::all);
    }

    private static List<Aggregate> all(Transaction tx) {
        return tx.list(AggregateRow.class, "from AggregateRow where deleted = false order by id", Map.of()).stream()
                .map(Aggregate::new)
                .toList();
    }

    /** 404 when there is none. */
    Aggregate get(int id) {
        return db.read(tx -> tx.find(AggregateRow.class, id))
                .filter(row -> !row.deleted)
                .map(Aggregate::new)
                .orElseThrow(() -> notFound(String.valueOf(id)));
    }

    Aggregate create(String name, Map<String, String> metadata) {
        AggregateRow row = new AggregateRow();
        row.uuid = UUID.randomUUID().toString();
        row.createdAt = Times.now();
        Aggregate made = new Aggregate(row);
        db.run(tx -> {
            tx.serialize("aggregates");
            row.id = tx.listNative(Long.class, "select nextval('aggregate_id')", Map.of())
                    .getFirst()
                    .intValue();
            name(row, name, all(tx));
            metadata.forEach((key, value) -> made.setMetadata(Map.of(key, value)));
            row.generation = 1;
            tx.insert(row);
            tx.wake(AggregateRow.KIND, String.valueOf(row.id));
        });
        felt(row);
        return made;
    }

    /** Changes one, knowing all; returns when the scheduler goes by it, or soon. 404 when there is none. */
    Aggregate change(int id, Change change) {
        AggregateRow changed = db.write(tx -> {
            tx.serialize("aggregates");
            AggregateRow row = tx.lock(AggregateRow.class, id)
                    .filter(found -> !found.deleted)
                    .orElseThrow(() -> notFound(String.valueOf(id)));
            change.apply(tx, new Aggregate(row), all(tx));
            row.generation++;
            row.updatedAt = Times.now();
            tx.update(row);
            tx.wake(AggregateRow.KIND, String.valueOf(id));
            return row;
        });
        felt(changed);
        return new Aggregate(changed);
    }

    /** 409 when another one has that name. */
    static void name(AggregateRow row, String name, List<Aggregate> all) {
        if (all.stream()
                .anyMatch(other -> other.row().id != row.id && other.row().name.equals(name))) {
            throw Fault.conflict("Aggregate " + name + " already exists.");
        }
        row.name = name;
    }

    static FaultException notFound(String id) {
        return Fault.notFound("Aggregate " + id + " could not be found.");
    }

    /** Whoever puts a host into a zone uses that zone next: he is answered when it counts, if that is soon. */
    private void felt(AggregateRow row) {
        Instant end = Instant.now().plus(FELT);
        while (Instant.now().isBefore(end)) {
            List<Row> now = db.rows("select applied_generation from aggregate where id = $1", row.id);
            if (now.isEmpty() || now.getFirst().getLong(0) >= row.generation) {
                return;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
