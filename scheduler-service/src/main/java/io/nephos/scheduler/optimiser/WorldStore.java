package io.nephos.scheduler.optimiser;

import io.nephos.kit.data.Database;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The world as the books have it. What a server's request was is in no book: only hosts like its own will do for it. */
@ApplicationScoped
class WorldStore {
    /** Nova's mark of a host that takes nothing new. It says nothing of what the host is. */
    private static final String DISABLED = "COMPUTE_STATUS_DISABLED";

    private static final String HOLDINGS =
            "select a.consumer_id, a.provider_id, a.resource_class, a.used, c.server_group_id, c.claimed_by,"
                    + " coalesce(c.consumer_type, 'INSTANCE') as type"
                    + " from allocation a join consumer c on c.id = a.consumer_id"
                    + " where a.consumer_id in (select consumer_id from allocation where provider_id in (select id from host))"
                    + " order by a.consumer_id, a.provider_id, a.resource_class";

    private final Database database;
    private final ProviderStore providers;

    @Inject
    WorldStore(Database database, ProviderStore providers) {
        this.database = database;
        this.providers = providers;
    }

    /** The id of the host with that name or id. */
    Optional<String> hostId(String nameOrId) {
        return database.rows("select id from host where id = $1 or name = $1", nameOrId).stream()
                .map((Row row) -> row.getString("id"))
                .findFirst();
    }

    World current() {
        Map<String, Row> hosts = new TreeMap<>();
        database.rows("select id, name, availability_zone, up and not forced_down as up from host")
                .forEach(row -> hosts.put(row.getString("id"), row));
        Map<String, Holder> holders = new TreeMap<>();
        for (Row row : database.rows(HOLDINGS)) {
            holders.computeIfAbsent(row.getString("consumer_id"), id -> new Holder(id, row))
                    .add(row);
        }
        List<Server> servers = new ArrayList<>();
        Map<String, Map<String, Long>> fixed = new HashMap<>();
        for (Holder holder : holders.values()) {
            if (holder.isServer() && hosts.containsKey(holder.onlyProvider())) {
                servers.add(holder.server());
            } else {
                holder.held.forEach((provider, resources) -> resources.forEach((name, amount) ->
                        fixed.computeIfAbsent(provider, id -> new TreeMap<>()).merge(name, amount, Long::sum)));
            }
        }
        List<Host> all = new ArrayList<>();
        for (Provider provider : providers.ofHosts()) {
            Row row = hosts.get(provider.id());
            if (row != null) {
                all.add(host(provider, row, fixed.getOrDefault(provider.id(), Map.of())));
            }
        }
        return new World(all, servers);
    }

    private static Host host(Provider provider, Row row, Map<String, Long> fixed) {
        Set<String> traits = new HashSet<>(provider.traits());
        boolean enabled = !traits.remove(DISABLED);
        boolean up = row.getBoolean("up");
        return new Host(
                provider.id(),
                row.getString("name"),
                row.getString("availability_zone"),
                up,
                up && enabled,
                1,
                provider.inventories(),
                fixed,
                traits,
                provider.aggregates());
    }

    private static final class Holder {
        private final String id;
        private final boolean instance;
        private final Optional<String> group;
        private final Map<String, Map<String, Long>> held = new TreeMap<>();

        Holder(String id, Row row) {
            this.id = id;
            this.instance =
                    row.getString("claimed_by") != null && row.getString("type").equals("INSTANCE");
            this.group = Optional.ofNullable(row.getString("server_group_id"));
        }

        void add(Row row) {
            held.computeIfAbsent(row.getString("provider_id"), provider -> new TreeMap<>())
                    .put(row.getString("resource_class"), row.getLong("used"));
        }

        /** A server that lies on one host and nowhere else; others are moved by nobody here. */
        boolean isServer() {
            return instance && held.size() == 1;
        }

        String onlyProvider() {
            return held.keySet().iterator().next();
        }

        Server server() {
            return new Server(id, onlyProvider(), held.getOrDefault(onlyProvider(), Map.of()), Optional.empty(), group);
        }
    }
}
