package io.nephos.scheduler.claim;

import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Decision.Explanation;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Plans units one after the other on the snapshot, each on what the ones before it left, and commits them together; who
 * loses is planned again at once. For one thread at a time.
 */
final class Applier {
    private static final Logger LOG = Logger.getLogger(Applier.class);
    private static final int ROUNDS = 50;

    private final HostSnapshot snapshot;
    private final HostScheduler scheduler;
    private final Ledger ledger;
    private final Duration staleness;

    Applier(HostSnapshot snapshot, HostScheduler scheduler, Ledger ledger, Duration staleness) {
        this.snapshot = snapshot;
        this.scheduler = scheduler;
        this.ledger = ledger;
        this.staleness = staleness;
    }

    /** Ends with the outcome of every unit complete. */
    void apply(List<Unit> units) {
        try {
            List<Unit> open = units;
            for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
                if (round == 0) {
                    snapshot.followAfter(staleness);
                } else {
                    LOG.debugf("%d units are planned again", open.size());
                    snapshot.follow();
                }
                new Round(open, round > 0).run();
                open = open.stream().filter(Unit::open).toList();
            }
            open.forEach(unit -> unit.failed(
                    Fault.unavailable("The hosts change faster than a claim can be committed; try again.")));
        } catch (RuntimeException e) {
            snapshot.forget();
            units.forEach(unit -> unit.failed(e));
        }
    }

    /** Plans all units once and commits what was planned. */
    private final class Round {
        private final List<Unit> units;
        private final boolean fresh;
        private final List<Plan> plans = new ArrayList<>();
        private final Set<String> planning = new HashSet<>();
        private final Map<Unit, Explanation> reasons = new HashMap<>();
        private final Map<String, Map<String, Integer>> known;
        private final Map<String, Map<String, Integer>> members = new HashMap<>();
        private final Map<String, Set<String>> held;

        /** @param fresh whether the snapshot was brought up to date for this round: only then it can be "nowhere" */
        Round(List<Unit> units, boolean fresh) {
            this.units = units;
            this.fresh = fresh;
            List<Ask> asks =
                    units.stream().flatMap(unit -> unit.unplaced().stream()).toList();
            Set<String> groups =
                    asks.stream().flatMap(ask -> ask.group().stream()).collect(Collectors.toSet());
            known = ledger.members(groups, asks.stream().map(Ask::consumer).collect(Collectors.toSet()));
            known.forEach((group, counts) -> members.put(group, new HashMap<>(counts)));
            List<String> lookedUp = new ArrayList<>();
            asks.stream().filter(Ask::known).forEach(ask -> {
                lookedUp.add(ask.consumer());
                ask.migration().ifPresent(lookedUp::add);
            });
            held = ledger.held(lookedUp);
        }

        void run() {
            units.forEach(this::plan);
            commit();
            for (Unit unit : units) {
                boolean all = unit.unplaced().isEmpty();
                boolean nothingMore = reasons.containsKey(unit)
                        && plans.stream()
                                .allMatch(plan -> plan.unit() != unit
                                        || plan.ask().placed().isPresent());
                if (unit.open() && (all || nothingMore)) {
                    unit.done(all ? Optional.empty() : Optional.ofNullable(reasons.get(unit)));
                }
            }
        }

        private void plan(Unit unit) {
            List<Ask> twice = unit.unplaced().stream()
                    .filter(ask -> planning.contains(ask.consumer()))
                    .toList();
            if (!twice.isEmpty()) {
                twice.forEach(Ask::becomesKnown); // asked for by somebody else just now: his place is found next time
                return;
            }
            unit.unplaced().forEach(ask -> planning.add(ask.consumer()));
            HostTable table = snapshot.table();
            List<Plan> planned = new ArrayList<>();
            List<Host> before = new ArrayList<>();
            Optional<Request> refused = Optional.empty();
            for (Ask ask : unit.unplaced()) {
                if (settled(ask)) {
                    continue;
                }
                Request request = inGroup(ask);
                Optional<Decision.Plan> found = scheduler.place(table, request);
                if (found.isEmpty()) {
                    refused = Optional.of(request);
                    break;
                }
                Host host = found.get().host();
                before.add(host);
                table.put(found.get().taken(request));
                joined(ask, host, 1);
                planned.add(new Plan(unit, ask, host, found.get().cells()));
            }
            int placed = unit.asks().size() - unit.unplaced().size() + planned.size();
            // "Nowhere" is only said of who was looked up: he may have a place already.
            boolean certain = fresh && unit.unplaced().stream().allMatch(Ask::known);
            Optional<Explanation> why =
                    certain ? refused.map(request -> scheduler.explain(table, request)) : Optional.empty();
            if (refused.isEmpty() || certain && unit.enough(placed)) {
                plans.addAll(planned);
                why.ifPresent(reason -> reasons.put(unit, reason));
                return;
            }
            for (int i = planned.size() - 1; i >= 0; i--) {
                table.put(before.get(i));
                joined(planned.get(i).ask(), before.get(i), -1);
            }
            if (certain) {
                unit.done(why);
            } else {
                unit.unplaced().forEach(Ask::becomesKnown);
            }
        }

        /** The consumer has a place that will do. */
        private boolean settled(Ask ask) {
            Set<String> providers = held.get(ask.consumer());
            if (providers == null
                    || ask.migration().isPresent()
                            && !held.containsKey(ask.migration().get())) {
                return false;
            }
            Optional<Host> there = providers.stream()
                    .flatMap(id -> snapshot.table().find(id).stream())
                    .filter(host -> !ask.request().excludedHosts().contains(host.name()))
                    .findFirst();
            there.ifPresent(host -> {
                ask.placeOn(host, Topology.of(ask.request()).isPresent() ? ledger.cells(ask.consumer()) : List.of());
                joined(ask, host, 1);
            });
            ask.becomesReplacement();
            return there.isPresent();
        }

        private Request inGroup(Ask ask) {
            return ask.request()
                    .inGroup(ask.request()
                            .serverGroup()
                            .map(group -> group.knowing(members.getOrDefault(group.id(), Map.of()))));
        }

        private void joined(Ask ask, Host host, int change) {
            ask.group()
                    .ifPresent(group -> members.computeIfAbsent(group, same -> new HashMap<>())
                            .merge(host.name(), change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b)));
        }

        private void commit() {
            Set<String> doubtful = new HashSet<>();
            List<Plan> fresh =
                    plans.stream().filter(plan -> !plan.ask().replaces()).toList();
            if (!fresh.isEmpty()) {
                Ledger.Entry entry = ledger.enter(fresh, known);
                for (Plan plan : fresh) {
                    if (entry.kept().contains(plan)) {
                        plan.ask().placeOn(plan.host(), plan.cells());
                    } else {
                        doubtful.add(plan.host().id());
                    }
                    if (entry.existing().contains(plan.ask().consumer())) {
                        plan.ask().becomesKnown();
                    }
                }
                entry.advanced().forEach(snapshot::advanced);
            }
            for (Plan plan : plans) {
                if (plan.ask().replaces()) {
                    replace(plan);
                    doubtful.add(plan.host().id());
                    doubtful.addAll(held.getOrDefault(plan.ask().consumer(), Set.of()));
                }
            }
            reload(doubtful);
        }

        private void replace(Plan plan) {
            Ask ask = plan.ask();
            // What was committed just now has advanced the host.
            Plan now = snapshot.table()
                    .find(plan.host().id())
                    .map(host -> new Plan(plan.unit(), ask, host, plan.cells()))
                    .orElse(plan);
            boolean kept = ask.migration().isPresent()
                    ? ledger.move(now, ask.migration().get(), known)
                    : ledger.replace(now, known);
            if (kept) {
                ask.placeOn(plan.host(), plan.cells());
                snapshot.advanced(plan.host().id());
            }
        }

        private void reload(Collection<String> ids) {
            if (!ids.isEmpty()) {
                snapshot.reload(ids);
            }
        }
    }
}
