package io.nephos.scheduler.claim;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.scheduler.allocation.AllocationStore;
import io.nephos.scheduler.consumer.ConsumerRow;
import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.host.HostFacts;
import io.nephos.scheduler.provider.ProviderStore;
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
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes plans into the books. The consumers' rows come first, then the providers' in the order of their ids, as everywhere;
 * a provider that is not at the generation that was planned with takes its plans with it.
 */
@ApplicationScoped
class Ledger {
    private static final String MEMBERS = "select server_group_id, host, members from group_members("
            + "string_to_array(:groups, chr(10)), string_to_array(:asking, chr(10)))";

    /** As {@link Transaction#serialize}, for many names in their order. */
    private static final String HELD = "select 1 from (select pg_advisory_xact_lock(hashtextextended(name, 0))"
            + " from unnest(string_to_array(:names, chr(10))) as n(name)) as held";

    private final Database database;
    private final AllocationStore allocations;
    private final ProviderStore providers;

    @Inject
    Ledger(Database database, AllocationStore allocations, ProviderStore providers) {
        this.database = database;
        this.allocations = allocations;
        this.providers = providers;
    }

    /**
     * @param kept plans that are in the books now
     * @param existing consumers that were there already: their plans are not
     * @param advanced providers that are one generation further
     */
    record Entry(Set<Plan> kept, Set<String> existing, Set<String> advanced) {}

    /** How many members of each group are on which host, without those that are asking. */
    Map<String, Map<String, Integer>> members(Collection<String> groups, Set<String> asking) {
        return groups.isEmpty() ? Map.of() : database.read(tx -> members(tx, groups, asking));
    }

    private static Map<String, Map<String, Integer>> members(
            Transaction tx, Collection<String> groups, Set<String> asking) {
        Map<String, Map<String, Integer>> members = new HashMap<>();
        groups.forEach(group -> members.put(group, new HashMap<>()));
        for (Object[] row : tx.listNative(
                Object[].class,
                MEMBERS,
                Map.of("groups", String.join("\n", groups), "asking", String.join("\n", asking)))) {
            members.getOrDefault((String) row[0], new HashMap<>()).put((String) row[1], ((Number) row[2]).intValue());
        }
        return members;
    }

    /** The providers that each of these consumers holds something of; consumers that are not in the books are not in it. */
    Map<String, Set<String>> held(Collection<String> consumers) {
        Map<String, Set<String>> held = new HashMap<>();
        if (!consumers.isEmpty()) {
            for (Row row : database.rows(
                    "select consumer_id, provider_id from held_by($1)", (Object) consumers.toArray(String[]::new))) {
                Set<String> providersOf = held.computeIfAbsent(row.getString("consumer_id"), id -> new HashSet<>());
                Optional.ofNullable(row.getString("provider_id")).ifPresent(providersOf::add);
            }
        }
        return held;
    }

    /** Plans of consumers that are new; {@code members} is what was known of the groups when they were planned. */
    Entry enter(List<Plan> plans, Map<String, Map<String, Integer>> members) {
        boolean each = plans.stream()
                .allMatch(plan -> !plan.unit().atomic() && plan.ask().group().isEmpty());
        return each ? enterAtOnce(plans) : enterTogether(plans, members);
    }

    /** Each by itself, in one statement. */
    private Entry enterAtOnce(List<Plan> plans) {
        Set<String> made = new HashSet<>();
        Set<String> advanced = new HashSet<>();
        for (Row row : database.rows(Entries.each(plans), Entries.parameters(plans))) {
            (row.getBoolean("made") ? made : advanced).add(row.getString("id"));
        }
        Set<Plan> kept = plans.stream()
                .filter(plan -> made.contains(plan.ask().consumer())
                        && advanced.contains(plan.host().id()))
                .collect(Collectors.toSet());
        Set<String> existing =
                plans.stream().map(plan -> plan.ask().consumer()).collect(Collectors.toCollection(HashSet::new));
        existing.removeAll(made);
        kept.forEach(plan -> made.remove(plan.ask().consumer()));
        if (!made.isEmpty()) {
            // A consumer that holds nothing has no row; one that stays after a crash is taken over by its next claim.
            database.execute(
                    "delete from consumer c where id = any($1) and generation = 1 and not exists"
                            + " (select 1 from allocation a where a.consumer_id = c.id)",
                    (Object) made.toArray(String[]::new));
        }
        return new Entry(kept, existing, advanced);
    }

    private Entry enterTogether(List<Plan> plans, Map<String, Map<String, Integer>> members) {
        return database.write(tx -> {
            Set<String> changedGroups = guard(tx, plans, members);
            Set<String> made = new HashSet<>(
                    tx.listNative(String.class, Entries.MAKE, Map.of("consumers", Entries.consumers(plans))));
            List<Plan> possible = plans.stream()
                    .filter(plan -> made.contains(plan.ask().consumer()))
                    .filter(plan ->
                            plan.ask().group().filter(changedGroups::contains).isEmpty())
                    .toList();
            Set<String> advanced = possible.isEmpty()
                    ? Set.of()
                    : new HashSet<>(tx.listNative(
                            String.class, Entries.ADVANCE, Map.of("providers", Entries.providers(possible))));
            Set<Plan> good = possible.stream()
                    .filter(plan -> advanced.contains(plan.host().id()))
                    .collect(Collectors.toCollection(HashSet::new));
            Set<Unit> broken = plans.stream()
                    .filter(plan -> plan.unit().atomic() && !good.contains(plan))
                    .map(Plan::unit)
                    .collect(Collectors.toSet());
            good.removeIf(plan -> broken.contains(plan.unit()));
            if (!good.isEmpty()) {
                tx.executeNative(Entries.ALLOCATE, Map.of("allocations", Entries.allocations(good)));
                takeCells(tx, good);
            }
            good.forEach(plan -> made.remove(plan.ask().consumer()));
            if (!made.isEmpty()) {
                tx.executeNative("delete from consumer where id in (:ids)", Map.of("ids", made));
            }
            Set<String> existing = plans.stream()
                    .map(plan -> plan.ask().consumer())
                    .filter(id -> !made.contains(id))
                    .collect(Collectors.toCollection(HashSet::new));
            good.forEach(plan -> existing.remove(plan.ask().consumer()));
            return new Entry(good, existing, advanced);
        });
    }

    /** The plan of a consumer that is there: what it held on excluded hosts, or nothing, gives way. False when it lost. */
    boolean replace(Plan plan, Map<String, Map<String, Integer>> members) {
        try {
            database.run(tx -> {
                requireGroup(tx, plan, members);
                Request request = plan.ask().request();
                Map<String, Map<String, Long>> before = lock(tx, plan).held();
                for (String provider : before.keySet()) {
                    boolean excluded = tx
                            .listNative(String.class, "select name from host where id = :id", Map.of("id", provider))
                            .stream()
                            .allMatch(request.excludedHosts()::contains);
                    if (!excluded) {
                        throw new LostRace(); // a claim came in between
                    }
                }
                allocations.clear(tx, request.consumerId());
                advance(tx, plan, before.keySet());
                allocations.insert(tx, request.consumerId(), plan.host().id(), request.resources());
                takeCells(tx, List.of(plan));
            });
            return true;
        } catch (LostRace | UniqueViolation e) {
            return false;
        }
    }

    /** As {@link #replace}, but what the consumer held stays held under the migration's id. */
    boolean move(Plan plan, String migration, Map<String, Map<String, Integer>> members) {
        try {
            database.run(tx -> {
                requireGroup(tx, plan, members);
                String consumer = plan.ask().consumer();
                Locked locked = lock(tx, plan);
                Map<String, Map<String, Long>> before = locked.held();
                if (before.isEmpty()) {
                    throw new LostRace();
                }
                insertMigration(tx, plan, migration, locked.wish());
                allocations.hand(tx, consumer, migration);
                advance(tx, plan, before.keySet());
                allocations.insert(
                        tx, consumer, plan.host().id(), plan.ask().request().resources());
                takeCells(tx, List.of(plan));
            });
            return true;
        } catch (LostRace | UniqueViolation e) {
            return false;
        }
    }

    private static void takeCells(Transaction tx, Collection<Plan> plans) {
        if (Entries.celled(plans)) {
            tx.executeNative(Entries.ALLOCATE_CELLS, Map.of("cells", Entries.cells(plans)));
        }
    }

    /** Where in its host the consumer lies, node by node. */
    List<CellShare> cells(String consumer) {
        return database
                .rows(
                        "select cell, cpus, memory_mib, pinned from allocation_cell where consumer_id = $1"
                                + " order by node",
                        consumer)
                .stream()
                .map(HostFacts::share)
                .toList();
    }

    /** @param wish of the old place */
    private void insertMigration(Transaction tx, Plan plan, String migration, Optional<String> wish) {
        Ask.Claimant claimant = plan.ask().claimant();
        // A member of the group is still there until the move ends.
        ConsumerRow row = allocations.insertConsumer(
                tx,
                migration,
                claimant.projectId(),
                claimant.userId(),
                claimant.service(),
                plan.ask().group().orElse(null),
                "MIGRATION");
        row.movesConsumer = plan.ask().consumer();
        row.wish = wish.orElse(null);
        tx.update(row);
    }

    /** What a consumer held, by provider and resource class, and what it had wished for. */
    private record Locked(Map<String, Map<String, Long>> held, Optional<String> wish) {}

    private Locked lock(Transaction tx, Plan plan) {
        ConsumerRow row = allocations
                .lockConsumer(tx, plan.ask().consumer())
                .orElseThrow(LostRace::new); // released meanwhile: it is a new one now
        Optional<String> before = Optional.ofNullable(row.wish);
        row.generation++;
        row.wish = plan.ask().claimant().wish();
        tx.update(row);
        return new Locked(allocations.heldBy(tx, row.id), before);
    }

    private void advance(Transaction tx, Plan plan, Set<String> given) {
        Set<String> all = new TreeSet<>(given);
        all.add(plan.host().id());
        for (String id : all) {
            if (!id.equals(plan.host().id())) {
                providers.advance(tx, List.of(id));
            } else if (!providers.advance(tx, id, plan.host().generation())) {
                throw new LostRace();
            }
        }
    }

    private void requireGroup(Transaction tx, Plan plan, Map<String, Map<String, Integer>> members) {
        if (!guard(tx, List.of(plan), members).isEmpty()) {
            throw new LostRace();
        }
    }

    /** Members of one group are placed one after the other. Returns the groups that have members nobody had planned with. */
    private Set<String> guard(Transaction tx, List<Plan> plans, Map<String, Map<String, Integer>> members) {
        Set<String> groups = new TreeSet<>();
        plans.forEach(plan -> plan.ask().group().ifPresent(groups::add));
        if (groups.isEmpty()) {
            return groups;
        }
        tx.listNative(
                Object.class,
                HELD,
                Map.of(
                        "names",
                        groups.stream().map(group -> "server-group:" + group).collect(Collectors.joining("\n"))));
        Set<String> asking = plans.stream().map(plan -> plan.ask().consumer()).collect(Collectors.toSet());
        Map<String, Map<String, Integer>> now = members(tx, groups, asking);
        groups.removeIf(group -> now.getOrDefault(group, Map.of()).entrySet().stream()
                .allMatch(entry ->
                        members.getOrDefault(group, Map.of()).getOrDefault(entry.getKey(), 0) >= entry.getValue()));
        return groups;
    }

    private static final class LostRace extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostRace() {
            super("Another was faster.", null, false, false);
        }
    }
}
