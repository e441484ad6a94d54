package io.nephos.benchmark.scheduler;

import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.optimiser.Goal;
import io.nephos.scheduler.optimiser.Optimiser;
import io.nephos.scheduler.optimiser.Optimiser.Task;
import io.nephos.scheduler.optimiser.Plan;
import io.nephos.scheduler.optimiser.World;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import io.nephos.scheduler.optimiser.World.Wish;
import io.nephos.scheduler.optimiser.solver.CpSatSolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** What plans for a large cloud gain, and what they take. */
final class OptimiserLoad {
    private final Random random = new Random(1);
    private final List<Host> hosts = new ArrayList<>();
    private final Map<String, Map<String, Long>> used = new HashMap<>();

    private OptimiserLoad() {}

    static List<String> plans(int hosts, int servers, Duration limit, int budget) throws IOException {
        World world = new OptimiserLoad().world(hosts, servers);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "the optimiser, %,d hosts, %,d servers, at most %d s and %,d migrations",
                hosts,
                world.servers().size(),
                limit.toSeconds(),
                budget));
        System.out.println(lines.getFirst());
        Optimiser optimiser = new Optimiser(new CpSatSolver(2), System::nanoTime);
        for (Goal goal : Goal.values()) {
            Optional<String> host =
                    goal == Goal.DRAIN ? Optional.of(world.hosts().getFirst().id()) : Optional.empty();
            long start = System.nanoTime();
            Plan plan = optimiser.plan(world, new Task(goal, host, budget, limit));
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-12s %6.1f s  %4d migrations  imbalance %.4f -> %.4f  hosts in use %d -> %d  left %d",
                    goal.shown(),
                    (System.nanoTime() - start) / 1e9,
                    plan.migrations().size(),
                    plan.before().imbalance(),
                    plan.after().imbalance(),
                    plan.before().hostsInUse(),
                    plan.after().hostsInUse(),
                    plan.left().size()));
            System.out.println(lines.getLast());
        }
        Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> "  memory of the process at most: " + Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024
                        + " MiB")
                .forEach(lines::add);
        return lines;
    }

    /** Hosts of two sizes, every third with a trait that some servers want, filled unevenly; some servers in groups. */
    private World world(int count, int servers) {
        for (int h = 0; h < count; h++) {
            long size = 1 + h % 2;
            hosts.add(new Host(
                    "h" + h,
                    "host-" + h,
                    "az-" + h % 3,
                    true,
                    true,
                    1,
                    Map.of("VCPU", inventory(32 * size, 2), "MEMORY_MB", inventory(131_072 * size, 1)),
                    Map.of(),
                    h % 3 == 0 ? Set.of("CUSTOM_SSD") : Set.of(),
                    Set.of()));
        }
        List<Server> all = new ArrayList<>();
        for (int s = 0; s < servers; s++) {
            place("s" + s).ifPresent(all::add);
        }
        return new World(hosts, all);
    }

    private static Inventory inventory(long total, double ratio) {
        return new Inventory(total, 0, 1, total, 1, ratio);
    }

    private Optional<Server> place(String id) {
        long size = 1L << random.nextInt(3);
        Map<String, Long> resources = Map.of("VCPU", size, "MEMORY_MB", 2048 * size);
        Wish wish = new Wish(
                random.nextInt(5) == 0 ? Set.of("CUSTOM_SSD") : Set.of(),
                Set.of(),
                List.of(),
                random.nextInt(4) == 0 ? Optional.of("az-" + random.nextInt(3)) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of());
        for (int attempt = 0; attempt < 50; attempt++) {
            Host host = hosts.get((int) (hosts.size() * Math.pow(random.nextDouble(), 1.6)));
            Map<String, Long> there = used.computeIfAbsent(host.id(), same -> new HashMap<>());
            boolean fits = host.traits().containsAll(wish.requiredTraits())
                    && wish.availabilityZone()
                            .map(host.availabilityZone()::equals)
                            .orElse(true)
                    && resources.entrySet().stream()
                            .allMatch(need -> there.getOrDefault(need.getKey(), 0L) + need.getValue()
                                    <= host.capacity(need.getKey()));
            if (fits) {
                resources.forEach((name, amount) -> there.merge(name, amount, Long::sum));
                Optional<String> group =
                        random.nextInt(100) == 0 ? Optional.of("g" + random.nextInt(50)) : Optional.empty();
                return Optional.of(new Server(id, host.id(), resources, Optional.of(wish), group));
            }
        }
        return Optional.empty();
    }
}
