package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Problem.Item;
import io.nephos.scheduler.optimiser.Problem.Part;
import io.nephos.scheduler.optimiser.Problem.Place;
import io.nephos.scheduler.optimiser.Problem.Pocket;
import io.nephos.scheduler.optimiser.Problem.Solution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** What is right of parts and pockets, found by trying everything. */
final class Pockets {
    private Pockets() {}

    static List<Pocket> some(Random random) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(c -> new Pocket(
                        new long[] {1 + random.nextInt(5), 1 + random.nextInt(6)},
                        new long[] {3, 1 + random.nextInt(6)}))
                .toList();
    }

    static List<Part> parts(Random random) {
        List<Part> parts = new ArrayList<>();
        for (int k = 0; k < Math.max(0, random.nextInt(4) - 1); k++) {
            parts.add(new Part(random.nextInt(5) / 4, new long[] {1 + random.nextInt(3), random.nextInt(3)}));
        }
        return parts;
    }

    static int[] held(Random random, List<Part> parts, Place home) {
        int pockets = home.pockets().size();
        return pockets < parts.size() || random.nextInt(4) == 0
                ? new int[0]
                : IntStream.range(0, parts.size()).toArray();
    }

    /** There is a way to lay the parts. */
    static boolean allow(Problem problem, int[] chosen) {
        List<long[][]> left = problem.places().stream()
                .map(place -> place.pockets().stream()
                        .map(pocket -> pocket.room().clone())
                        .toArray(long[][]::new))
                .toList();
        return allow(problem, chosen, 0, 0, left, new HashSet<>());
    }

    private static boolean allow(
            Problem problem, int[] chosen, int i, int k, List<long[][]> left, Set<List<Integer>> taken) {
        if (i == chosen.length) {
            return true;
        }
        Item item = problem.items().get(i);
        boolean home = chosen[i] == item.home();
        if (k == item.parts().size() || home && item.held().length == 0) {
            return allow(problem, chosen, i + 1, 0, left, new HashSet<>());
        }
        Part part = item.parts().get(k);
        long[][] room = left.get(chosen[i]);
        for (int c = 0; c < room.length; c++) {
            List<Integer> own = List.of(part.owner(), c);
            boolean may = home
                    ? item.held()[k] == c
                    : !taken.contains(own)
                            && problem.places().get(chosen[i]).pockets().get(c).takes(part);
            if (may && change(room[c], part, -1)) {
                Set<List<Integer>> more = new HashSet<>(taken);
                more.add(own);
                if (allow(problem, chosen, i, k + 1, left, more)) {
                    change(room[c], part, 1);
                    return true;
                }
                change(room[c], part, 1);
            } else if (may) {
                change(room[c], part, 1);
            }
        }
        return false;
    }

    private static boolean change(long[] room, Part part, int sign) {
        for (int d = 0; d < room.length; d++) {
            room[d] += sign * part.size()[d];
        }
        return Arrays.stream(room).allMatch(left -> left >= 0);
    }

    /** The way that was found is right. */
    static boolean allow(Problem problem, Solution solution) {
        List<long[][]> left = problem.places().stream()
                .map(place -> place.pockets().stream()
                        .map(pocket -> pocket.room().clone())
                        .toArray(long[][]::new))
                .toList();
        for (int i = 0; i < solution.places().length; i++) {
            Item item = problem.items().get(i);
            int place = solution.places()[i];
            int[] pockets = solution.pockets()[i];
            boolean home = place == item.home();
            if (home
                    ? !Arrays.equals(pockets, item.held())
                    : pockets.length != item.parts().size()) {
                return false;
            }
            Set<List<Integer>> own = new HashSet<>();
            for (int k = 0; k < pockets.length; k++) {
                Part part = item.parts().get(k);
                if (!home && !own.add(List.of(part.owner(), pockets[k]))
                        || !change(left.get(place)[pockets[k]], part, -1)) {
                    return false;
                }
            }
        }
        return true;
    }
}
