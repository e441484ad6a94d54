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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The hosts in the memory of this replica: read whole once, then only what has been written since. For one thread at a time.
 */
final class HostSnapshot {
    private static final String HORIZON = "select cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as id";
    private static final String SINCE = " >= cast(cast($1 as text) as xid8)";
    private static final String HOST = "select 'host' as kind, h.id, p.generation, cast(h.changed as text) as changed"
            + " from host h join resource_provider p on p.id = h.id where ";
    // One statement sees one state: its horizon is that of what it reads.
    private static final String NEWS = "select 'horizon' as kind, cast(pg_snapshot_xmin(pg_current_snapshot()) as text)"
            + " as id, cast(0 as bigint) as generation, '' as changed union all (" + HOST + "p.changed" + SINCE
            + " union "
            + HOST + "h.changed" + SINCE + ") union all select 'gone', id, 0, '' from host_gone where changed" + SINCE
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
        if (horizon.isEmpty()) {
            String next = database.rows(HORIZON).getFirst().getString("id");
            rebuild();
            horizon = Optional.of(next);
        } else {
            horizon = Optional.of(catchUp(horizon.get()));
        }
        followed = now;
    }

    /** What is in memory may be wrong: it is read anew before it is used again. */
    void forget() {
        horizon = Optional.empty();
    }

    /** Reads these again, whatever is thought of them. */
    void reload(Collection<String> ids) {
        Set<String> missing = new HashSet<>(ids);
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

    private String catchUp(String since) {
        String next = since;
        List<String> stale = new ArrayList<>();
        for (Row row : database.rows(NEWS, since)) {
            String id = row.getString("id");
            switch (row.getString("kind")) {
                case "horizon" -> next = id;
                case "gone" -> remove(id);
                default -> {
                    if (!known(id, row.getLong("generation"), row.getString("changed"))) {
                        stale.add(id);
                    }
                }
            }
        }
        reader.of(stale).forEach(this::put);
        return next;
    }

    private boolean known(String id, long generation, String written) {
        return written.equals(changed.get(id))
                && table.find(id)
                        .filter(host -> host.generation() == generation)
                        .isPresent();
    }

    private void put(HostReader.Read read) {
        Host host = table.find(read.host().id()).map(read.host()::sharingWith).orElse(read.host());
        table.put(host);
        changed.put(host.id(), read.changed());
    }

    private void remove(String id) {
        table.remove(id);
        changed.remove(id);
    }
}
