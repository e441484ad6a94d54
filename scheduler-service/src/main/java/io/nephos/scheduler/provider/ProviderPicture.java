package io.nephos.scheduler.provider;

import io.nephos.kit.data.Database;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * All providers in the memory of this replica: read whole at the first question, then only what has been written since.
 *
 * <p>An answer is never older than the question, whichever replica wrote and whichever answers: before each look the database
 * is asked which providers were written since the last one (an indexed question, that costs by what has changed), and those
 * are read. Several who wait for that share one. So it is as fresh as Placement's own answers, which read everything.
 */
@ApplicationScoped
public class ProviderPicture {
    private static final String HORIZON = "select cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as id";
    private static final String SINCE = " >= cast(cast($1 as text) as xid8)";
    // One statement sees one state: its horizon is that of what it reads.
    private static final String NEWS = "select 'horizon' as kind, cast(pg_snapshot_xmin(pg_current_snapshot()) as text)"
            + " as id, '' as changed union all select 'written', id, cast(changed as text) from resource_provider"
            + " where changed" + SINCE + " union all select 'gone', id, '' from provider_gone where changed" + SINCE
            + " and not exists (select 1 from resource_provider p where p.id = provider_gone.id)";

    private final Database database;
    private final ProviderStore providers;
    private final ReentrantLock lock = new ReentrantLock(true);
    private Forest forest = new Forest();
    private Optional<String> horizon = Optional.empty();
    private Map<String, String> written = new HashMap<>();
    private long followed;

    @Inject
    public ProviderPicture(Database database, ProviderStore providers) {
        this.database = database;
        this.providers = providers;
    }

    /** The work sees what was committed before this call; it is short, and keeps nothing but the providers. */
    public <T> T look(Function<Forest, T> work) {
        long asked = System.nanoTime();
        lock.lock();
        try {
            // Who followed after this was asked has seen all that this must see.
            if (horizon.isEmpty() || followed - asked <= 0) {
                follow();
            }
            return work.apply(forest);
        } finally {
            lock.unlock();
        }
    }

    private void follow() {
        long now = System.nanoTime();
        Optional<String> since = horizon;
        horizon = Optional.empty(); // until it has been followed
        if (since.isEmpty()) {
            String next = database.rows(HORIZON).getFirst().getString("id");
            forest = Forest.of(providers.all());
            written = new HashMap<>();
            horizon = Optional.of(next);
        } else {
            horizon = Optional.of(catchUp(since.get()));
        }
        followed = now;
    }

    private String catchUp(String since) {
        String next = since;
        Map<String, String> news = new HashMap<>();
        List<String> stale = new ArrayList<>();
        for (Row row : database.rows(NEWS, since)) {
            String id = row.getString("id");
            switch (row.getString("kind")) {
                case "horizon" -> next = id;
                case "gone" -> forest.remove(id);
                default -> {
                    String changed = row.getString("changed");
                    news.put(id, changed);
                    if (!changed.equals(written.get(id))) {
                        stale.add(id);
                    }
                }
            }
        }
        if (!stale.isEmpty()) {
            providers.of(stale).forEach(forest::put);
        }
        written = news;
        return next;
    }
}
