package io.nephos.network.ovn;

import io.nephos.kit.data.Database;
import io.nephos.network.fabric.Scope;
import io.nephos.network.router.RouterRow;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** OVN's Southbound database, only read: which hosts there are and which physical networks they reach. */
@ApplicationScoped
public class Southbound {
    private static final Logger LOG = Logger.getLogger(Southbound.class);

    /** A host as OVN knows it. */
    public record Chassis(String name, String hostname, Map<String, String> config) {}

    private final Database database;
    private final OvsdbReplica replica;
    private final Semaphore changes = new Semaphore(0);
    private volatile boolean stopping;

    @Inject
    public Southbound(Database database, @ConfigProperty(name = "nephos.network.ovn.sb") String address) {
        this.database = database;
        this.replica = new OvsdbReplica(
                address,
                "OVN_Southbound",
                Map.of(
                        "Chassis", List.of("name", "hostname", "other_config"),
                        "Chassis_Private", List.of("name", "nb_cfg", "nb_cfg_timestamp")),
                row -> Optional.empty(),
                new OvsdbReplica.Listener() {
                    @Override
                    public void connected() {
                        changes.release();
                    }

                    @Override
                    public void changed(String table, OvsdbRow row) {
                        if (table.equals("Chassis")) {
                            changes.release();
                        }
                    }

                    @Override
                    public void removed(String table, OvsdbRow row) {
                        changed(table, row);
                    }
                });
    }

    void start(@Observes @Priority(Integer.MAX_VALUE - 20) StartupEvent event) {
        replica.start();
        Thread.ofVirtual().name("ovn-chassis").start(this::follow);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        replica.stop();
    }

    boolean ready() {
        return replica.ready();
    }

    public List<Chassis> chassis() {
        if (!replica.ready()) {
            throw new OvsdbException("OVN's Southbound database is away.");
        }
        return replica.table("Chassis").values().stream()
                .map(row -> new Chassis(
                        row.text("name").orElse(""), row.text("hostname").orElse(""), row.map("other_config")))
                .sorted(Comparator.comparing(Chassis::name))
                .toList();
    }

    /** The hosts whose controllers have seen that sequence number of the Northbound database, and when. */
    Map<String, Instant> caughtUp(long sequence) {
        Map<String, Instant> heard = new HashMap<>();
        for (OvsdbRow row : replica.table("Chassis_Private").values()) {
            if (row.number("nb_cfg") >= sequence) {
                heard.put(row.text("name").orElse(""), Instant.ofEpochMilli(row.number("nb_cfg_timestamp")));
            }
        }
        return heard;
    }

    /** Names of the hosts on that physical network, those that offer themselves as gateways first. */
    List<String> chassisReaching(String physicalNetwork) {
        List<Chassis> able = chassis().stream()
                .filter(one -> physicalNetwork.isEmpty() || maps(one, physicalNetwork))
                .toList();
        List<Chassis> offering = able.stream()
                .filter(one -> one.config().getOrDefault("ovn-cms-options", "").contains("enable-chassis-as-gw"))
                .toList();
        return (offering.isEmpty() ? able : offering)
                .stream().map(Chassis::name).toList();
    }

    private static boolean maps(Chassis chassis, String physicalNetwork) {
        return Arrays.stream(
                        chassis.config().getOrDefault("ovn-bridge-mappings", "").split(","))
                .anyMatch(mapping -> mapping.strip().startsWith(physicalNetwork + ":"));
    }

    // A host came or changed: routers with a gateway may want it.
    private void follow() {
        while (!stopping) {
            try {
                changes.acquire();
                changes.drainPermits();
                database.run(tx -> tx.list(
                                RouterRow.class, "from RouterRow r where r.externalNetworkId is not null", Map.of())
                        .forEach(router -> Scope.router(router.id).wake(tx)));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.debugf("Gateways are looked at later: %s", e.getMessage());
                changes.release();
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
