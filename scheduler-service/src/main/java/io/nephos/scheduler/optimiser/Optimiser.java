package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.optimiser.Layout.Unit;
import io.nephos.scheduler.optimiser.Problem.Solver;
import io.nephos.scheduler.optimiser.World.Host;
import io.nephos.scheduler.optimiser.World.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Makes plans. A small world is given to the solver as it is; of a large one a search improves the present layout, and the
 * solver improves on that, some hosts at a time, until the time is over or nothing gets better.
 */
public final class Optimiser {
    private final Solver solver;
    private final LongSupplier nanoTime;

    /** @param nanoTime as {@link System#nanoTime} */
    public Optimiser(Solver solver, LongSupplier nanoTime) {
        this.solver = solver;
        this.nanoTime = nanoTime;
    }

    /**
     * @param host the id of the host to drain; only then
     * @param budget most migrations
     */
    public record Task(Goal goal, Optional<String> host, int budget, Duration limit) {}

    public Plan plan(World world, Task task) {
        long deadline = nanoTime.getAsLong() + task.limit().toNanos();
        World adapted = adapt(world, task);
        Layout layout = Layout.of(adapted);
        Measure before = layout.measure();
        int[] home = layout.at.clone();
        Search search = new Search(layout, solver, task.budget(), () -> deadline - nanoTime.getAsLong());
        int leaving = task.goal() == Goal.DRAIN ? indexOf(adapted, task.host()) : -1;
        boolean optimal = switch (task.goal()) {
            case REBALANCE -> new Balance(search).run();
            case CONSOLIDATE -> new Consolidation(search).run();
            case DRAIN -> new Drain(search, leaving).run();
        };
        int mostMoves = task.goal() == Goal.DRAIN ? Integer.MAX_VALUE : task.budget();
        Order.Way way = Order.best(() -> Layout.of(adapted), layout.at, mostMoves, leaving);
        Layout fresh = way.layout();
        List<Order.Move> moves = way.moves();
        Measure after = fresh.measure();
        if (task.goal() == Goal.REBALANCE && after.imbalance() >= before.imbalance()
                || task.goal() == Goal.CONSOLIDATE && after.cost() >= before.cost()) {
            // Cut short by the budget or a circle, it would not be worth its moves.
            fresh = Layout.of(adapted);
            moves = List.of();
            after = before;
        }
        return new Plan(
                migrations(adapted.hosts(), moves),
                before,
                after,
                freed(Layout.of(adapted), fresh),
                left(world, task, fresh, home),
                optimal && way.complete());
    }

    /** A host to drain takes nothing more. */
    private static World adapt(World world, Task task) {
        return task.host().isEmpty()
                ? world
                : new World(
                        world.hosts().stream()
                                .map(host -> host.id().equals(task.host().get()) ? host.closed() : host)
                                .toList(),
                        world.servers());
    }

    private static int indexOf(World world, Optional<String> id) {
        for (int h = 0; h < world.hosts().size(); h++) {
            if (id.isPresent() && world.hosts().get(h).id().equals(id.get())) {
                return h;
            }
        }
        throw new IllegalArgumentException("There is no host " + id.orElse("without an id"));
    }

    private static List<Migration> migrations(List<Host> hosts, List<Order.Move> moves) {
        List<Migration> migrations = new ArrayList<>();
        for (Order.Move move : moves) {
            Host from = hosts.get(move.from());
            Host to = hosts.get(move.to());
            for (Server server : move.unit().servers()) {
                migrations.add(new Migration(server.id(), from.id(), from.name(), to.id(), to.name()));
            }
        }
        return migrations;
    }

    private static List<String> freed(Layout before, Layout after) {
        List<String> freed = new ArrayList<>();
        for (int h = 0; h < after.hosts.size(); h++) {
            if (after.empty(h) && !before.empty(h)) {
                freed.add(after.hosts.get(h).name());
            }
        }
        return freed;
    }

    private static List<String> left(World world, Task task, Layout layout, int[] home) {
        if (task.goal() != Goal.DRAIN) {
            return List.of();
        }
        List<String> left = new ArrayList<>();
        Set<String> units = new HashSet<>();
        for (Unit unit : layout.units) {
            unit.servers().forEach(server -> units.add(server.id()));
            int at = layout.at[unit.index()];
            if (at == home[unit.index()]
                    && layout.hosts.get(at).id().equals(task.host().orElse(""))) {
                unit.servers().forEach(server -> left.add(server.id()));
            }
        }
        world.servers().stream()
                .filter(server -> server.host().equals(task.host().orElse("")))
                .map(Server::id)
                .filter(id -> !units.contains(id))
                .forEach(left::add);
        return left;
    }
}
