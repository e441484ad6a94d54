package io.nephos.compute.server;

import io.nephos.compute.host.HostDirectory;
import io.nephos.kit.background.Background;
import io.nephos.kit.data.Database;
import io.nephos.kit.reconcile.Reconciler;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Now and then, whatever events came or did not: servers that are not at rest are looked at, hosts are asked for anew, and
 * the timelines of servers that are long gone are forgotten.
 */
@ApplicationScoped
public class ServerSweep implements Reconciler {
    private static final String KIND = "server-sweep";
    private static final Duration INTERVAL = Duration.ofSeconds(60);
    private final Database db;
    private final HostDirectory hosts;
    private final int historyDays;

    @Inject
    public ServerSweep(
            Database db,
            HostDirectory hosts,
            @ConfigProperty(name = "nephos.compute.history-days", defaultValue = "90") int historyDays) {
        this.db = db;
        this.hosts = hosts;
        this.historyDays = historyDays;
    }

    void start(@Observes StartupEvent event, Background background) {
        background.once(KIND, () -> db.run(tx -> tx.wake(KIND, "all")));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        db.execute("insert into reconcile_task (kind, id, due_at) select 'server', id, now() from server"
                + " where phase in ('BUILD', 'RETRY', 'FAIL', 'DELETE') or (phase = 'RUN' and (task <> 'NONE'"
                + " or ports_stale or generation <> observed_generation or desired_power <> observed_power))"
                + " on conflict (kind, id) do nothing");
        db.run(tx -> tx.executeNative(
                "delete from action a where a.updated_at < now() - :days * interval '1 day'"
                        + " and not exists (select 1 from server s where s.id = a.server_id)",
                Map.of("days", historyDays)));
        hosts.refreshAll();
        return Reconciler.again(INTERVAL);
    }
}
