package io.nephos.scheduler.claim;

import io.nephos.kit.data.Database;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.host.HostReader;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The hosts in the memory of this replica: read whole once, then only what has been written since. For one thread at a time.
 */
final class HostSnapshot {
    private static final String HORIZON = "select cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as horizon";
    private static final String CHANGED =
            "select h.id, p.generation, cast(h.changed as text) as changed from host h join resource_provider p on"
                    + " p.id = h.id where p.changed >= cast(cast($1 as text) as xid8) union select h.id, p.generation,"
                    + " cast(h.changed as text) from host h join resource_provider p on p.id = h.id"
                    + " where h.changed >= cast(cast($1 as text) as xid8)";
    private static final String GONE = "select id from host_gone where changed >= cast(cast($1 as text) as xid8)"
            + " and not exists (select 1 from host where host.id = host_gone.id)";

    private final Database database;
    private final HostReader reader;
    private final Weights weights;
    private final Map<String, String> changed = new HashMap<>();
    private HostTable table;
    private Optional<String> horizon = Optional.empty();
    private long followed;

    HostSnapshot(Database database, HostReader reader, Weights weights) {
        this.database = database;
        this.reader = reader;
        this.weights = weights;
        this.table = new HostTable(weights);
    }

    HostTable table() {
        return table;
    }

    /** As {@link #follow}, unless that was done not long ago. */
    void followAfter(Duration age) {
        if (horizon.isEmpty() || System.nanoTime() - followed > age.toNanos()) {
            follow();
        }
    }

    /** What was committed before this call is known after it. */
    void follow() {
        long now = System.nanoTime();
        String next = database.rows(HORIZON).getFirst().getString("horizon");
        if (horizon.isEmpty()) {
            rebuild();
        } else {
            catchUp(horizon.get());
        }
        horizon = Optional.of(next);
        followed = now;
    }

    /** What is in memory may be wrong: it is read anew before it is used again. */
    void forget() {
        horizon = Optional.empty();
    }

    /** Reads these again, whatever is thought of them. */
    void reload(Collection<String> ids) {
        Set<String> missing = new java.util.HashSet<>(ids);
        for (HostReader.Read read : reader.of(ids)) {
            put(read);
            missing.remove(read.host().id());
        }
        missing.forEach(this::remove);
    }

    /** This replica has advanced the provider itself: there is nothing to be read. */
    void advanced(String id) {
        table.find(id).ifPresent(host -> table.put(host.at(host.generation() + 1)));
    }

    private void rebuild() {
        table = new HostTable(weights);
        changed.clear();
        reader.all().forEach(this::put);
    }

    private void catchUp(String since) {
        List<String> stale = new ArrayList<>();
        for (Row row : database.rows(CHANGED, since)) {
            String id = row.getString("id");
            boolean known = row.getString("changed").equals(changed.get(id))
                    && table.find(id)
                            .filter(host -> host.generation() == row.getLong("generation"))
                            .isPresent();
            if (!known) {
                stale.add(id);
            }
        }
        database.rows(GONE, since).forEach(row -> remove(row.getString("id")));
        reader.of(stale).forEach(this::put);
    }

    private void put(HostReader.Read read) {
        Host host = read.host();
        table.put(host);
        changed.put(host.id(), read.changed());
    }

    private void remove(String id) {
        table.remove(id);
        changed.remove(id);
    }
}
