package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The moves from one layout to another, in an order in which each one finds its room: after every move all constraints hold,
 * so that the plan may be stopped anywhere. Where servers wait for each other's room in a circle, one steps aside first.
 */
final class Order {
    private final Layout layout;
    private final int budget;
    private final List<Move> moves = new ArrayList<>();

    record Move(Unit unit, int from, int to) {}

    private Order(Layout layout, int budget) {
        this.layout = layout;
        this.budget = budget;
    }

    /** Moves the layout towards the wanted places as far as the budget and the room allow; returns the moves that were made. */
    static List<Move> towards(Layout layout, int[] wanted, int budget) {
        Order order = new Order(layout, budget);
        Queue<Unit> open = new ArrayDeque<>();
        for (Unit unit : layout.units) {
            if (layout.at[unit.index()] != wanted[unit.index()]) {
                open.add(unit);
            }
        }
        order.run(open, wanted);
        return order.moves;
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
