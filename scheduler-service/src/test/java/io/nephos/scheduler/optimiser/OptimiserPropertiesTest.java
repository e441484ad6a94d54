package io.nephos.scheduler.optimiser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nephos.scheduler.optimiser.Optimiser.Task;
import io.nephos.scheduler.optimiser.Problem.Item;
import io.nephos.scheduler.optimiser.Problem.Objective;
import io.nephos.scheduler.optimiser.Problem.Part;
import io.nephos.scheduler.optimiser.Problem.Place;
import io.nephos.scheduler.optimiser.Problem.Solution;
import io.nephos.scheduler.optimiser.solver.CpSatSolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random search with seeds; a failure names its seed. */
class OptimiserPropertiesTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private final CpSatSolver solver = new CpSatSolver(2);
    private final Optimiser optimiser = new Optimiser(solver, System::nanoTime);

    @Test
    void theSolverFindsTheOptimumThatTryingEverythingFinds() {
        for (long seed = 0; seed < 120; seed++) {
            Problem problem = problem(new Random(seed));
            double best = best(problem);
            Optional<Solution> found = solver.solve(problem, LIMIT);
            assertEquals(best < Double.POSITIVE_INFINITY, found.isPresent(), "seed " + seed);
            if (found.isPresent()) {
                assertTrue(problem.allows(found.get().places()), "seed " + seed);
                assertTrue(Pockets.allow(problem, found.get()), "seed " + seed);
                assertTrue(found.get().optimal(), "seed " + seed);
                assertEquals(best, problem.value(found.get().places()), 1e-3, "seed " + seed);
            }
        }
    }

    @Test
    void everyPlanCanBeCarriedOutMoveByMoveAndGainsWhatItSays() {
        for (long seed = 0; seed < 120; seed++) {
            World world = RandomWorlds.small(seed);
            for (Goal goal : List.of(Goal.REBALANCE, Goal.CONSOLIDATE)) {
                String name = goal + " of seed " + seed;
                Plan plan = optimiser.plan(world, new Task(goal, Optional.empty(), 1 + (int) (seed % 7), LIMIT));
                Referee referee = new Referee(world);
                assertClose(referee.measure(Optional.empty()), plan.before(), name);
                referee.carryOut(plan, Optional.empty());
                assertClose(referee.measure(Optional.empty()), plan.after(), name);
                assertTrue(Rehearsal.possible(world, plan.migrations()), name);
                if (!plan.migrations().isEmpty()) {
                    boolean gain = goal == Goal.REBALANCE
                            ? plan.after().imbalance() < plan.before().imbalance()
                            : plan.after().cost() < plan.before().cost();
                    assertTrue(gain, name);
                }
            }
        }
    }

    @Test
    void aHostIsDrainedOrThePlanSaysWhoCannotLeave() {
        for (long seed = 0; seed < 120; seed++) {
            World world = RandomWorlds.small(seed);
            String host = world.hosts().getFirst().id();
            Plan plan = optimiser.plan(world, new Task(Goal.DRAIN, Optional.of(host), 100, LIMIT));
            Referee referee = new Referee(world);
            referee.carryOut(plan, Optional.of(host));
            if (world.hosts().getFirst().up()) {
                assertEquals(referee.on(host), plan.left().size(), "seed " + seed);
            }
        }
    }

    @Test
    void whoLiesInNumaCellsIsMovedOnlyToWhereTheSchedulerFindsThemCells() {
        int moved = 0;
        for (long seed = 0; seed < 150; seed++) {
            World world = RandomWorlds.celled(seed);
            for (Goal goal : List.of(Goal.REBALANCE, Goal.CONSOLIDATE)) {
                Plan plan = optimiser.plan(world, new Task(goal, Optional.empty(), 1 + (int) (seed % 7), LIMIT));
                new Referee(world).carryOut(plan, Optional.empty());
                assertTrue(Rehearsal.possible(world, plan.migrations()), goal + " of seed " + seed);
                moved += (int) plan.migrations().stream()
                        .filter(migration -> isCelled(world, migration.server()))
                        .count();
            }
        }
        assertTrue(moved > 100, "they do move: " + moved);
    }

    /** Tries every order and every host. */
    @Test
    void aDrainLeavesNoServerInItsCellsThatCouldGo() {
        int moved = 0;
        for (long seed = 0; seed < 250; seed++) {
            World world = RandomWorlds.celled(seed);
            String host = world.hosts().getFirst().id();
            Plan plan = optimiser.plan(world, new Task(Goal.DRAIN, Optional.of(host), 100, LIMIT));
            Referee referee = new Referee(world);
            referee.carryOut(plan, Optional.of(host));
            assertEquals(referee.on(host), plan.left().size(), "seed " + seed);
            if (world.servers().stream().allMatch(server -> server.group().isEmpty())
                    && world.servers().stream()
                                    .filter(server -> server.host().equals(host))
                                    .count()
                            <= 4) {
                assertTrue(plan.left().size() <= CellJudge.fewestLeft(world, host), "seed " + seed);
                moved += (int) plan.migrations().stream()
                        .filter(migration -> isCelled(world, migration.server()))
                        .count();
            }
        }
        assertTrue(moved > 50, "they do move: " + moved);
    }

    private static boolean isCelled(World world, String id) {
        return world.servers().stream()
                .anyMatch(server -> server.id().equals(id) && server.topology().isPresent());
    }

    @Test
    void theBestBalanceOfATinyWorldIsFound() {
        World world = TinyWorlds.threeOnOne();
        Plan plan = optimiser.plan(world, new Task(Goal.REBALANCE, Optional.empty(), 10, LIMIT));
        assertEquals(2, plan.migrations().size());
        assertEquals(0, plan.after().imbalance(), 1e-9);
        assertTrue(plan.optimal());
        Plan bounded = optimiser.plan(world, new Task(Goal.REBALANCE, Optional.empty(), 1, LIMIT));
        assertEquals(1, bounded.migrations().size());
    }

    @Test
    void theCheapestSetOfHostsIsFound() {
        World world = TinyWorlds.oneOnEach();
        Plan plan = optimiser.plan(world, new Task(Goal.CONSOLIDATE, Optional.empty(), 10, LIMIT));
        assertEquals(1, plan.after().hostsInUse());
        assertEquals(2, plan.migrations().size());
        assertEquals(2, plan.freed().size());
        assertTrue(plan.optimal());
    }

    @Test
    void aLargeCloudIsImprovedWithinItsTimeAndItsBudget() {
        World world = RandomWorlds.large(7, 120, 900);
        for (Goal goal : List.of(Goal.REBALANCE, Goal.CONSOLIDATE)) {
            Plan plan = optimiser.plan(world, new Task(goal, Optional.empty(), 200, Duration.ofSeconds(3)));
            Referee referee = new Referee(world);
            referee.carryOut(plan, Optional.empty());
            assertClose(referee.measure(Optional.empty()), plan.after(), goal.toString());
            assertTrue(plan.migrations().size() <= 200, goal.toString());
            assertTrue(
                    goal == Goal.REBALANCE
                            ? plan.after().imbalance() < 0.7 * plan.before().imbalance()
                            : plan.after().cost() < plan.before().cost(),
                    goal + " " + plan.before() + " " + plan.after());
        }
        String host = world.hosts().getFirst().id();
        Plan drain = optimiser.plan(world, new Task(Goal.DRAIN, Optional.of(host), 200, Duration.ofSeconds(3)));
        Referee referee = new Referee(world);
        referee.carryOut(drain, Optional.of(host));
        assertEquals(drain.left().size(), referee.on(host));
    }

    private static void assertClose(Measure expected, Measure actual, String name) {
        assertEquals(expected.imbalance(), actual.imbalance(), 1e-9, name);
        assertEquals(expected.cost(), actual.cost(), name);
        assertEquals(expected.hostsInUse(), actual.hostsInUse(), name);
    }

    private static Problem problem(Random random) {
        int places = 1 + random.nextInt(4);
        int items = 1 + random.nextInt(5);
        List<Place> all = new ArrayList<>();
        for (int p = 0; p < places; p++) {
            long capacity = 4 + random.nextInt(8);
            long base = random.nextInt(3);
            all.add(new Place(
                    new long[] {capacity - base, 5},
                    new long[] {capacity, random.nextInt(2) * 5},
                    new long[] {base, 0},
                    new double[] {random.nextDouble(), random.nextDouble()},
                    1 + random.nextInt(3),
                    random.nextInt(4) == 0,
                    Pockets.some(random),
                    random.nextInt(3)));
        }
        List<Item> some = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            int[] allowed = IntStream.range(0, places)
                    .filter(place -> random.nextInt(4) > 0)
                    .toArray();
            int home = allowed.length == 0 || random.nextInt(4) == 0 ? -1 : allowed[random.nextInt(allowed.length)];
            List<Part> parts = Pockets.parts(random);
            int[] held = home < 0 ? new int[0] : Pockets.held(random, parts, all.get(home));
            some.add(new Item(new long[] {1 + random.nextInt(4), random.nextInt(3)}, allowed, home, home, parts, held));
        }
        List<int[]> apart = items > 2 && random.nextBoolean() ? List.of(new int[] {0, items - 1}) : List.of();
        return new Problem(
                all,
                some,
                apart,
                random.nextInt(4),
                random.nextBoolean() ? Objective.DEVIATION : Objective.COST,
                random.nextDouble() / 10);
    }

    private static double best(Problem problem) {
        int places = problem.places().size();
        int items = problem.items().size();
        double best = Double.POSITIVE_INFINITY;
        int[] chosen = new int[items];
        for (long code = 0; code < Math.round(Math.pow(places, items)); code++) {
            long rest = code;
            for (int i = 0; i < items; i++) {
                chosen[i] = (int) (rest % places);
                rest /= places;
            }
            if (problem.allows(chosen) && Pockets.allow(problem, chosen)) {
                best = Math.min(best, problem.value(chosen));
            }
        }
        return best;
    }
}
