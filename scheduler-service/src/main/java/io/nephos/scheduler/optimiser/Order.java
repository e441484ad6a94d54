package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The moves from one layout to another, in an order in which each one finds its room: after every move all constraints hold,
 * so that the plan may be stopped anywhere. Where servers wait for each other's room in a circle, one steps aside first.
 */
final class Order {
    private static final int ORDERS = 24;

    private final Layout layout;
    private final int budget;
    private final List<Move> moves = new ArrayList<>();

    record Move(Unit unit, int from, int to) {}

    private Order(Layout layout, int budget) {
        this.layout = layout;
        this.budget = budget;
    }

    /**
     * The moves that were made, and the layout after them.
     *
     * @param missed how many units are not where they were to be
     * @param left how many of them are still on the host that is to be emptied
     */
    record Way(Layout layout, List<Move> moves, int missed, int left) {
        boolean complete() {
            return missed == 0;
        }
    }

    /**
     * Moves the layout towards the wanted places as far as the budget and the room allow. Who comes first decides which NUMA
     * cells are left for the next: where some are needed, several orders are tried.
     *
     * @param fresh makes the layout from which the moves start
     * @param leaving a host that is to be emptied: who finds no room where it was to go, goes elsewhere; -1 for none
     */
    static Way best(Supplier<Layout> fresh, int[] wanted, int budget, int leaving) {
        Way best = way(fresh.get(), wanted, budget, leaving, 0);
        boolean celled = best.layout().units.stream().anyMatch(Unit::celled);
        for (int attempt = 1; attempt < ORDERS && celled && !best.complete(); attempt++) {
            Way other = way(fresh.get(), wanted, budget, leaving, attempt);
            if (other.left() < best.left() || other.left() == best.left() && other.missed() < best.missed()) {
                best = other;
            }
        }
        return best;
    }

    private static Way way(Layout layout, int[] wanted, int budget, int leaving, int attempt) {
        Order order = new Order(layout, budget);
        List<Unit> units = new ArrayList<>(layout.units.stream()
                .filter(unit -> layout.at[unit.index()] != wanted[unit.index()])
                .toList());
        if (attempt > 0) {
            Collections.shuffle(units, new Random(attempt));
        }
        Queue<Unit> open = new ArrayDeque<>(units);
        order.run(open, wanted);
        if (leaving >= 0) {
            order.leaveAnyhow(open, leaving);
        }
        int missed = (int) layout.units.stream()
                .filter(unit -> layout.at[unit.index()] != wanted[unit.index()])
                .count();
        int left = leaving < 0 ? 0 : layout.unitsOn.get(leaving).size();
        return new Way(layout, order.moves, missed, left);
    }

    private void leaveAnyhow(Queue<Unit> open, int leaving) {
        for (Unit unit : open) {
            for (int host = 0; host < layout.hosts.size() && layout.at[unit.index()] == leaving; host++) {
                if (host != leaving && moves.size() < budget && layout.fits(unit, host)) {
                    move(unit, host);
                }
            }
        }
    }

    private void run(Queue<Unit> open, int[] wanted) {
        int waiting = 0;
        boolean steppedAside = false;
        while (!open.isEmpty() && moves.size() < budget) {
            Unit unit = open.remove();
            int to = wanted[unit.index()];
            if (layout.fits(unit, to)) {
                move(unit, to);
                waiting = 0;
                steppedAside = false;
            } else {
                open.add(unit);
                waiting++;
            }
            if (waiting >= open.size() && !open.isEmpty()) {
                if (steppedAside || !stepAside(open, wanted)) {
                    return;
                }
                steppedAside = true;
                waiting = 0;
            }
        }
    }

    /** One of those that wait goes to a third host that has room, so that its own becomes free. */
    private boolean stepAside(Queue<Unit> open, int[] wanted) {
        if (moves.size() + 2 > budget) {
            return false;
        }
        for (Unit unit : open) {
            int at = layout.at[unit.index()];
            boolean awaited = open.stream().anyMatch(other -> wanted[other.index()] == at);
            if (awaited) {
                for (int host = unit.allowed().nextSetBit(0);
                        host >= 0;
                        host = unit.allowed().nextSetBit(host + 1)) {
                    if (host != at && host != wanted[unit.index()] && layout.fits(unit, host)) {
                        move(unit, host);
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void move(Unit unit, int to) {
        moves.add(new Move(unit, layout.at[unit.index()], to));
        layout.move(unit, to);
    }
}
