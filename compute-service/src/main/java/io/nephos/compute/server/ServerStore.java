package io.nephos.compute.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.nephos.compute.api.Json;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import io.nephos.contracts.common.v1.Caller;
import io.nephos.contracts.events.v1.Change;
import io.nephos.contracts.events.v1.ServerEvent;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Servers with their ports and volumes. Every change holds the server's row, so that changes of one server never collide. */
@ApplicationScoped
public class ServerStore {
    static final String KIND = "server";
    private static final String TOPIC = "nephos.compute.server";
    private static final String UNPLACED =
            " where reservationId = :r and phase = :p and host = '' and attempts = 0 order by launchIndex";
    private final Database db;

    @Inject
    public ServerStore(Database db) {
        this.db = db;
    }

    public Optional<Server> find(String id) {
        return db.read(tx -> tx.find(ServerRow.class, id).map(row -> assemble(tx, row)));
    }

    /**
     * Changes a server in one transaction: {@code change} gets it with its row held, and what it did to the row is
     * written. Ports and volumes that it changed it writes itself, and those that came or went it adds to or takes from the
     * server's. Tells the world when what users see is different.
     * Empty when there is no such server.
     */
    public <T> Optional<T> change(String id, BiFunction<Transaction, Server, T> change) {
        return db.write(tx -> change(tx, id, change));
    }

    /** As {@link #change} in a transaction that does more. */
    <T> Optional<T> change(Transaction tx, String id, BiFunction<Transaction, Server, T> change) {
        return tx.lock(ServerRow.class, id).map(row -> {
            Server server = assemble(tx, row);
            String before = shown(server);
            T result = change.apply(tx, server);
            if (row.forgotten) {
                return result;
            }
            refreshCopies(server);
            tx.update(row);
            if (!before.equals(shown(server))) {
                publish(tx, row, Change.CHANGE_UPDATED);
            }
            return result;
        });
    }

    /** Of the servers of one request, those that are to be built and have no host yet, in their order. */
    List<Server> unplaced(String reservationId) {
        return db.read(
                tx -> tx.list(ServerRow.class, "from ServerRow" + UNPLACED, unplacedParameters(reservationId)).stream()
                        .map(row -> new Server(row, List.of(), List.of()))
                        .toList());
    }

    Optional<String> firstUnplaced(String reservationId) {
        return db.read(
                tx -> tx.first(String.class, "select id from ServerRow" + UNPLACED, unplacedParameters(reservationId)));
    }

    private static Map<String, ?> unplacedParameters(String reservationId) {
        return Map.of("r", reservationId, "p", Phase.BUILD);
    }

    private static String shown(Server server) {
        return server.row().phase + "/" + server.status() + "/" + server.row().host;
    }

    /** As {@link #change} for a request: 404 when there is no such server, and the reconciler is woken. */
    public <T> T request(String id, BiFunction<Transaction, Server, T> change) {
        return change(id, (tx, server) -> {
                    T result = change.apply(tx, server);
                    wake(tx, id);
                    return result;
                })
                .orElseThrow(() -> notFound(id));
    }

    void insert(Transaction tx, Server server) {
        server.row().addresses = Addresses.joined(server.ports());
        server.row().volumes = volumesView(server.volumes());
        tx.insert(server.row());
        server.ports().forEach(tx::insert);
        server.volumes().forEach(tx::insert);
        publish(tx, server.row(), Change.CHANGE_CREATED);
        wake(tx, server.row().id);
    }

    /**
     * Before the agent is first asked it is written that the host may run the server, and from which image. False: it is
     * not wanted there any more.
     */
    boolean mayStart(ServerRow planned) {
        return db.execute(
                        "update server set on_host = true, image_sha512 = $4, image_size = $5, image_format = $6,"
                                + " task = case when phase = 'BUILD' then 'SPAWNING' else task end,"
                                + " revision = revision + 1 where id = $1 and phase = $2 and host = $3",
                        planned.id,
                        planned.phase.name(),
                        planned.host,
                        planned.imageSha512,
                        planned.imageSize,
                        planned.imageFormat)
                == 1;
    }

    /** A port changed: its server asks again, soon; one that has its instance not yet would do so without being woken. */
    public void portChanged(String portId) {
        db.run(tx -> tx.listNative(
                        Object[].class,
                        "update server s set ports_stale = true, revision = revision + 1 from server_port p"
                                + " where p.id = :port and s.id = p.server_id"
                                + " returning s.id, s.phase = 'BUILD' and s.observed_generation <> s.generation",
                        Map.of("port", portId))
                .forEach(row -> {
                    if (row[1].equals(Boolean.FALSE)) {
                        wake(tx, (String) row[0]);
                    }
                }));
    }

    /** The row goes with its ports and volumes, the timeline stays, and the world hears of it. */
    void forget(Transaction tx, ServerRow row) {
        tx.execute("delete from ServerRow where id = :s", Map.of("s", row.id));
        publish(tx, row, Change.CHANGE_DELETED);
        row.forgotten = true;
    }

    public void wake(Transaction tx, String id) {
        tx.wake(KIND, id);
    }

    /** Wakes all servers of a host. */
    public void wakeHost(Transaction tx, String host) {
        tx.list(String.class, "select id from ServerRow where host = :h", Map.of("h", host))
                .forEach(id -> wake(tx, id));
    }

    public static FaultException notFound(String id) {
        return Fault.notFound("Instance " + id + " could not be found.");
    }

    /** On whose behalf ports and volumes are taken: whoever made the server. */
    static Caller caller(ServerRow row) {
        Caller.Builder caller = Caller.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(row.createdBy, caller);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("The caller of server " + row.id + " cannot be read", e);
        }
        return caller.build();
    }

    static String callerText(Caller caller) {
        try {
            return JsonFormat.printer().omittingInsignificantWhitespace().print(caller);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Server assemble(Transaction tx, ServerRow row) {
        return new Server(
                row,
                new ArrayList<>(tx.list(
                        PortRow.class, "from PortRow where serverId = :s order by position", Map.of("s", row.id))),
                new ArrayList<>(tx.list(
                        VolumeRow.class,
                        "from VolumeRow where serverId = :s order by createdAt, device",
                        Map.of("s", row.id))));
    }

    private static void refreshCopies(Server server) {
        server.row().addresses = Addresses.joined(server.ports());
        server.row().volumes = volumesView(server.volumes());
        Set<String> groups = Addresses.groups(server.ports());
        if (!groups.isEmpty()) {
            server.row().securityGroups = Json.text(groups);
        }
    }

    private static String volumesView(List<VolumeRow> volumes) {
        ArrayNode all = Json.NODES.arrayNode();
        volumes.stream()
                .filter(volume -> !volume.leaving)
                .forEach(volume -> all.addObject()
                        .put("id", volume.volumeId)
                        .put("delete_on_termination", volume.deleteOnTermination));
        return all.toString();
    }

    private static void publish(Transaction tx, ServerRow row, Change change) {
        tx.publish(
                TOPIC,
                row.id,
                ServerEvent.newBuilder()
                        .setId(row.id)
                        .setProjectId(row.projectId)
                        .setStatus(
                                change == Change.CHANGE_DELETED
                                        ? "DELETED"
                                        : ServerStatus.of(row.vmState, row.task).name())
                        .setHost(row.host)
                        .setChange(change)
                        .setGeneration(row.revision + 1)
                        .build());
    }
}
