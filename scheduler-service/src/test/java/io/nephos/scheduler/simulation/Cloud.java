package io.nephos.scheduler.simulation;

import io.nephos.scheduler.core.Aggregate;
import io.nephos.scheduler.core.Filters;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.simulation.Books.Placed;
import io.nephos.scheduler.simulation.Books.Planned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A cloud that lives: each step is one thing that happens in it, by chance. */
final class Cloud {
    private final Random random;
    private final Demand demand;
    private final Books books = new Books();
    private final HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));
    private final Audit audit;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<String> hosts = new ArrayList<>();
    private final List<String> running = new ArrayList<>();
    private final List<String> moving = new ArrayList<>();
    private final Map<String, Long> happened = new TreeMap<>();
    private int hostsMade;
    private long lost;

    Cloud(long seed, int hosts, int servers) {
        random = new Random(seed);
        demand = new Demand(random, Math.max(1, servers / 40));
        audit = new Audit(books, scheduler, seed);
        for (int i = 0; i < hosts; i++) {
            newHost();
        }
        for (int i = 0; i < 3; i++) {
            replicas.add(replica());
        }
    }

    Audit audit() {
        return audit;
    }

    Books books() {
        return books;
    }

    List<Replica> replicas() {
        return replicas;
    }

    int running() {
        return running.size();
    }

    /** How many plans were made again because another replica was faster. */
    long lost() {
        return lost + replicas.stream().mapToLong(Replica::lost).sum();
    }

    Map<String, Long> happened() {
        return happened;
    }

    void step() {
        Replica replica = replicas.get(random.nextInt(replicas.size()));
        switch (random.nextInt(60)) {
            case 0, 1, 2, 3, 4 -> leave();
            case 5, 6, 7 -> beginMove(replica);
            case 8, 9, 10 -> endMove();
            case 11 -> resize(replica);
            case 12, 13 -> fail(replica);
            case 14, 15 -> report();
            case 16 -> regroup();
            case 17 -> rarely(replica);
            case 18 -> arrive(replica, demand.many(someHosts()), "batches");
            default -> arrive(replica, List.of(demand.request(someHosts())), "claims");
        }
    }

    private void rarely(Replica replica) {
        switch (random.nextInt(20)) {
            case 0 -> maintain(replica);
            case 1 -> restart();
            default -> report();
        }
    }

    private Replica replica() {
        return new Replica(books, scheduler, Weights.SPREAD, audit::refused);
    }

    private void newHost() {
        Host host = demand.host(hostsMade++);
        hosts.add(host.id());
        books.write(host);
    }

    private void count(String what) {
        happened.merge(what, 1L, Long::sum);
    }

    private void arrive(Replica replica, List<Request> requests, String what) {
        List<Planned> planned = replica.place(requests, false);
        audit.placed(planned);
        planned.forEach(one -> running.add(one.request().consumerId()));
        count(planned.isEmpty() ? what + " refused" : what);
    }

    private void leave() {
        if (!running.isEmpty()) {
            int index = random.nextInt(running.size());
            books.release(running.get(index)); // also in the middle of a move
            running.set(index, running.getLast());
            running.removeLast();
            count("deleted");
        }
    }

    private boolean move(Replica replica, Request request, String what) {
        List<Planned> planned = replica.place(List.of(request), true);
        audit.placed(planned);
        count(planned.isEmpty() ? what + " refused" : what);
        return !planned.isEmpty();
    }

    /** What it asked for when it was placed, on another host; where it was forced to at first does not bind it any more. */
    private Request elsewhere(Placed placed) {
        return placed.request().onHosts(Set.of(books.host(placed.host()).name()), Optional.empty(), Optional.empty());
    }

    private Optional<Placed> settled() {
        return running.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(books.consumers().get(running.get(random.nextInt(running.size()))))
                        .filter(placed -> placed.from().isEmpty());
    }

    private void beginMove(Replica replica) {
        settled()
                .filter(placed -> move(replica, elsewhere(placed), "moves"))
                .ifPresent(placed -> moving.add(placed.request().consumerId()));
    }

    private void resize(Replica replica) {
        settled()
                .filter(placed -> move(replica, demand.resized(placed.request()), "resizes"))
                .ifPresent(placed -> moving.add(placed.request().consumerId()));
    }

    private void endMove() {
        if (!moving.isEmpty()) {
            boolean reverted = random.nextInt(4) == 0;
            books.end(moving.remove(random.nextInt(moving.size())), reverted);
            count(reverted ? "moves reverted" : "moves confirmed");
        }
    }

    /** A host is not heard any more, or is heard again; an administrator may evacuate one that is down. */
    private void fail(Replica replica) {
        Host host = anyHost();
        boolean up = !host.up() || random.nextInt(10) > 0;
        books.write(changed(host, up, host.enabled(), host.inventories(), host.aggregates()));
        if (!up) {
            count("hosts down");
            if (random.nextInt(3) == 0) {
                clear(replica, host.id(), "evacuations");
            }
        }
    }

    /** Everybody leaves the host; some cannot. */
    private void clear(Replica replica, String host, String what) {
        for (String consumer : books.on(host)) {
            books.end(consumer, false);
            Placed placed = books.consumers().get(consumer);
            if (placed != null && placed.host().equals(host) && move(replica, elsewhere(placed), what)) {
                books.end(consumer, false);
            }
        }
    }

    /** A host is drained. If that is possible another takes its place, else it goes on. */
    private void maintain(Replica replica) {
        Host host = anyHost();
        books.write(changed(host, host.up(), false, host.inventories(), host.aggregates()));
        clear(replica, host.id(), "drained");
        if (books.on(host.id()).isEmpty()) {
            books.remove(host.id());
            hosts.remove(host.id());
            newHost();
            count("hosts replaced");
        } else {
            Host now = books.host(host.id());
            books.write(changed(now, now.up(), true, now.inventories(), now.aggregates()));
        }
    }

    private void restart() {
        int index = random.nextInt(replicas.size());
        lost += replicas.get(index).lost();
        replicas.set(index, replica());
        count("replicas restarted");
    }

    /** A host reports more memory than before, or an administrator reserves some of what is free, or gives it back. */
    private void report() {
        Host host = anyHost();
        Map<String, Inventory> changed = new HashMap<>(host.inventories());
        changed.computeIfPresent("MEMORY_MB", (name, old) -> switch (random.nextInt(3)) {
            case 0 -> memory(old.total() + 64, old.reserved());
            case 1 -> memory(old.total(), 512);
            default -> memory(old.total(), old.reserved() + host.free(name) / 4);
        });
        books.write(changed(host, host.up(), host.enabled(), Map.copyOf(changed), host.aggregates()));
        count("reports");
    }

    private static Inventory memory(long total, long reserved) {
        return new Inventory(total, reserved, 1, total, 1, 1);
    }

    /** A host joins aggregates and leaves others; who is there already stays. */
    private void regroup() {
        Host host = anyHost();
        books.write(changed(host, host.up(), host.enabled(), host.inventories(), demand.aggregates()));
        count("aggregates changed");
    }

    private static Host changed(
            Host host, boolean up, boolean enabled, Map<String, Inventory> inventories, List<Aggregate> aggregates) {
        return new Host(
                host.id(),
                host.name(),
                host.generation() + 1,
                host.facts(),
                up,
                enabled,
                inventories,
                host.used(),
                host.servers(),
                host.failedBuilds(),
                host.traits(),
                aggregates,
                host.cells());
    }

    private Host anyHost() {
        return books.host(hosts.get(random.nextInt(hosts.size())));
    }

    private List<String> someHosts() {
        return List.of(anyHost().name(), anyHost().name() + "x");
    }

    /** Every move ends and everybody leaves. */
    void end() {
        books.consumers().keySet().forEach(consumer -> books.end(consumer, random.nextBoolean()));
        List.copyOf(books.consumers().keySet()).forEach(books::release);
    }
}
