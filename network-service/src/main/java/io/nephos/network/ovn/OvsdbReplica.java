package io.nephos.network.ovn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Follows some tables of a database (monitor, RFC 7047 section 4.1.5) and keeps them in memory; connects again when the
 * server was away. The server sends what a transaction changed before it answers the transaction, so whoever transacted
 * reads his own writes here.
 */
final class OvsdbReplica {
    private static final Logger LOG = Logger.getLogger(OvsdbReplica.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Hears of what happens to the tables, on the reading thread: it must be quick. */
    interface Listener {
        /** The tables were read anew. */
        void connected();

        /** A row was added or changed after that. */
        void changed(String table, OvsdbRow row);

        void removed(String table, OvsdbRow row);
    }

    private final String address;
    private final String database;
    private final Map<String, List<String>> tables;
    private final Function<OvsdbRow, Optional<String>> grouping;
    private final Map<String, Map<String, Map<String, OvsdbRow>>> groups = new ConcurrentHashMap<>();
    private final Listener listener;
    private final Map<String, Map<String, OvsdbRow>> rows = new HashMap<>();
    private volatile @Nullable OvsdbConnection connection;
    private int epoch;
    private volatile boolean loaded;
    private volatile boolean stopping;

    /**
     * @param tables which columns of which tables
     * @param grouping under which name a row is to be found by {@link #group}
     */
    OvsdbReplica(
            String address,
            String database,
            Map<String, List<String>> tables,
            Function<OvsdbRow, Optional<String>> grouping,
            Listener listener) {
        this.address = address;
        this.database = database;
        this.tables = tables;
        this.grouping = grouping;
        this.listener = listener;
        tables.keySet().forEach(table -> rows.put(table, new ConcurrentHashMap<>()));
    }

    void start() {
        Thread.ofVirtual().name("ovsdb-" + database).start(this::follow);
    }

    void stop() {
        stopping = true;
        OvsdbConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** Connected, and the tables are here. */
    boolean ready() {
        OvsdbConnection open = connection;
        return loaded && open != null && open.open();
    }

    /** Rows of a table by their UUID. */
    Map<String, OvsdbRow> table(String table) {
        return rows.getOrDefault(table, Map.of());
    }

    /** All tables: rows by UUID. */
    Map<String, Map<String, OvsdbRow>> tables() {
        return rows;
    }

    /** The names of the groups that have rows. */
    Set<String> groups() {
        return Set.copyOf(groups.keySet());
    }

    /** The rows of a group, by table. */
    Map<String, List<OvsdbRow>> group(String name) {
        Map<String, List<OvsdbRow>> all = new HashMap<>();
        groups.getOrDefault(name, Map.of()).forEach((table, members) -> all.put(table, List.copyOf(members.values())));
        return all;
    }

    /** Runs the operations as one transaction; OvsdbException, and nothing is changed, when one of them fails. */
    JsonNode transact(List<ObjectNode> operations) {
        OvsdbConnection open = connection;
        if (open == null || !loaded) {
            throw new OvsdbException(database + " at " + address + " is away.");
        }
        ArrayNode parameters = JsonNodeFactory.instance.arrayNode().add(database);
        operations.forEach(parameters::add);
        JsonNode results = open.call("transact", parameters, TIMEOUT);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).hasNonNull("error")) {
                String which = i < operations.size() ? operations.get(i).toString() : "commit";
                throw new OvsdbException(database + " refused " + which + ": " + results.get(i));
            }
        }
        return results;
    }

    private void follow() {
        boolean told = false;
        while (!stopping) {
            int epoch = nextEpoch();
            try (OvsdbConnection open = new OvsdbConnection(address, TIMEOUT, change -> update(epoch, change))) {
                open.call("monitor", monitor(), TIMEOUT, this::load);
                connection = open;
                loaded = true;
                told = false;
                LOG.infof("%s at %s is followed", database, address);
                listener.connected();
                open.awaitClose();
            } catch (IOException | RuntimeException e) {
                if (!told) {
                    LOG.warnf("%s at %s is away: %s", database, address, e.getMessage());
                    told = true;
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                loaded = false;
            }
            rest();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ArrayNode monitor() {
        ArrayNode parameters =
                JsonNodeFactory.instance.arrayNode().add(database).add("nephos");
        ObjectNode requests = parameters.addObject();
        tables.forEach((table, columns) -> {
            ArrayNode names = requests.putArray(table).addObject().putArray("columns");
            columns.forEach(names::add);
        });
        return parameters;
    }

    // On the reading thread, as the updates that follow are.
    private synchronized void load(JsonNode state) {
        rows.values().forEach(Map::clear);
        groups.clear();
        apply(state, false);
    }

    private synchronized void update(int ofEpoch, JsonNode parameters) {
        if (ofEpoch == epoch) {
            apply(parameters.path(1), true);
        }
    }

    // What an earlier connection still has to say is old.
    private synchronized int nextEpoch() {
        return ++epoch;
    }

    private void apply(JsonNode tableUpdates, boolean tell) {
        tableUpdates.properties().forEach(table -> {
            Map<String, OvsdbRow> known = rows.getOrDefault(table.getKey(), new HashMap<>());
            table.getValue().properties().forEach(change -> {
                JsonNode now = change.getValue().path("new");
                OvsdbRow before = known.remove(change.getKey());
                if (before != null) {
                    ungroup(table.getKey(), before);
                }
                if (now.isObject()) {
                    OvsdbRow row = OvsdbRow.read(change.getKey(), now);
                    known.put(change.getKey(), row);
                    grouping.apply(row)
                            .ifPresent(name -> groups.computeIfAbsent(name, key -> new ConcurrentHashMap<>())
                                    .computeIfAbsent(table.getKey(), key -> new ConcurrentHashMap<>())
                                    .put(row.uuid(), row));
                    if (tell) {
                        listener.changed(table.getKey(), row);
                    }
                } else if (before != null) {
                    listener.removed(table.getKey(), before);
                }
            });
        });
    }

    private void ungroup(String table, OvsdbRow row) {
        grouping.apply(row)
                .ifPresent(name -> groups.computeIfPresent(name, (key, tablesOfGroup) -> {
                    Map<String, OvsdbRow> members = tablesOfGroup.get(table);
                    if (members != null) {
                        members.remove(row.uuid());
                        if (members.isEmpty()) {
                            tablesOfGroup.remove(table);
                        }
                    }
                    return tablesOfGroup.isEmpty() ? null : tablesOfGroup;
                }));
    }
}
