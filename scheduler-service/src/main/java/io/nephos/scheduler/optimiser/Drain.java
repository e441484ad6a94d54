package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import io.nephos.scheduler.optimiser.Problem.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Moves everything off one host, and others only to make room for that. */
final class Drain {
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final int OTHERS = 12;

    private final Search search;
    private final Layout layout;
    private final int host;

    Drain(Search search, int host) {
        this.search = search;
        this.layout = search.layout;
        this.host = host;
    }

    /** True when nothing better is possible. */
    boolean run() {
        List<Integer> all = search.everyHost().stream()
                .filter(other -> layout.hosts.get(other).up())
                .toList();
        if (layout.unitsOn.get(host).isEmpty()) {
            return true;
        }
        if (search.small(all)) {
            if (search.improve(all, Objective.DEVIATION, host, Duration.ofDays(1)) == Search.Found.BEST) {
                return true;
            }
        }
        moveOneByOne(all);
        if (!layout.unitsOn.get(host).isEmpty()) {
            makeRoom(all);
        }
        return false;
    }

    /** The largest first, each to where it disturbs least. */
    private void moveOneByOne(List<Integer> all) {
        List<Unit> units = new ArrayList<>(
                layout.unitsOn.get(host).stream().map(layout.units::get).toList());
        units.sort(Comparator.comparingDouble((Unit unit) -> -largest(unit)));
        for (Unit unit : units) {
            all.stream()
                    .filter(other -> other != host && layout.fits(unit, other))
                    .min(Comparator.comparingDouble(
                            other -> search.deviation(other, unit.size(), 1) - search.deviation(other)))
                    .ifPresent(to -> layout.move(unit, to));
        }
    }

    private double largest(Unit unit) {
        double largest = 0;
        for (int r = 0; r < unit.size().length; r++) {
            if (layout.capacity[host][r] > 0) {
                largest = Math.max(largest, (double) unit.size()[r] / layout.capacity[host][r]);
            }
        }
        return largest;
    }

    /** What is left together with the emptiest hosts that may have it, whose own servers may move too. */
    private void makeRoom(List<Integer> all) {
        List<Integer> some = new ArrayList<>(all.stream()
                .filter(other -> other != host)
                .filter(other -> layout.unitsOn.get(host).stream()
                        .anyMatch(unit -> layout.units.get(unit).allowed().get(other)))
                .sorted(Comparator.comparingDouble(search::excess))
                .limit(OTHERS)
                .toList());
        some.add(host);
        search.improve(some, Objective.DEVIATION, host, ROUND);
    }
}
