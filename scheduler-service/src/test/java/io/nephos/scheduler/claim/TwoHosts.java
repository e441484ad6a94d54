package io.nephos.scheduler.claim;

import io.grpc.ManagedChannel;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.EndMoveRequest;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReportBuildRequest;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.SetHostEnabledRequest;
import io.nephos.contracts.scheduler.v1.SetHostForcedDownRequest;
import io.nephos.kit.data.Database;
import io.nephos.testkit.Peer;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Two hosts of four CPUs, and compute-service, which claims them. */
@Singleton
final class TwoHosts {
    private static final String H1 = "11111111-1111-4111-8111-111111111111";
    private static final String H2 = "22222222-2222-4222-8222-222222222222";
    private final ManagedChannel compute = Peer.channelAs("compute");
    private final ManagedChannel agent1 = Peer.channelAs("host-h1");
    private final ManagedChannel agent2 = Peer.channelAs("host-h2");
    private final List<String> made = new ArrayList<>();
    private final Database database;

    @Inject
    TwoHosts(Database database) {
        this.database = database;
    }

    /** Nothing is placed on them. */
    void clear() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> database.execute("delete from allocation")).get();
            threads.submit(() -> database.execute("delete from consumer")).get();
            // As everybody does who changes what is held of a provider.
            threads.submit(() -> database.execute("update resource_provider set generation = generation + 1"))
                    .get();
        }
        report("h1");
        report("h2");
    }

    void giveBack() {
        made.forEach(this::release);
        made.clear();
        Stream.of("h1", "h2").forEach(host -> {
            enable(host, true);
            scheduler()
                    .reportBuild(ReportBuildRequest.newBuilder()
                            .setHost(host)
                            .setSucceeded(true)
                            .build());
        });
    }

    @PreDestroy
    void close() {
        List.of(compute, agent1, agent2).forEach(ManagedChannel::shutdownNow);
    }

    ClaimManyResponse claimMany(int count, int least, ClaimRequest request) {
        return claimMany(consumers(count), least, request);
    }

    ClaimManyResponse claimMany(List<String> consumers, int least, ClaimRequest request) {
        return scheduler()
                .claimMany(ClaimManyRequest.newBuilder()
                        .setClaim(request)
                        .addAllConsumerIds(consumers)
                        .setMinCount(least)
                        .build());
    }

    List<String> consumers(int count) {
        List<String> consumers = IntStream.range(0, count)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        made.addAll(consumers);
        return consumers;
    }

    ClaimResponse claim(ClaimRequest request) {
        return scheduler().claim(request);
    }

    ClaimRequest request(long vcpus) {
        return request(vcpus, "");
    }

    ClaimRequest request(long vcpus, String consumer) {
        return ClaimRequest.newBuilder()
                .setConsumerId(consumer)
                .setProjectId("p")
                .setUserId("u")
                .putResources("VCPU", vcpus)
                .build();
    }

    EndMoveRequest end(String consumer, String migration) {
        return EndMoveRequest.newBuilder()
                .setConsumerId(consumer)
                .setMigrationId(migration)
                .build();
    }

    HostStatus forceDown(String host, boolean down) {
        return scheduler()
                .setHostForcedDown(SetHostForcedDownRequest.newBuilder()
                        .setHost(host)
                        .setForcedDown(down)
                        .build());
    }

    HostStatus status(String host) {
        return scheduler()
                .listHosts(ListHostsRequest.newBuilder().addNames(host).build())
                .getHosts(0);
    }

    HostStatus enable(String host, boolean enabled) {
        return scheduler()
                .setHostEnabled(SetHostEnabledRequest.newBuilder()
                        .setHost(host)
                        .setEnabled(enabled)
                        .setReason("maintenance")
                        .build());
    }

    boolean release(String consumer) {
        return scheduler()
                .release(ReleaseRequest.newBuilder().setConsumerId(consumer).build())
                .getReleased();
    }

    long used(String host) {
        return status(host).getUsedOrDefault("VCPU", 0);
    }

    SchedulerGrpc.SchedulerBlockingStub scheduler() {
        return SchedulerGrpc.newBlockingStub(compute).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    void report(String name) {
        HostReportsGrpc.newBlockingStub(name.equals("h1") ? agent1 : agent2)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .reportHost(ReportHostRequest.newBuilder()
                        .setHost(Host.newBuilder()
                                .setId(name.equals("h1") ? H1 : H2)
                                .setName(name)
                                .setAgentAddress("127.0.0.1:1")
                                .putInventories(
                                        "VCPU",
                                        Inventory.newBuilder()
                                                .setTotal(4)
                                                .setAllocationRatio(1)
                                                .build()))
                        .build());
    }
}
