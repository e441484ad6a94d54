package io.nephos.scheduler.optimiser;

import io.nephos.kit.data.Database;
import io.nephos.scheduler.claim.Wishes;
import io.nephos.scheduler.core.Aggregate;
import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.CellUse;
import io.nephos.scheduler.core.Cells;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.core.Topology;
import io.nephos.scheduler.host.HostFacts;
import io.nephos.scheduler.host.HostReader;
import io.nephos.scheduler.host.HostStore;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import io.nephos.scheduler.optimiser.World.Wish;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The world as the books have it. */
@ApplicationScoped
class WorldStore {
    private static final String HOLDINGS =
            "select a.consumer_id, a.provider_id, a.resource_class, a.used, c.server_group_id, c.claimed_by,"
                    + " c.project_id, c.wish, coalesce(c.consumer_type, 'INSTANCE') as type"
                    + " from allocation a join consumer c on c.id = a.consumer_id"
                    + " where a.consumer_id in (select consumer_id from allocation where provider_id in (select id from host))"
                    + " order by a.consumer_id, a.provider_id, a.resource_class";

    private static final String CELLS =
            "select consumer_id, provider_id, cell, cpus, memory_mib, pinned from allocation_cell"
                    + " order by consumer_id, node";

    private final Database database;
    private final HostReader reader;
    private final Wishes wishes;

    @Inject
    WorldStore(Database database, HostReader reader, Wishes wishes) {
        this.database = database;
        this.reader = reader;
        this.wishes = wishes;
    }

    /** The id of the host with that name or id. */
    Optional<String> hostId(String nameOrId) {
        return database.rows("select id from host where id = $1 or name = $1", nameOrId).stream()
                .map((Row row) -> row.getString("id"))
                .findFirst();
    }

    World current() {
        Map<String, io.nephos.scheduler.core.Host> hosts = new TreeMap<>();
        reader.all().forEach(read -> hosts.put(read.host().id(), read.host()));
        Map<String, Holder> holders = new TreeMap<>();
        for (Row row : database.rows(HOLDINGS)) {
            holders.computeIfAbsent(row.getString("consumer_id"), id -> new Holder(id, row))
                    .add(row);
        }
        for (Row row : database.rows(CELLS)) {
            Optional.ofNullable(holders.get(row.getString("consumer_id"))).ifPresent(holder -> holder.addCell(row));
        }
        List<Server> servers = new ArrayList<>();
        Map<String, Map<String, Long>> fixed = new HashMap<>();
        Map<String, List<CellShare>> fixedCells = new HashMap<>();
        Map<List<String>, Optional<Wish>> known = new HashMap<>();
        Map<List<Object>, Optional<Topology>> topologies = new HashMap<>();
        for (Holder holder : holders.values()) {
            if (holder.isServer() && hosts.containsKey(holder.onlyProvider())) {
                servers.add(holder.server(
                        known.computeIfAbsent(
                                List.of(holder.wish.orElse(""), holder.project), same -> wish(holder, hosts.values())),
                        Topology.holding(holder.shares())
                                .or(() -> topologies.computeIfAbsent(
                                        List.of(holder.wish.orElse(""), holder.resources()),
                                        same -> holder.wish.flatMap(text -> Topology.of(asked(holder, text)))))));
            } else {
                holder.cells.forEach((provider, shares) -> fixedCells
                        .computeIfAbsent(provider, id -> new ArrayList<>())
                        .addAll(shares));
                holder.held.forEach((provider, resources) -> resources.forEach((name, amount) ->
                        fixed.computeIfAbsent(provider, id -> new TreeMap<>()).merge(name, amount, Long::sum)));
            }
        }
        List<Host> all = new ArrayList<>();
        hosts.forEach((id, host) ->
                all.add(host(host, fixed.getOrDefault(id, Map.of()), fixedCells.getOrDefault(id, List.of()))));
        return new World(all, servers);
    }

    /** What many servers asked in the same words is looked at once. */
    private Optional<Wish> wish(Holder holder, Collection<io.nephos.scheduler.core.Host> hosts) {
        return holder.wish.map(text -> {
            Request asked = asked(holder, text);
            Request others = asked.withTraits(Set.of(), Set.of())
                    .inAggregates(List.of())
                    .inZone(Optional.empty())
                    .inGroup(Optional.empty());
            return new Wish(
                    asked.requiredTraits(),
                    asked.forbiddenTraits(),
                    asked.aggregates(),
                    asked.availabilityZone(),
                    asked.forcedHost(),
                    asked.serverGroup().map(ServerGroup::policy),
                    hosts.stream()
                            .filter(host -> !wishes.allows(host, others))
                            .map(io.nephos.scheduler.core.Host::id)
                            .collect(Collectors.toUnmodifiableSet()));
        });
    }

    private Request asked(Holder holder, String wish) {
        return wishes.read(wish, holder.id, holder.project, holder.resources());
    }

    private static Host host(io.nephos.scheduler.core.Host host, Map<String, Long> fixed, List<CellShare> fixedCells) {
        Set<String> traits = new HashSet<>(host.traits());
        traits.remove(HostStore.DISABLED); // it says nothing of what the host is
        return new Host(
                host.id(),
                host.name(),
                host.availabilityZone(),
                host.up(),
                host.up() && host.enabled(),
                1,
                host.inventories(),
                fixed,
                traits,
                host.aggregates().stream().map(Aggregate::id).collect(Collectors.toUnmodifiableSet()),
                Cells.of(host.facts().cells(), CellUse.taking(Map.of(), fixedCells), host.inventories()));
    }

    private static final class Holder {
        private final String id;
        private final boolean instance;
        private final Optional<String> group;
        private final Optional<String> wish;
        private final String project;
        private final Map<String, Map<String, Long>> held = new TreeMap<>();
        private final Map<String, List<CellShare>> cells = new TreeMap<>();

        Holder(String id, Row row) {
            this.id = id;
            this.instance =
                    row.getString("claimed_by") != null && row.getString("type").equals("INSTANCE");
            this.group = Optional.ofNullable(row.getString("server_group_id"));
            this.wish = Optional.ofNullable(row.getString("wish"));
            this.project = row.getString("project_id");
        }

        void add(Row row) {
            held.computeIfAbsent(row.getString("provider_id"), provider -> new TreeMap<>())
                    .put(row.getString("resource_class"), row.getLong("used"));
        }

        void addCell(Row row) {
            cells.computeIfAbsent(row.getString("provider_id"), provider -> new ArrayList<>())
                    .add(HostFacts.share(row));
        }

        /** A server that lies on one host and nowhere else; others are moved by nobody here. */
        boolean isServer() {
            return instance && held.size() == 1;
        }

        String onlyProvider() {
            return held.keySet().iterator().next();
        }

        Map<String, Long> resources() {
            return held.getOrDefault(onlyProvider(), Map.of());
        }

        /** What it holds of its host's NUMA cells. */
        List<CellShare> shares() {
            return cells.getOrDefault(onlyProvider(), List.of());
        }

        Server server(Optional<Wish> wished, Optional<Topology> topology) {
            return new Server(id, onlyProvider(), resources(), wished, group, topology, shares());
        }
    }
}
