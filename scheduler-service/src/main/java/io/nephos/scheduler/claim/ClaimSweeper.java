package io.nephos.scheduler.claim;

import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.kit.data.Database;
import io.nephos.kit.fault.FaultException;
import io.nephos.rpc.Peers;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private volatile boolean stopping;

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

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("consumer-sweeper").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void run() {
        while (!stopping) {
            try {
                Thread.sleep(period);
                sweep();
            } catch (InterruptedException e) {
                return;
            } catch (FaultException | StatusRuntimeException e) {
                LOG.debugf("Consumers cannot be compared now: %s", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("Consumers cannot be compared", e);
            }
        }
    }

    void sweep() {
        String after = "";
        while (!stopping) {
            List<String> batch = old(after);
            if (batch.isEmpty()) {
                return;
            }
            List<String> gone = new ArrayList<>(batch);
            gone.removeAll(ComputeGrpc.newBlockingStub(peers.channel("compute"))
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .findServers(
                            FindServersRequest.newBuilder().addAllIds(batch).build())
                    .getExistingIdsList());
            for (String id : gone) {
                if (claims.release(id)) {
                    repaired.increment();
                    LOG.warnf("Consumer %s held allocations but is no server any more; they were given back", id);
                }
            }
            after = batch.getLast();
        }
    }

    private List<String> old(String after) {
        return database
                .rows(
                        "select id from consumer where claimed_by = 'compute' and id > $1"
                                + " and created_at < now() - interval '1 minute' order by id limit " + BATCH,
                        after)
                .stream()
                .map((Row row) -> row.getString("id"))
                .toList();
    }
}
