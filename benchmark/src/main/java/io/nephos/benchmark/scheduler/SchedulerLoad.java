package io.nephos.benchmark.scheduler;

import io.nephos.benchmark.scheduler.Fleet.Kind;
import io.nephos.benchmark.scheduler.Report.Better;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import io.nephos.testkit.TestTokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Committed placements per second over gRPC, and what is answered to those for whom there is no place. */
final class SchedulerLoad {
    private static final int CLIENTS = 32;
    private static final int BATCHERS = 4;
    private static final int BATCH = 200;
    private final ServiceUnderLoad service;
    private final AtomicInteger asked = new AtomicInteger();
    private final int seconds;
    private final Report report;
    private List<Host> hosts = List.of();

    SchedulerLoad(ServiceUnderLoad service, int seconds, Report report) {
        this.service = service;
        this.seconds = seconds;
        this.report = report;
    }

    void measure(int count) throws Exception {
        hosts = Fleet.hosts(count);
        anew();
        run("", CLIENTS, 2 * seconds, claim(Kind.PLAIN)); // warms up: the compilers take more than the claims at first
        candidates(true);
        service.populate(hosts);
        long began = System.nanoTime();
        settle();
        double millis = (System.nanoTime() - began) / 1e6;
        report.add("all hosts read into memory, ms", Better.NEITHER, count, millis, "%.0f".formatted(millis));
        for (Kind kind : List.of(Kind.PLAIN, Kind.TRAITS, Kind.ANTI_AFFINITY, Kind.TOO_LARGE)) {
            anew();
            String what = kind == Kind.TOO_LARGE ? "refusals, explained/s" : "placements/s: " + shown(kind);
            run(what + ", one by one, " + CLIENTS + " clients", CLIENTS, seconds, claim(kind));
        }
        for (Kind kind : List.of(Kind.PLAIN, Kind.TRAITS, Kind.ANTI_AFFINITY)) {
            anew();
            // A group of more members than there are hosts would not be placed: each batch is a group of its own.
            int size = kind == Kind.ANTI_AFFINITY ? Math.min(BATCH, count / 2) : BATCH;
            run(
                    "placements/s: " + shown(kind) + ", batches of up to " + BATCH + ", " + BATCHERS + " clients",
                    BATCHERS,
                    seconds,
                    batch(kind, size));
        }
        candidates(false);
        long resident = service.residentMib();
        report.add("memory of the process, MiB", Better.NEITHER, count, resident, "" + resident);
        long over = service.overbooked();
        report.add("resources overbooked", Better.NEITHER, count, over, "" + over);
    }

    private static String shown(Kind kind) {
        return SchedulerBench.kind(kind.name());
    }

    /** Empty hosts, and the service has read them, so that this is not counted for those who come next. */
    private void anew() throws Exception {
        service.populate(hosts);
        settle();
    }

    private void settle() {
        scheduler().listHosts(ListHostsRequest.newBuilder().addNames("host-0").build());
    }

    /** One call of a client: how many placements (or explanations) it has got; 0 when there is no room any more. */
    private Callable<Integer> claim(Kind kind) {
        return () -> {
            // As many members as Nova's quota allows by default.
            ClaimRequest request = message(kind, asked.getAndIncrement() / 10);
            return scheduler().claim(request).hasPlacement() != (kind == Kind.TOO_LARGE) ? 1 : 0;
        };
    }

    private Callable<Integer> batch(Kind kind, int size) {
        return () -> {
            ClaimManyRequest.Builder many = ClaimManyRequest.newBuilder()
                    .setClaim(message(kind, -asked.incrementAndGet()))
                    .setMinCount(size);
            IntStream.range(0, size)
                    .forEach(i -> many.addConsumerIds(UUID.randomUUID().toString()));
            return scheduler().claimMany(many.build()).getPlacedCount();
        };
    }

    private void candidates(boolean quiet) throws Exception {
        String token = TestTokens.admin();
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.http()
                        + "/allocation_candidates?resources=VCPU:1,MEMORY_MB:2048,DISK_GB:10&limit=100"))
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", "placement 1.39")
                .build();
        run(quiet ? "" : "GET /allocation_candidates?limit=100, 2 clients, /s", 2, Math.min(seconds, 5), () -> {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new IllegalStateException("status " + status);
            }
            return 1;
        });
    }

    /**
     * For so many seconds; when the hosts are full they are emptied, which is not counted. Two lines of the report: what was
     * reached, and what a thousand took of the processors.
     */
    private void run(String row, int clients, int lasting, Callable<Integer> work) throws Exception {
        Latencies latencies = new Latencies();
        long left = TimeUnit.SECONDS.toNanos(lasting);
        double took = 0;
        ServiceUnderLoad.Cpu cpu = ServiceUnderLoad.Cpu.NONE;
        for (int fill = 0; left > 0 && fill < 20; fill++) {
            if (fill > 0) {
                anew();
            }
            ServiceUnderLoad.Cpu before = service.cpu();
            long nanos = until(left, clients, latencies, work);
            cpu = cpu.and(service.cpu().since(before));
            left -= nanos;
            took += nanos / 1e9;
        }
        if (row.isEmpty()) {
            return;
        }
        int count = hosts.size();
        double rate = latencies.placed() / took;
        report.add(
                row, Better.MORE, count, rate, String.format(Locale.ROOT, "%,.0f (%s)", rate, latencies.percentiles()));
        double thousands = Math.max(1, latencies.placed()) / 1000.0;
        double all = (cpu.service() + cpu.database()) / thousands;
        report.add(
                "  ms of CPU for a thousand: " + row,
                Better.LESS,
                count,
                all,
                String.format(
                        Locale.ROOT,
                        "%,.0f service + %,.0f database",
                        cpu.service() / thousands,
                        cpu.database() / thousands));
    }

    /** Until the time is over or somebody gets nothing any more. Returns how long it took. */
    private static long until(long lasting, int clients, Latencies latencies, Callable<Integer> work) throws Exception {
        long began = System.nanoTime();
        long end = began + lasting;
        AtomicBoolean full = new AtomicBoolean();
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                threads.submit(() -> {
                    try {
                        while (System.nanoTime() < end && !full.get()) {
                            long at = System.nanoTime();
                            int got = work.call();
                            latencies.add(System.nanoTime() - at, got);
                            if (got == 0) {
                                full.set(true);
                            }
                        }
                    } catch (Exception e) {
                        failures.add(e);
                        full.set(true);
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw new ExecutionException(failures.peek());
        }
        return System.nanoTime() - began;
    }

    private static ClaimRequest message(Kind kind, int group) {
        Request request =
                Fleet.request(kind, new Random(ThreadLocalRandom.current().nextLong()));
        ClaimRequest.Builder message = ClaimRequest.newBuilder()
                .setConsumerId(request.consumerId())
                .setProjectId("p")
                .setUserId("u")
                .putAllResources(request.resources())
                .addAllRequiredTraits(request.requiredTraits())
                .addAllForbiddenTraits(request.forbiddenTraits());
        request.availabilityZone().ifPresent(message::setAvailabilityZone);
        request.serverGroup()
                .ifPresent(of -> message.setServerGroup(ServerGroupHint.newBuilder()
                        .setGroupId(new UUID(0, group).toString())
                        .setPolicy("anti-affinity")
                        .setMaxServerPerHost(1)));
        return message.build();
    }

    private SchedulerGrpc.SchedulerBlockingStub scheduler() {
        return SchedulerGrpc.newBlockingStub(service.channel()).withDeadlineAfter(60, TimeUnit.SECONDS);
    }
}
