package io.nephos.network.server;

import io.nephos.contracts.compute.v1.ComputeGrpc;
import io.nephos.contracts.compute.v1.FindServersRequest;
import io.nephos.kit.data.Database;
import io.nephos.network.port.PortRow;
import io.nephos.network.port.Ports;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What servers hold here: ports. */
@ApplicationScoped
public class ServerPorts {
    private static final Logger LOG = Logger.getLogger(ServerPorts.class);
    private static final Duration YOUNG = Duration.ofMinutes(1);
    private static final int BATCH = 200;

    private final Database database;
    private final Ports ports;
    private final Peers peers;

    @Inject
    public ServerPorts(Database database, Ports ports, Peers peers) {
        this.database = database;
        this.ports = ports;
        this.peers = peers;
    }

    /** Gives back all that the server held; again does no harm. */
    void release(String serverId) {
        List<String> ids = database
                .read(tx -> tx.list(
                        PortRow.class,
                        "from PortRow r where r.deviceId = :server and r.deviceOwner like 'compute:%'",
                        Map.of("server", serverId)))
                .stream()
                .map(row -> row.id)
                .toList();
        for (String id : ids) {
            database.run(tx -> tx.lock(PortRow.class, id)
                    .filter(row -> row.deviceId.equals(serverId))
                    .ifPresent(row -> ports.release(tx, row)));
        }
    }

    /** Asks compute which of the servers that hold ports are there still. A server being made is left its minute. */
    void sweep() {
        Set<String> servers = new HashSet<>();
        database.read(tx -> tx.list(
                        PortRow.class,
                        "from PortRow r where r.deviceOwner like 'compute:%' and r.deviceId <> '' and r.updatedAt < :old",
                        Map.of("old", Instant.now().minus(YOUNG))))
                .forEach(row -> servers.add(row.deviceId));
        List<String> all = servers.stream().sorted().toList();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<String> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            Set<String> existing = Set.copyOf(ComputeGrpc.newBlockingStub(peers.channel("compute"))
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .findServers(
                            FindServersRequest.newBuilder().addAllIds(batch).build())
                    .getExistingIdsList());
            batch.stream().filter(id -> !existing.contains(id)).forEach(id -> {
                LOG.infof("Server %s is gone; its ports are given back", id);
                release(id);
            });
        }
    }
}
