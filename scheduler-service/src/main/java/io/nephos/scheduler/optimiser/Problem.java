package io.nephos.scheduler.optimiser;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Items are to be laid on places: each on exactly one, within every place's room, and such that those of a set of {@code apart}
 * lie on different places. No more than {@code budget} items may leave their home.
 *
 * @param apart indices of items, set by set
 * @param moving what it costs when an item leaves its home; only for items that have one
 */
public record Problem(
        List<Place> places, List<Item> items, List<int[]> apart, int budget, Objective objective, double moving) {

    /** What is minimised, beside the cost of moving. */
    public enum Objective {
        /** The sum over places and dimensions of |load - aim|. */
        DEVIATION,
        /** The sum of the costs of the places in use. */
        COST
    }

    /**
     * @param room for the items, by dimension
     * @param capacity by dimension; load is what is there, divided by it; 0 where load does not count
     * @param base what is there beside the items, by dimension
     * @param aim the load that would be best, by dimension
     * @param inUse whatever the items do
     */
    public record Place(long[] room, long[] capacity, long[] base, double[] aim, long cost, boolean inUse) {}

    /**
     * @param size by dimension
     * @param places indices of those that will do
     * @param home index of the place that it need not leave; -1 when it has none among these
     * @param now index of the place in the solution that is known; -1 when it has none
     */
    public record Item(long[] size, int[] places, int home, int now) {}

    /**
     * @param places for each item the index of its place
     * @param optimal none is better
     */
    public record Solution(int[] places, boolean optimal) {}

    /** Solves problems: the port to a solver. */
    public interface Solver {
        /** The best that was found within the time; empty when there is none, or none was found. */
        Optional<Solution> solve(Problem problem, Duration limit);
    }

    /** The objective's value, with the cost of moving. */
    double value(int[] chosen) {
        double value = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (items.get(i).home() >= 0 && items.get(i).home() != chosen[i]) {
                value += moving;
            }
        }
        for (int p = 0; p < places.size(); p++) {
            value += switch (objective) {
                case DEVIATION -> deviation(p, chosen);
                case COST -> used(p, chosen) ? places.get(p).cost() : 0;
            };
        }
        return value;
    }

    /** Every constraint is kept. */
    boolean allows(int[] chosen) {
        int moved = 0;
        for (int i = 0; i < chosen.length; i++) {
            int place = chosen[i];
            if (Arrays.stream(items.get(i).places()).noneMatch(allowed -> allowed == place)) {
                return false;
            }
            if (items.get(i).home() >= 0 && items.get(i).home() != place) {
                moved++;
            }
        }
        for (int p = 0; p < places.size(); p++) {
            long[] there = sum(p, chosen);
            for (int r = 0; r < there.length; r++) {
                if (there[r] > places.get(p).room()[r]) {
                    return false;
                }
            }
        }
        return moved <= budget
                && apart.stream()
                        .allMatch(set -> Arrays.stream(set)
                                        .map(i -> chosen[i])
                                        .distinct()
                                        .count()
                                == set.length);
    }

    private double deviation(int p, int[] chosen) {
        Place place = places.get(p);
        long[] there = sum(p, chosen);
        double deviation = 0;
        for (int r = 0; r < there.length; r++) {
            if (place.capacity()[r] > 0) {
                deviation += Math.abs((double) (place.base()[r] + there[r]) / place.capacity()[r] - place.aim()[r]);
            }
        }
        return deviation;
    }

    private boolean used(int p, int[] chosen) {
        return places.get(p).inUse() || Arrays.stream(chosen).anyMatch(place -> place == p);
    }

    private long[] sum(int p, int[] chosen) {
        long[] sum = new long[places.get(p).room().length];
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i] == p) {
                for (int r = 0; r < sum.length; r++) {
                    sum[r] += items.get(i).size()[r];
                }
            }
        }
        return sum;
    }
}
