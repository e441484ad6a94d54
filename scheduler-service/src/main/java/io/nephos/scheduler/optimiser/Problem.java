package io.nephos.scheduler.optimiser;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Items are to be laid on places: each on exactly one, within every place's room, their parts within that of its pockets, and
 * such that those of a set of {@code apart} lie on different places. No more than {@code budget} items may leave their home.
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
     * @param pockets in which parts of items lie: NUMA cells
     * @param toll what each item costs that lies there
     */
    public record Place(
            long[] room,
            long[] capacity,
            long[] base,
            double[] aim,
            long cost,
            boolean inUse,
            List<Pocket> pockets,
            double toll) {

        public Place(long[] room, long[] capacity, long[] base, double[] aim, long cost, boolean inUse) {
            this(room, capacity, base, aim, cost, inUse, List.of(), 0);
        }
    }

    /**
     * @param room for parts, by dimension of parts
     * @param largest part that goes in, by dimension
     */
    public record Pocket(long[] room, long[] largest) {
        public boolean takes(Part part) {
            for (int d = 0; d < room.length; d++) {
                if (part.size()[d] > Math.min(room[d], largest[d])) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Parts of one owner lie in different pockets. */
    public record Part(int owner, long[] size) {}

    /**
     * @param size by dimension
     * @param places indices of those that will do
     * @param home index of the place that it need not leave; -1 when it has none among these
     * @param now index of the place in the solution that is known; -1 when it has none
     * @param parts each needs a pocket of its place
     * @param held for each part its pocket at home, where it stays unless the item leaves; empty when it needs none there
     */
    public record Item(long[] size, int[] places, int home, int now, List<Part> parts, int[] held) {
        public Item(long[] size, int[] places, int home, int now) {
            this(size, places, home, now, List.of(), new int[0]);
        }
    }

    /**
     * @param places for each item the index of its place
     * @param pockets for each item, for each of its parts, the index of its pocket there; none at home when it holds none
     * @param optimal none is better
     */
    public record Solution(int[] places, int[][] pockets, boolean optimal) {}

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
            value += places.get(chosen[i]).toll();
        }
        for (int p = 0; p < places.size(); p++) {
            value += switch (objective) {
                case DEVIATION -> deviation(p, chosen);
                case COST -> used(p, chosen) ? places.get(p).cost() : 0;
            };
        }
        return value;
    }

    /** Every constraint is kept, those of pockets aside. */
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
