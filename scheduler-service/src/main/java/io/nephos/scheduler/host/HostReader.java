package io.nephos.scheduler.host;

import io.nephos.kit.data.Database;
import io.nephos.scheduler.core.Aggregate;
import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.CellUse;
import io.nephos.scheduler.core.Facts;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.provider.Provider;
import io.nephos.scheduler.provider.ProviderStore;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Hosts as the scheduler's core sees them, read from the books. What tells that a host has changed is read before the host
 * itself: what is written in between is read once more, but never missed.
 */
@ApplicationScoped
public class HostReader {
    private final Database database;
    private final ProviderStore providers;

    @Inject
    public HostReader(Database database, ProviderStore providers) {
        this.database = database;
        this.providers = providers;
    }

    /** A host, and the transaction that last wrote what the agent says of it. */
    public record Read(Host host, String changed) {}

    public List<Read> all() {
        return read("", new Object[0], List.of());
    }

    /** Those of these ids that there are. */
    public List<Read> of(Collection<String> ids) {
        return ids.isEmpty() ? List.of() : read(" where %s = any($1)", new Object[] {ids.toArray(String[]::new)}, ids);
    }

    private List<Read> read(String where, Object[] parameters, Collection<String> ids) {
        List<Row> rows = database.rows(
                "select id, name, agent_address, availability_zone, node, address, hypervisor_type, hypervisor_version,"
                        + " properties, numa_cells, io_ops, up and not forced_down as up, failed_builds, cast(changed as text) as changed from host"
                        + where.formatted("id"),
                parameters);
        Map<String, Provider> byId = (where.isEmpty() ? providers.ofHosts() : providers.of(ids))
                .stream().collect(Collectors.toMap(Provider::id, provider -> provider));
        Map<String, Integer> servers = new HashMap<>();
        for (Row row : database.rows(
                "select provider_id, cast(count(distinct consumer_id) as int) as servers from allocation"
                        + where.formatted("provider_id") + " group by provider_id",
                parameters)) {
            servers.put(row.getString("provider_id"), row.getInteger("servers"));
        }
        Map<String, Map<Integer, CellUse>> cells = cells(where, parameters);
        Map<String, Aggregate> aggregates = aggregates();
        List<Read> all = new ArrayList<>();
        for (Row row : rows) {
            Provider provider = byId.get(row.getString("id"));
            if (provider != null) {
                Host host = host(
                        row,
                        provider,
                        servers.getOrDefault(provider.id(), 0),
                        aggregates,
                        cells.getOrDefault(provider.id(), Map.of()));
                all.add(new Read(host, row.getString("changed")));
            }
        }
        return all;
    }

    private Map<String, Aggregate> aggregates() {
        Map<String, Aggregate> all = new HashMap<>();
        for (Row row : database.rows("select id, name, metadata from host_aggregate")) {
            all.put(
                    row.getString("id"),
                    new Aggregate(
                            row.getString("id"),
                            row.getString("name"),
                            HostFacts.properties(row.getString("metadata"))));
        }
        return all;
    }

    /** What is taken of NUMA cells, by provider. */
    private Map<String, Map<Integer, CellUse>> cells(String where, Object[] parameters) {
        Map<String, List<CellShare>> shares = new HashMap<>();
        for (Row row : database.rows(
                "select provider_id, cell, cpus, memory_mib, pinned from allocation_cell"
                        + where.formatted("provider_id"),
                parameters)) {
            shares.computeIfAbsent(row.getString("provider_id"), id -> new ArrayList<>())
                    .add(HostFacts.share(row));
        }
        Map<String, Map<Integer, CellUse>> cells = new HashMap<>();
        shares.forEach((provider, all) -> cells.put(provider, CellUse.taking(Map.of(), all)));
        return cells;
    }

    private static Host host(
            Row row, Provider provider, int servers, Map<String, Aggregate> known, Map<Integer, CellUse> cells) {
        List<Aggregate> aggregates = provider.aggregates().stream()
                .sorted()
                .map(id -> known.getOrDefault(id, new Aggregate(id, "", Map.of())))
                .toList();
        return new Host(
                provider.id(),
                row.getString("name"),
                provider.generation(),
                new Facts(
                        row.getString("agent_address"),
                        Aggregate.zone(aggregates).orElse(row.getString("availability_zone")),
                        row.getString("node"),
                        row.getString("address"),
                        row.getString("hypervisor_type"),
                        row.getInteger("hypervisor_version"),
                        HostFacts.properties(row.getString("properties")),
                        HostFacts.cells(row.getString("numa_cells")),
                        row.getInteger("io_ops")),
                row.getBoolean("up"),
                !provider.traits().contains(HostStore.DISABLED),
                provider.inventories(),
                provider.used(),
                servers,
                row.getInteger("failed_builds"),
                provider.traits(),
                aggregates,
                cells);
    }
}
