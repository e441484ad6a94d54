package io.nephos.scheduler.claim;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.kit.background.Background;
import io.nephos.kit.background.Rhythm;
import io.nephos.kit.data.Database;
import io.nephos.rpc.Peers;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Compares the consumers that compute claimed for, once they are a minute old, with the servers that exist, and gives back
 * what the others held. Each repair is a bug or a crash somewhere; {@code nephos.scheduler.consumers.repaired} counts them.
 */
@ApplicationScoped
public class ClaimSweeper {
    private static final Logger LOG = Logger.getLogger(ClaimSweeper.class);
    private static final int BATCH = 500;

    private final Database database;
    private final Claims claims;
    private final Peers peers;
    private final Duration period;
    private final Counter repaired;

    @Inject
    public ClaimSweeper(
            Database database,
            Claims claims,
            Peers peers,
            MeterRegistry metrics,
            @ConfigProperty(name = "nephos.scheduler.sweep-period", defaultValue = "60s") Duration period) {
        this.database = database;
        this.claims = claims;
        this.peers = peers;
        this.period = period;
        this.repaired = metrics.counter("nephos.scheduler.consumers.repaired");
    }

    void start(@Observes StartupEvent event, Background background) {
        background.repeat("consumer-sweeper", Rhythm.every(period), this::sweep);
    }

    void sweep() {
        Map<String, String> batch = old("");
        while (!batch.isEmpty()) {
            Set<String> existing = Set.copyOf(ComputeGrpc.newBlockingStub(peers.channel("compute"))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .findServers(FindServersRequest.newBuilder()
                            .addAllIds(Set.copyOf(batch.values()))
                            .build())
                    .getExistingIdsList());
            batch.forEach((id, server) -> {
                if (!existing.contains(server) && claims.release(id)) {
                    repaired.increment();
                    LOG.warnf("Consumer %s held allocations but is no server any more; they were given back", id);
                }
            });
            batch = old(Collections.max(batch.keySet()));
        }
    }

    /** For each consumer the server that it is held for: itself, or the one that moves. */
    private Map<String, String> old(String after) {
        Map<String, String> old = new TreeMap<>();
        for (Row row : database.rows(
                "select id, coalesce(moves_consumer, id) as server from consumer where claimed_by = 'compute'"
                        + " and id > $1 and created_at < now() - interval '1 minute' order by id limit " + BATCH,
                after)) {
            old.put(row.getString("id"), row.getString("server"));
        }
        return old;
    }
}
