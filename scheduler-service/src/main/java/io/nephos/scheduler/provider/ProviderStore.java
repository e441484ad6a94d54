package io.nephos.scheduler.provider;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.core.Inventory;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Resource providers in PostgreSQL. */
@ApplicationScoped
public class ProviderStore {
    private static final String BELOW = "with recursive below (id) as (select cast(:id as text) union"
            + " select p.id from resource_provider p join below on p.parent_id = below.id) ";

    private final Database database;

    @Inject
    public ProviderStore(Database database) {
        this.database = database;
    }

    /**
     * All providers. The generations are read first: whoever changes a provider afterwards advances its generation, so a
     * decision on what is read here is good as long as the generation is still the same.
     */
    public List<Provider> all() {
        return load("", new Object[0]);
    }

    /** Only the hosts of the scheduler. */
    public List<Provider> ofHosts() {
        return load(" where %s in (select id from host)", new Object[0]);
    }

    /** Those of these ids that there are. */
    public List<Provider> of(Collection<String> ids) {
        return load(" where %s = any($1)", new Object[] {ids.toArray(String[]::new)});
    }

    public Optional<Provider> find(String id) {
        return load(" where %s = $1", new Object[] {id}).stream().findFirst();
    }

    /** 404 in Placement's words when there is none. */
    public Provider require(String id) {
        return find(id).orElseThrow(() -> missing(id));
    }

    /** The row, held until the transaction ends; 404 when there is none. */
    public ProviderRow lock(Transaction tx, String id) {
        return tx.lock(ProviderRow.class, id).orElseThrow(() -> missing(id));
    }

    /** As {@link #lock}, and 409 placement.concurrent_update unless the client knows the newest generation. */
    public ProviderRow lock(Transaction tx, String id, long generation) {
        ProviderRow row = lock(tx, id);
        if (row.generation != generation) {
            throw Fault.conflict(
                    "placement.concurrent_update",
                    "resource provider generation conflict: actual: " + row.generation + ", given: " + generation
                            + ". Resource provider's generation already changed. Please update the generation and try"
                            + " again.");
        }
        return row;
    }

    /** One more change of the provider; false when it is not at that generation any more. */
    public boolean advance(Transaction tx, String id, long generation) {
        return tx.executeNative(
                        "update resource_provider set generation = generation + 1, updated_at = now()"
                                + " where id = :id and generation = :generation",
                        Map.of("id", id, "generation", generation))
                == 1;
    }

    /** One more change of each, whatever its generation; in a fixed order, so that two transactions do not deadlock. */
    public void advance(Transaction tx, Collection<String> ids) {
        ids.stream()
                .distinct()
                .sorted()
                .forEach(id -> tx.executeNative(
                        "update resource_provider set generation = generation + 1, updated_at = now() where id = :id",
                        Map.of("id", id)));
    }

    /**
     * The replicas read them again; their generations stay. Only where a decision on what was read before that is still
     * good, as when more is free than before.
     */
    public void touch(Transaction tx, Collection<String> ids) {
        ids.stream()
                .distinct()
                .sorted()
                .forEach(id -> tx.executeNative(
                        "with hosts as (update host set changed = pg_current_xact_id() where id = :id)"
                                + " update resource_provider set updated_at = now() where id = :id",
                        Map.of("id", id)));
    }

    /** The ids of the provider and of all below it. */
    public Set<String> subtree(Transaction tx, String id) {
        return Set.copyOf(tx.listNative(String.class, BELOW + "select id from below", Map.of("id", id)));
    }

    /** The provider and all below it are in that root's tree from now on. */
    public void replant(Transaction tx, String id, String root) {
        tx.executeNative(
                BELOW + "update resource_provider set root_id = :root where id in (select id from below)",
                Map.of("id", id, "root", root));
    }

    private static FaultException missing(String id) {
        return Fault.notFound("No resource provider with uuid " + id + " found");
    }

    private List<Provider> load(String where, Object[] parameters) {
        List<Row> providers = database.rows(
                "select id, name, generation, parent_id, root_id, updated_at from resource_provider"
                        + where.formatted("id") + " order by id",
                parameters);
        String by = where.formatted("provider_id");
        Map<String, Map<String, Inventory>> inventories = new HashMap<>();
        for (Row row : database.rows("select * from inventory" + by, parameters)) {
            inventories
                    .computeIfAbsent(row.getString("provider_id"), id -> new TreeMap<>())
                    .put(row.getString("resource_class").intern(), inventory(row));
        }
        Map<String, Map<String, Long>> used = new HashMap<>();
        for (Row row : database.rows(
                "select provider_id, resource_class, cast(sum(used) as bigint) as used from allocation" + by
                        + " group by provider_id, resource_class",
                parameters)) {
            used.computeIfAbsent(row.getString("provider_id"), id -> new HashMap<>())
                    .put(row.getString("resource_class").intern(), row.getLong("used"));
        }
        Map<String, Set<String>> traits =
                sets("select provider_id, trait as item from provider_trait" + by, parameters);
        Map<String, Set<String>> aggregates =
                sets("select provider_id, aggregate_id as item from provider_aggregate" + by, parameters);
        return providers.stream()
                .map(row -> {
                    String id = row.getString("id");
                    return new Provider(
                            id,
                            row.getString("name"),
                            row.getLong("generation"),
                            Optional.ofNullable(row.getString("parent_id")),
                            row.getString("root_id"),
                            row.getOffsetDateTime("updated_at").toInstant(),
                            inventories.getOrDefault(id, Map.of()),
                            used.getOrDefault(id, Map.of()),
                            traits.getOrDefault(id, Set.of()),
                            aggregates.getOrDefault(id, Set.of()));
                })
                .toList();
    }

    private Map<String, Set<String>> sets(String sql, Object[] parameters) {
        Map<String, Set<String>> sets = new HashMap<>();
        for (Row row : database.rows(sql, parameters)) {
            sets.computeIfAbsent(row.getString("provider_id"), id -> new HashSet<>())
                    .add(row.getString("item").intern()); // the same few names of very many
        }
        Map<Set<String>, Set<String>> once = new HashMap<>();
        sets.replaceAll((id, set) -> once.computeIfAbsent(set, Set::copyOf));
        return sets;
    }

    private static Inventory inventory(Row row) {
        return new Inventory(
                row.getLong("total"),
                row.getLong("reserved"),
                row.getLong("min_unit"),
                row.getLong("max_unit"),
                row.getLong("step_size"),
                row.getDouble("allocation_ratio"));
    }
}
