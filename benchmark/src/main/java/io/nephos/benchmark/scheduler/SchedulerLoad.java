package io.nephos.benchmark.scheduler;

import io.nephos.benchmark.scheduler.Fleet.Kind;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.ServerGroupHint;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import io.nephos.testkit.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Committed placements per second over gRPC: {@code SchedulerLoad path/of/quarkus-run.jar [seconds] [hosts...]}. */
public final class SchedulerLoad {
    private static final int CLIENTS = 32;
    private static final int BATCH = 200;
    private final ServiceUnderLoad service;
    private final AtomicInteger asked = new AtomicInteger();
    private final int seconds;

    private SchedulerLoad(ServiceUnderLoad service, int seconds) {
        this.service = service;
        this.seconds = seconds;
    }

    public static void main(String... arguments) throws Exception {
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        List<Integer> sizes = arguments.length > 2
                ? Stream.of(arguments).skip(2).map(Integer::valueOf).toList()
                : List.of(100, 1000, 10000);
        try (ServiceUnderLoad service = new ServiceUnderLoad(Path.of(arguments[0]))) {
            SchedulerLoad load = new SchedulerLoad(service, seconds);
            for (int hosts : sizes) {
                load.measure(hosts);
            }
        }
    }

    private void measure(int count) throws Exception {
        List<Host> hosts = Fleet.hosts(count);
        service.populate(hosts);
        settle();
        claims(count, Kind.PLAIN, 3 * seconds, true); // warms up: the compilers take more than the claims at first
        candidates(count, true);
        service.populate(hosts);
        long began = System.nanoTime();
        settle();
        System.out.printf(
                "%,d hosts: read into memory in %.0f ms, process %d MiB%n",
                count, (System.nanoTime() - began) / 1e6, service.residentMib());
        for (Kind kind : List.of(Kind.PLAIN, Kind.TRAITS, Kind.ANTI_AFFINITY)) {
            service.populate(hosts);
            settle();
            claims(count, kind, seconds, false);
        }
        for (Kind kind : List.of(Kind.PLAIN, Kind.TRAITS, Kind.ANTI_AFFINITY)) {
            service.populate(hosts);
            settle();
            batches(count, kind);
        }
        candidates(count, false);
        System.out.printf(
                "%,d hosts: %d consumers in the books, %d resources overbooked, process %d MiB%n",
                count, service.allocated(), service.overbooked(), service.residentMib());
    }

    /** Makes the service read the hosts, so that this is not counted for those who come next. */
    private void settle() {
        scheduler().listHosts(ListHostsRequest.newBuilder().addNames("host-0").build());
    }

    private void claims(int hosts, Kind kind, int lasting, boolean quiet) throws Exception {
        Latencies latencies = new Latencies();
        ServiceUnderLoad.Cpu before = service.cpu();
        double took = run(CLIENTS, lasting, () -> {
            // As many members as Nova's quota allows by default.
            ClaimRequest request = message(kind, asked.getAndIncrement() / 10);
            long at = System.nanoTime();
            boolean placed = scheduler().claim(request).hasPlacement();
            latencies.add(System.nanoTime() - at, placed ? 1 : 0);
            return placed;
        });
        if (!quiet) {
            print(hosts, kind + " one by one, " + CLIENTS + " clients", latencies, took, before);
        }
    }

    private void batches(int hosts, Kind kind) throws Exception {
        Latencies latencies = new Latencies();
        // A group of more members than there are hosts would not be placed: each batch is a group of its own.
        ServiceUnderLoad.Cpu before = service.cpu();
        int size = kind == Kind.ANTI_AFFINITY ? Math.min(BATCH, hosts / 2) : BATCH;
        double took = run(4, seconds, () -> {
            ClaimRequest request = message(kind, -asked.incrementAndGet());
            ClaimManyRequest.Builder many =
                    ClaimManyRequest.newBuilder().setClaim(request).setMinCount(1);
            IntStream.range(0, size)
                    .forEach(i -> many.addConsumerIds(UUID.randomUUID().toString()));
            long at = System.nanoTime();
            int placed = scheduler().claimMany(many.build()).getPlacedCount();
            latencies.add(System.nanoTime() - at, placed);
            return placed == size;
        });
        print(hosts, kind + " in batches of " + size + ", 4 clients", latencies, took, before);
    }

    private void candidates(int hosts, boolean quiet) throws Exception {
        Latencies latencies = new Latencies();
        String token = TestTokens.admin();
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.http()
                        + "/allocation_candidates?resources=VCPU:1,MEMORY_MB:2048,DISK_GB:10&limit=100"))
                .header("X-Auth-Token", token)
                .header("OpenStack-API-Version", "placement 1.39")
                .build();
        ServiceUnderLoad.Cpu before = service.cpu();
        double took = run(2, Math.min(seconds, 5), () -> {
            long at = System.nanoTime();
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            latencies.add(System.nanoTime() - at, 1);
            if (status != 200) {
                throw new IllegalStateException("status " + status);
            }
            return true;
        });
        if (quiet) {
            return;
        }
        ServiceUnderLoad.Cpu cpu = service.cpu().since(before);
        System.out.printf(
                "%,d hosts: GET /allocation_candidates?limit=100: %,.0f/s, %s; one took %.2f ms of CPU in the service,"
                        + " %.2f in the database%n",
                hosts,
                latencies.placed() / took,
                latencies.percentiles(),
                (double) cpu.service() / Math.max(1, latencies.placed()),
                (double) cpu.database() / Math.max(1, latencies.placed()));
    }

    /** Until the time is over or the work says that there is no more room. Returns how many seconds it took. */
    private static double run(int clients, int lasting, Callable<Boolean> work) throws Exception {
        long began = System.nanoTime();
        long end = began + TimeUnit.SECONDS.toNanos(lasting);
        ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < clients; i++) {
                threads.submit(() -> {
                    try {
                        while (System.nanoTime() < end && work.call()) {}
                    } catch (Exception e) {
                        failures.add(e);
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw new ExecutionException(failures.peek());
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private void print(int hosts, String what, Latencies latencies, double took, ServiceUnderLoad.Cpu before)
            throws IOException {
        ServiceUnderLoad.Cpu cpu = service.cpu().since(before);
        double thousands = Math.max(1, latencies.placed()) / 1000.0;
        System.out.printf(
                "%,d hosts: %s: %,.0f placements/s, %s; a thousand took %.0f ms of CPU in the service, %.0f in"
                        + " the JVM's compilers, %.0f in the database, %.0f in the clients%n",
                hosts,
                what,
                latencies.placed() / took,
                latencies.percentiles(),
                cpu.service() / thousands,
                cpu.compilers() / thousands,
                cpu.database() / thousands,
                cpu.clients() / thousands);
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
