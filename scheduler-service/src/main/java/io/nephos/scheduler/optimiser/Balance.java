package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import io.nephos.scheduler.optimiser.Problem.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;

/** Brings the loads of the open hosts near each other. */
final class Balance {
    private static final int TARGETS = 24;
    private static final int EXTREMES = 40;
    private static final int VAIN = 12;
    private static final Duration ROUND = Duration.ofSeconds(2);

    private final Search search;
    private final Layout layout;
    private final Random random = new Random(1);

    Balance(Search search) {
        this.search = search;
        this.layout = search.layout;
    }

    /** True when nothing better is possible. */
    boolean run() {
        List<Integer> open = search.everyHost().stream()
                .filter(host -> layout.hosts.get(host).open())
                .toList();
        if (search.small(open)) {
            return search.improve(open, Objective.DEVIATION, -1, Duration.ofDays(1)) == Search.Found.BEST;
        }
        moveOneByOne(open);
        moveTogether(open);
        return false;
    }

    /** From the most loaded host that can give to one of the least loaded that can take, as long as it is worth a move. */
    private void moveOneByOne(List<Integer> open) {
        List<Integer> byExcess = new ArrayList<>(open);
        BitSet stuck = new BitSet();
        while (search.timeLeft() && search.budgetLeft() > 0) {
            byExcess.sort(Comparator.comparingDouble(search::excess));
            int from = -1;
            for (int i = byExcess.size() - 1; i >= 0 && from < 0; i--) {
                from = stuck.get(byExcess.get(i)) ? -1 : byExcess.get(i);
            }
            if (from < 0) {
                return;
            }
            int to = give(from, byExcess);
            if (to < 0) {
                stuck.set(from);
            } else {
                stuck.clear(from);
                stuck.clear(to);
            }
        }
    }

    /** Makes the best move away from the host; returns where it went, -1 when none is worth it. */
    private int give(int from, List<Integer> byExcess) {
        double best = Search.MOVING;
        Optional<Unit> chosen = Optional.empty();
        int target = -1;
        for (int index : layout.unitsOn.get(from)) {
            Unit unit = layout.units.get(index);
            double relief = search.deviation(from) - search.deviation(from, unit.size(), -1);
            int tried = 0;
            for (int i = 0; i < byExcess.size() && tried < TARGETS; i++) {
                int to = byExcess.get(i);
                if (to == from || !layout.fits(unit, to)) {
                    continue;
                }
                tried++;
                double gain = relief + search.deviation(to) - search.deviation(to, unit.size(), 1);
                if (gain > best) {
                    best = gain;
                    chosen = Optional.of(unit);
                    target = to;
                }
            }
        }
        if (chosen.isPresent()) {
            layout.move(chosen.get(), target);
        }
        return target;
    }

    /** The solver on some of the most and of the least loaded hosts at a time, until it has tried in vain for a while. */
    private void moveTogether(List<Integer> open) {
        int vain = 0;
        while (search.timeLeft() && vain < VAIN) {
            List<Integer> some = some(open);
            double before = deviation(some);
            search.improve(some, Objective.DEVIATION, -1, ROUND);
            vain = deviation(some) < before - 1e-6 ? 0 : vain + 1;
        }
    }

    private double deviation(List<Integer> hosts) {
        return hosts.stream().mapToDouble(search::deviation).sum();
    }

    private List<Integer> some(List<Integer> open) {
        List<Integer> sorted = new ArrayList<>(open);
        sorted.sort(Comparator.comparingDouble(search::excess));
        List<Integer> low = new ArrayList<>(sorted.subList(0, Math.min(EXTREMES, sorted.size())));
        List<Integer> high = new ArrayList<>(sorted.subList(Math.max(0, sorted.size() - EXTREMES), sorted.size()));
        Collections.shuffle(low, random);
        Collections.shuffle(high, random);
        TreeSet<Integer> some = new TreeSet<>();
        for (int i = 0; i < EXTREMES && search.choices(some) < Search.CHOICES / 3; i++) {
            some.add(low.get(i % low.size()));
            some.add(high.get(i % high.size()));
        }
        return List.copyOf(some);
    }
}
