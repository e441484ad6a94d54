package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Optimiser.Task;
import io.nephos.scheduler.optimiser.solver.CpSatSolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** {@code OptimiserBenchmark [hosts servers seconds budget]}: what plans for a large cloud gain, and what they take. */
final class OptimiserBenchmark {
    private OptimiserBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int hosts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int servers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 60;
        int budget = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1_000;
        World world = RandomWorlds.large(1, hosts, servers);
        System.out.printf("%d hosts, %d servers%n", hosts, world.servers().size());
        Optimiser optimiser = new Optimiser(new CpSatSolver(2), System::nanoTime);
        for (Goal goal : Goal.values()) {
            Optional<String> host =
                    goal == Goal.DRAIN ? Optional.of(world.hosts().getFirst().id()) : Optional.empty();
            long start = System.nanoTime();
            Plan plan = optimiser.plan(world, new Task(goal, host, budget, Duration.ofSeconds(seconds)));
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %6.1f s  %4d migrations  imbalance %.4f -> %.4f  hosts in use %d -> %d  left %d%n",
                    goal.shown(),
                    (System.nanoTime() - start) / 1e9,
                    plan.migrations().size(),
                    plan.before().imbalance(),
                    plan.after().imbalance(),
                    plan.before().hostsInUse(),
                    plan.after().hostsInUse(),
                    plan.left().size());
            new Referee(world).carryOut(plan, host);
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .forEach(System.out::println);
    }
}
