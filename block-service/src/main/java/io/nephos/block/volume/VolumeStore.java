package io.nephos.block.volume;

import io.nephos.block.BlockApi;
import io.nephos.block.quota.QuotaStore;
import io.nephos.block.volume.Volume.Held;
import io.nephos.block.volume.Volume.Status;
import io.nephos.block.volume.Volume.Task;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Volumes in the database, who sees which, and the changes that clients ask for. */
@ApplicationScoped
public class VolumeStore {
    private final Database database;
    private final Policy policy;
    private final QuotaStore quotas;

    @Inject
    public VolumeStore(Database database, Policy policy, QuotaStore quotas) {
        this.database = database;
        this.policy = policy;
        this.quotas = quotas;
    }

    /** 413 when it does not fit the project's quota. */
    void create(VolumeRow volume) {
        database.run(tx -> {
            quotas.take(tx, volume.projectId, volume.typeId, volume.sizeGib);
            volume.task = Task.CREATE.wire();
            tx.insert(volume);
            tx.wake(VolumeReconciler.KIND, volume.id);
        });
    }

    public Optional<VolumeRow> find(String id) {
        return database.rows("select * from volume where id = $1", id).stream()
                .findFirst()
                .map(VolumeRow::of);
    }

    /** The volume when that caller may know of it, else 404; then 403 unless the rule allows this. */
    public VolumeRow permitted(String rule, Caller caller, String id) {
        VolumeRow volume = find(id).orElseThrow(() -> missing(id));
        require(rule, caller, volume);
        return volume;
    }

    /** As {@link #permitted}, then changes the row under its lock. */
    public VolumeRow change(String rule, Caller caller, String id, BiConsumer<Transaction, VolumeRow> change) {
        return database.write(tx -> {
            VolumeRow volume = tx.lock(VolumeRow.class, id).orElseThrow(() -> missing(id));
            require(rule, caller, volume);
            change.accept(tx, volume);
            volume.updatedAt = BlockApi.now();
            tx.update(volume);
            return volume;
        });
    }

    /** What holds the volume; within a transaction that has its row locked this cannot change. */
    public static List<Held> held(Transaction tx, String volumeId) {
        return tx
                .listNative(
                        String.class,
                        "select status from attachment where volume_id = :volume",
                        Map.of("volume", volumeId))
                .stream()
                .map(Held::of)
                .toList();
    }

    /** 400 when it is attached or in a state in which Cinder refuses. */
    void delete(Caller caller, String id) {
        change("volume:delete", caller, id, (tx, volume) -> {
            if (volume.task() == Task.DELETE) {
                return;
            }
            if (!Volume.deletable(volume.status(), !held(tx, id).isEmpty())) {
                throw Fault.badRequest("Invalid volume: Volume " + id + " is " + volume.status
                        + "; to be deleted it must be available or in error, and not attached.");
            }
            want(tx, volume, Task.DELETE, Status.DELETING);
        });
    }

    /** Its server is gone and takes it along; one that something else holds, or that is gone already, stays as it is. */
    public void deleteWithServer(String id) {
        database.run(tx -> tx.lock(VolumeRow.class, id)
                .filter(volume -> volume.task() != Task.DELETE)
                .filter(volume ->
                        Volume.deletable(volume.status(), !held(tx, id).isEmpty()))
                .ifPresent(volume -> {
                    want(tx, volume, Task.DELETE, Status.DELETING);
                    tx.update(volume);
                }));
    }

    /** Whatever its state is; what holds it loses it. */
    public void forceDelete(Caller caller, String id) {
        change("volume_extension:volume_admin_actions:force_delete", caller, id, (tx, volume) -> {
            List<String> attachments = tx.listNative(
                    String.class, "select id from attachment where volume_id = :volume", Map.of("volume", id));
            tx.executeNative(
                    "update attachment set status = 'detaching', generation = generation + 1 where volume_id = :volume",
                    Map.of("volume", id));
            attachments.forEach(attachment -> tx.wake("attachment", attachment));
            want(tx, volume, Task.DELETE, Status.DELETING);
        });
    }

    /** 400 unless it is available and grows; 413 when the growth does not fit the quota. */
    public void extend(Caller caller, String id, long newGib) {
        change("volume:extend", caller, id, (tx, volume) -> {
            if (volume.status() != Status.AVAILABLE) {
                throw Fault.badRequest("Invalid volume: Volume " + id + " must be available to be extended, but is "
                        + volume.status + ".");
            }
            if (newGib <= volume.sizeGib) {
                throw Fault.badRequest("Invalid input received: New size for extend must be greater than current size."
                        + " (current: " + volume.sizeGib + ", extended: " + newGib + ").");
            }
            quotas.grow(tx, volume.projectId, volume.typeId, newGib, newGib - volume.sizeGib);
            volume.wantedGib = newGib;
            want(tx, volume, Task.EXTEND, Status.EXTENDING);
        });
    }

    private static void want(Transaction tx, VolumeRow volume, Task task, Status status) {
        volume.task = task.wire();
        volume.taskSince = BlockApi.now();
        volume.status = status.wire();
        tx.wake(VolumeReconciler.KIND, volume.id);
    }

    /** One page. 400 for a marker that the caller does not see. */
    List<VolumeRow> list(VolumeQuery query, Caller caller) {
        query.marker().ifPresent(marker -> {
            try {
                permitted("volume:get", caller, marker);
            } catch (FaultException e) {
                throw Fault.badRequest("Invalid marker: volume " + marker + " could not be found.");
            }
        });
        if (query.limit() == 0) {
            return List.of();
        }
        VolumeSql sql = VolumeSql.of(query, caller.project());
        String text = sql.page(query);
        return database.rows(text, sql.parameters()).stream().map(VolumeRow::of).toList();
    }

    /** How many volumes the query finds, and their GiB together. */
    Map<String, Object> total(VolumeQuery query, Caller caller) {
        VolumeSql sql = VolumeSql.of(query, caller.project());
        Row row = database.rows(sql.total(), sql.parameters()).getFirst();
        return Map.of("total_count", row.getLong("number"), "total_size", row.getLong("gib"));
    }

    /** What holds each of these volumes. */
    Map<String, List<HeldBy>> holders(Collection<VolumeRow> volumes) {
        Map<String, List<HeldBy>> holders = new HashMap<>();
        if (volumes.isEmpty()) {
            return holders;
        }
        String[] ids = volumes.stream().map(volume -> volume.id).toArray(String[]::new);
        database.rows("select * from attachment where volume_id = any($1) order by created_at", (Object) ids)
                .forEach(row -> holders.computeIfAbsent(row.getString("volume_id"), id -> new ArrayList<>())
                        .add(holder(row)));
        return holders;
    }

    private static HeldBy holder(Row row) {
        String host = row.getString("host");
        return new HeldBy(
                row.getString("id"),
                row.getString("volume_id"),
                row.getString("server_id"),
                host.isEmpty() ? row.getString("host_name") : host,
                row.getString("device"),
                Held.of(row.getString("status")),
                row.getOffsetDateTime("attached_at"));
    }

    boolean isAdmin(Caller caller) {
        return policy.allows("context_is_admin", caller, Map.of());
    }

    private void require(String rule, Caller caller, VolumeRow volume) {
        if (!policy.allows("volume:get", caller, Map.of("project_id", volume.projectId))) {
            throw missing(volume.id);
        }
        policy.require(rule, caller, volume.projectId);
    }

    public static FaultException missing(String id) {
        return Fault.notFound("Volume " + id + " could not be found.");
    }
}
