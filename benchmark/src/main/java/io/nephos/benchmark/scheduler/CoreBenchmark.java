package io.nephos.benchmark.scheduler;

import io.nephos.benchmark.scheduler.Fleet.Kind;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Filters;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.HostTable;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.Weights;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decisions of the core on one thread, each taken into the table and the oldest given back, in a cloud that stays two thirds
 * full: operations per second are placements per second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the state up
public class CoreBenchmark {
    @Param({"100", "1000", "10000"})
    public int hosts;

    @Param({"PLAIN", "TRAITS", "ANTI_AFFINITY", "SOFT_AFFINITY"})
    public String kind;

    @Param({"spread", "pack"})
    public String placement;

    private final HostScheduler scheduler = new HostScheduler(Filters.named(Filters.DEFAULT));
    private final Random random = new Random(1);
    private final Deque<Taken> taken = new ArrayDeque<>();
    private HostTable table;
    private Request[] requests;
    private int next;

    private record Taken(String host, Request request) {}

    @Setup
    public void fill() {
        table = HostTable.of(placement.equals("pack") ? Weights.PACK : Weights.SPREAD, Fleet.hosts(hosts));
        requests = new Request[4096];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = Fleet.request(Kind.valueOf(kind), random);
        }
        // Memory is what runs out: 75 GiB on a host on average, 4.7 GiB in a request.
        int servers = hosts * 30;
        for (int i = 0; i < servers; i++) {
            take(Fleet.request(Kind.PLAIN, random));
        }
        taken.clear(); // these stay
    }

    @Benchmark
    public Decision place() {
        Decision decision = take(requests[next++ & requests.length - 1]);
        Taken oldest = taken.size() > hosts / 4 ? taken.poll() : null;
        if (oldest != null) {
            table.find(oldest.host())
                    .ifPresent(host -> table.put(host.giving(oldest.request().resources(), List.of())));
        }
        return decision;
    }

    private Decision take(Request request) {
        Decision decision = scheduler.schedule(table, request);
        if (decision instanceof Decision.Plan plan) {
            Host host = plan.host();
            table.put(plan.taken(request));
            taken.add(new Taken(host.id(), request));
        }
        return decision;
    }
}
