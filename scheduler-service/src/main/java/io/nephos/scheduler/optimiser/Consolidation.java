package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.optimiser.Layout.Unit;
import io.nephos.scheduler.optimiser.Problem.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Empties hosts, the dearest and the least used first. */
final class Consolidation {
    private static final int VAIN = 12;
    private static final Duration ROUND = Duration.ofSeconds(3);

    private final Search search;
    private final Layout layout;
    private final Random random = new Random(1);

    Consolidation(Search search) {
        this.search = search;
        this.layout = search.layout;
    }

    /** True when nothing better is possible. */
    boolean run() {
        List<Integer> up = search.everyHost().stream()
                .filter(host -> layout.hosts.get(host).up())
                .toList();
        if (search.small(up)) {
            return search.improve(up, Objective.COST, -1, Duration.ofDays(1)) == Search.Found.BEST;
        }
        emptyOneByOne(up);
        emptyTogether(up);
        return false;
    }

    private List<Integer> givers(List<Integer> up) {
        return up.stream()
                .filter(host -> layout.staying[host] == 0)
                .filter(host -> !layout.unitsOn.get(host).isEmpty())
                .sorted(Comparator.comparingLong(
                                (Integer host) -> -layout.hosts.get(host).cost())
                        .thenComparingDouble(this::fullness))
                .toList();
    }

    private void emptyOneByOne(List<Integer> up) {
        for (int host : givers(up)) {
            if (!search.timeLeft() || search.budgetLeft() <= 0) {
                return;
            }
            empty(host, up);
        }
    }

    /** A unit and the cells that it held. */
    private record Moved(Unit unit, List<CellShare> cells) {}

    /** All of its units to the fullest hosts that have room for them, or none. */
    private void empty(int host, List<Integer> up) {
        List<Unit> units = new ArrayList<>(
                layout.unitsOn.get(host).stream().map(layout.units::get).toList());
        if (units.size() > search.budgetLeft()) {
            return;
        }
        units.sort(Comparator.comparingDouble((Unit unit) -> -share(unit.size(), host)));
        List<Integer> takers = new ArrayList<>(up.stream()
                .filter(other -> other != host && !layout.empty(other))
                .toList());
        takers.sort(Comparator.comparingDouble((Integer other) -> -fullness(other)));
        List<Moved> moved = new ArrayList<>();
        for (Unit unit : units) {
            int to = takers.stream()
                    .filter(other -> layout.fits(unit, other))
                    .findFirst()
                    .orElse(-1);
            if (to < 0) {
                Collections.reverse(moved);
                moved.forEach(back -> {
                    layout.lift(back.unit());
                    layout.lay(back.unit(), host, back.cells());
                });
                return;
            }
            moved.add(new Moved(unit, layout.lying(unit)));
            layout.move(unit, to);
        }
    }

    private double fullness(int host) {
        return share(layout.used[host], host);
    }

    private double share(long[] amounts, int host) {
        double most = 0;
        for (int r = 0; r < amounts.length; r++) {
            if (layout.capacity[host][r] > 0) {
                most = Math.max(most, (double) amounts[r] / layout.capacity[host][r]);
            }
        }
        return most;
    }

    /** The solver on some of the emptiest hosts in use and some others at a time. */
    private void emptyTogether(List<Integer> up) {
        int vain = 0;
        while (search.timeLeft() && vain < VAIN && search.budgetLeft() > 0) {
            List<Integer> some = some(up);
            if (some.size() < 2) {
                return;
            }
            long before = some.stream().filter(host -> !layout.empty(host)).count();
            search.improve(some, Objective.COST, -1, ROUND);
            long after = some.stream().filter(host -> !layout.empty(host)).count();
            vain = after < before ? 0 : vain + 1;
        }
    }

    private List<Integer> some(List<Integer> up) {
        List<Integer> used =
                new ArrayList<>(up.stream().filter(host -> !layout.empty(host)).toList());
        used.sort(Comparator.comparingDouble(this::fullness));
        List<Integer> light = new ArrayList<>(used.subList(0, Math.min(30, used.size())));
        Collections.shuffle(light, random);
        Collections.shuffle(used, random);
        List<Integer> order =
                Stream.concat(light.stream().limit(6), used.stream()).distinct().toList();
        List<Integer> some = new ArrayList<>();
        for (int host : order) {
            if (search.choices(some) < Search.CHOICES / 4) {
                some.add(host);
            }
        }
        return some;
    }
}
