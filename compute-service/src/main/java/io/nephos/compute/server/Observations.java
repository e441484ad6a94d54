package io.nephos.compute.server;

import io.nephos.compute.api.Times;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.kit.data.Database;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes what a host says it runs into the servers' rows. */
@ApplicationScoped
public class Observations {
    private final Database db;
    private final ServerStore store;

    @Inject
    public Observations(Database db, ServerStore store) {
        this.db = db;
        this.store = store;
    }

    /**
     * Returns the ids that no row asks for on this host. A server's row names its host before the host hears of the server,
     * and forgets it only after the host confirmed or was given up, so an instance without such a row is an orphan whenever
     * the report was made.
     */
    public List<String> apply(String host, boolean full, List<InstanceState> instances) {
        Map<String, String> hostOf = new HashMap<>();
        db.rows("select id, host from server where id = any($1)", (Object)
                        instances.stream().map(InstanceState::getId).toArray(String[]::new))
                .forEach(row -> hostOf.put(row.getString(0), row.getString(1)));
        List<String> orphans = new ArrayList<>();
        for (InstanceState instance : instances) {
            if (host.equals(hostOf.get(instance.getId()))) {
                observe(instance.getId(), InstanceSpecs.power(instance.getPowerState()), instance.getGeneration());
            } else {
                orphans.add(instance.getId());
            }
        }
        if (full) {
            missing(host, instances);
        }
        return orphans;
    }

    /** What the host was seen to run and does not name any more: the reconciler makes it again. */
    private void missing(String host, List<InstanceState> instances) {
        Set<String> named = instances.stream().map(InstanceState::getId).collect(Collectors.toSet());
        for (Row row : db.rows(
                "select id from server where host = $1 and phase = 'RUN' and observed_generation > 0"
                        + " and updated_at < now() - interval '30 seconds'",
                host)) {
            if (!named.contains(row.getString(0))) {
                observe(row.getString(0), Power.NOSTATE, 0);
            }
        }
    }

    private void observe(String id, Power power, long generation) {
        boolean news = db.rows("select 1 from server where id = $1 and observed_power <> $2", id, power.name())
                        .size()
                > 0;
        if (news) {
            store.change(id, (tx, server) -> {
                if (server.observe(power, generation, Times.now())) {
                    store.wake(tx, id);
                }
                return true;
            });
        }
    }
}
