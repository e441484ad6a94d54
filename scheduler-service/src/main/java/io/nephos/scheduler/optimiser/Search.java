package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import io.nephos.scheduler.optimiser.Problem.Item;
import io.nephos.scheduler.optimiser.Problem.Objective;
import io.nephos.scheduler.optimiser.Problem.Place;
import io.nephos.scheduler.optimiser.Problem.Solution;
import io.nephos.scheduler.optimiser.Problem.Solver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** A layout that is being improved: some of its hosts are given to the solver, and what it finds is taken over if it is better. */
final class Search {
    /** A move must be worth this much of one host's load in one class. */
    static final double MOVING = 0.001;

    /** A move that is not wanted for itself: no gain is worth it. */
    private static final double UNWANTED = 1000;

    /** To stay where nothing is to stay: worse than all moves that make room. */
    private static final double STAYING = 1_000_000;

    /** As many choices as the solver can be trusted with at once. */
    static final int CHOICES = 4000;

    final Layout layout;
    final int budget;
    final double[] aim;
    private final Solver solver;
    private final LongSupplier nanosLeft;

    Search(Layout layout, Solver solver, int budget, LongSupplier nanosLeft) {
        this.layout = layout;
        this.solver = solver;
        this.budget = budget;
        this.nanosLeft = nanosLeft;
        this.aim = layout.meanLoad();
    }

    boolean timeLeft() {
        return nanosLeft.getAsLong() > 0;
    }

    int budgetLeft() {
        return budget - layout.moved();
    }

    List<Integer> everyHost() {
        List<Integer> all = new ArrayList<>();
        for (int h = 0; h < layout.hosts.size(); h++) {
            all.add(h);
        }
        return all;
    }

    boolean small(Collection<Integer> hosts) {
        return choices(hosts) <= CHOICES;
    }

    int choices(Collection<Integer> hosts) {
        int units = 0;
        for (int host : hosts) {
            units += layout.unitsOn.get(host).size();
        }
        return units * hosts.size();
    }

    /** How far a host is from the aim, over the classes; only open hosts are. */
    double deviation(int host) {
        double deviation = 0;
        if (layout.hosts.get(host).open()) {
            for (int r = 0; r < aim.length; r++) {
                if (counts(host, r)) {
                    deviation += Math.abs(load(host, r, 0) - aim[r]);
                }
            }
        }
        return deviation;
    }

    /** The same if that much more were there, or less. */
    double deviation(int host, long[] size, int sign) {
        double deviation = 0;
        if (layout.hosts.get(host).open()) {
            for (int r = 0; r < aim.length; r++) {
                if (counts(host, r)) {
                    deviation += Math.abs(load(host, r, sign * size[r]) - aim[r]);
                }
            }
        }
        return deviation;
    }

    /** By how much more than the aim, and less, it is loaded. */
    double excess(int host) {
        double excess = 0;
        for (int r = 0; r < aim.length; r++) {
            if (counts(host, r)) {
                excess += load(host, r, 0) - aim[r];
            }
        }
        return excess;
    }

    private boolean counts(int host, int r) {
        return layout.capacity[host][r] > 0 && aim[r] > 0;
    }

    private double load(int host, int r, long more) {
        return (double) (layout.used[host][r] + more) / layout.capacity[host][r];
    }

    /** What the solver made of some hosts. */
    enum Found {
        NOTHING,
        BETTER,
        /** The best there is; it may be what was there already. */
        BEST
    }

    /**
     * Lets the solver lay the units of these hosts anew over them.
     *
     * @param leaving a host that as many units as possible are to leave; -1 for none
     */
    Found improve(Collection<Integer> hosts, Objective objective, int leaving, Duration limit) {
        List<Integer> places = List.copyOf(new TreeSet<>(hosts));
        List<Unit> units = new ArrayList<>();
        places.forEach(host -> layout.unitsOn.get(host).forEach(unit -> units.add(layout.units.get(unit))));
        if (units.isEmpty()) {
            return Found.BEST;
        }
        Problem problem = problem(places, units, objective, leaving);
        Duration most = Duration.ofNanos(Math.clamp(nanosLeft.getAsLong(), 1_000_000, limit.toNanos()));
        Optional<Solution> found = solver.solve(problem, most);
        if (found.isEmpty()) {
            return Found.NOTHING;
        }
        int[] now = problem.items().stream().mapToInt(Item::now).toArray();
        int[] then = found.get().places();
        boolean better = problem.value(then) < problem.value(now) - 1e-9;
        if (better) {
            take(units, places, found.get());
        }
        return found.get().optimal() ? Found.BEST : better ? Found.BETTER : Found.NOTHING;
    }

    /** All that move are nowhere first: a unit may take the place of one that leaves. */
    private void take(List<Unit> units, List<Integer> places, Solution found) {
        List<Integer> moving = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            if (layout.at[units.get(i).index()] != places.get(found.places()[i])) {
                moving.add(i);
                layout.lift(units.get(i));
            }
        }
        for (int i : moving) {
            int to = places.get(found.places()[i]);
            layout.lay(units.get(i), to, Seats.taken(units.get(i), found.pockets()[i], layout.cells[to]));
        }
    }

    private Problem problem(List<Integer> hosts, List<Unit> units, Objective objective, int leaving) {
        Map<Integer, Integer> index = new HashMap<>();
        hosts.forEach(host -> index.put(host, index.size()));
        Map<Integer, List<Integer>> groups = new HashMap<>();
        Map<Integer, BitSet> inside = new HashMap<>();
        for (int i = 0; i < units.size(); i++) {
            Unit unit = units.get(i);
            if (unit.apart() >= 0) {
                groups.computeIfAbsent(unit.apart(), group -> new ArrayList<>()).add(i);
                inside.computeIfAbsent(unit.apart(), group -> new BitSet()).set(layout.at[unit.index()]);
            }
        }
        int moved = 0;
        List<Item> items = new ArrayList<>();
        for (Unit unit : units) {
            int[] allowed = hosts.stream()
                    .filter(host -> host != leaving || layout.at[unit.index()] == leaving)
                    .filter(host -> unit.allowed().get(host) && !taken(unit, host, inside))
                    .mapToInt(host -> index.getOrDefault(host, -1))
                    .toArray();
            int at = layout.at[unit.index()];
            moved += at == unit.home() ? 0 : 1;
            items.add(new Item(
                    unit.size(),
                    allowed,
                    index.getOrDefault(unit.home(), -1),
                    index.getOrDefault(at, -1),
                    Seats.parts(unit),
                    Seats.held(unit, layout.cells[unit.home()])));
        }
        List<Place> places = hosts.stream()
                .map(host -> place(host, units, host == leaving ? STAYING : 0))
                .toList();
        return new Problem(
                places,
                items,
                groups.values().stream()
                        .filter(group -> group.size() > 1)
                        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                leaving >= 0 ? Integer.MAX_VALUE : budget - (layout.moved() - moved) - homeless(units, index),
                objective,
                leaving >= 0 ? UNWANTED : MOVING);
    }

    /** Units whose home is not among the hosts: they have moved, whatever becomes of them. */
    private static int homeless(List<Unit> units, Map<Integer, Integer> index) {
        return (int)
                units.stream().filter(unit -> !index.containsKey(unit.home())).count();
    }

    /** A member of the group that is not among the items is there. */
    private boolean taken(Unit unit, int host, Map<Integer, BitSet> inside) {
        if (unit.apart() < 0 || !layout.occupied.get(unit.apart()).get(host)) {
            return false;
        }
        BitSet own = inside.get(unit.apart());
        return own == null || !own.get(host);
    }

    private Place place(int host, List<Unit> units, double toll) {
        int dimensions = layout.classes.size();
        long[] base = layout.used[host].clone();
        for (Unit unit : units) {
            if (layout.at[unit.index()] == host) {
                for (int r = 0; r < dimensions; r++) {
                    base[r] -= unit.size()[r];
                }
            }
        }
        long[] room = new long[dimensions];
        long[] capacity = new long[dimensions];
        for (int r = 0; r < dimensions; r++) {
            // What is over its capacity already may stay, and nothing comes to it.
            room[r] = Math.max(layout.capacity[host][r], layout.used[host][r]) - base[r];
            capacity[r] = layout.hosts.get(host).open() && counts(host, r) ? layout.capacity[host][r] : 0;
        }
        List<Unit> celled = units.stream()
                .filter(unit -> unit.celled() && layout.at[unit.index()] == host)
                .toList();
        return new Place(
                room,
                capacity,
                base,
                aim,
                layout.hosts.get(host).cost(),
                layout.staying[host] > 0,
                Seats.pockets(
                        layout.cells[host],
                        celled.stream()
                                .flatMap(unit -> layout.lying(unit).stream())
                                .toList()),
                toll);
    }
}
