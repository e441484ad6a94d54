package io.nephos.compute.cloud;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ListHostsResponse;
import io.nephos.contracts.scheduler.v1.PlacedConsumer;
import io.nephos.contracts.scheduler.v1.Placement;
import io.nephos.contracts.scheduler.v1.PutAggregateRequest;
import io.nephos.contracts.scheduler.v1.PutAggregateResponse;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReleaseResponse;
import io.nephos.contracts.scheduler.v1.RemoveAggregateRequest;
import io.nephos.contracts.scheduler.v1.RemoveAggregateResponse;
import io.nephos.contracts.scheduler.v1.ReportBuildRequest;
import io.nephos.contracts.scheduler.v1.ReportBuildResponse;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.contracts.scheduler.v1.SetHostEnabledRequest;
import io.nephos.contracts.scheduler.v1.SetHostForcedDownRequest;
import java.util.List;
import java.util.Optional;

/** Gives the first host that is not excluded. */
final class FakeScheduler extends SchedulerGrpc.SchedulerImplBase {
    private static final List<String> HOSTS = List.of("h1", "h2");
    private final FakeCloud cloud;

    FakeScheduler(FakeCloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public void claim(ClaimRequest request, StreamObserver<ClaimResponse> answer) {
        cloud.claims.put(request.getConsumerId(), request);
        Optional<String> host = place(request);
        ClaimResponse.Builder response = ClaimResponse.newBuilder();
        if (host.isEmpty()) {
            response.setExplanation(why());
        } else {
            response.setPlacement(placement(request.getConsumerId(), host.get()));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void claimMany(ClaimManyRequest request, StreamObserver<ClaimManyResponse> answer) {
        cloud.batches.add(request);
        Optional<String> host = place(request.getClaim());
        int fitting = host.isEmpty() ? 0 : Math.min(cloud.room, request.getConsumerIdsCount());
        ClaimManyResponse.Builder response = ClaimManyResponse.newBuilder();
        if (fitting < request.getConsumerIdsCount()) {
            response.setExplanation(why());
        }
        if (fitting >= request.getMinCount()) {
            request.getConsumerIdsList().stream()
                    .limit(fitting)
                    .forEach(id -> response.addPlaced(PlacedConsumer.newBuilder()
                            .setConsumerId(id)
                            .setPlacement(placement(id, host.orElseThrow()))));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    private Optional<String> place(ClaimRequest request) {
        return cloud.noHost.isEmpty()
                ? HOSTS.stream()
                        .filter(name -> !request.getExcludedHostsList().contains(name))
                        .findFirst()
                : Optional.empty();
    }

    private Explanation why() {
        return Explanation.newBuilder()
                .setSummary(cloud.noHost.isEmpty() ? "No host is left." : cloud.noHost)
                .build();
    }

    private Placement placement(String server, String host) {
        cloud.allocations.put(server, host);
        return Placement.newBuilder()
                .setHost(host)
                .setHostId(FakeCloud.id(host))
                .setAgentAddress(FakeCloud.agent(host))
                .build();
    }

    @Override
    public void reportBuild(ReportBuildRequest request, StreamObserver<ReportBuildResponse> answer) {
        cloud.builds.add(request.getHost() + " " + request.getSucceeded());
        answer.onNext(ReportBuildResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void setHostEnabled(SetHostEnabledRequest request, StreamObserver<HostStatus> answer) {
        if (request.getEnabled()) {
            cloud.disabled.remove(request.getHost());
        } else {
            cloud.disabled.put(request.getHost(), request.getReason());
        }
        answer.onNext(status(request.getHost()));
        answer.onCompleted();
    }

    @Override
    public void setHostForcedDown(SetHostForcedDownRequest request, StreamObserver<HostStatus> answer) {
        if (request.getForcedDown()) {
            cloud.forcedDown.add(request.getHost());
        } else {
            cloud.forcedDown.remove(request.getHost());
        }
        answer.onNext(status(request.getHost()));
        answer.onCompleted();
    }

    @Override
    public void putAggregate(PutAggregateRequest request, StreamObserver<PutAggregateResponse> answer) {
        cloud.aggregates.put(request.getId(), request);
        answer.onNext(PutAggregateResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void removeAggregate(RemoveAggregateRequest request, StreamObserver<RemoveAggregateResponse> answer) {
        boolean there = cloud.aggregates.remove(request.getId()) != null;
        answer.onNext(RemoveAggregateResponse.newBuilder().setRemoved(there).build());
        answer.onCompleted();
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> answer) {
        boolean held = cloud.allocations.remove(request.getConsumerId()) != null;
        answer.onNext(ReleaseResponse.newBuilder().setReleased(held).build());
        answer.onCompleted();
    }

    @Override
    public void listHosts(ListHostsRequest request, StreamObserver<ListHostsResponse> answer) {
        ListHostsResponse.Builder all = ListHostsResponse.newBuilder();
        for (String name : HOSTS) {
            if (request.getNamesCount() == 0 || request.getNamesList().contains(name)) {
                all.addHosts(status(name));
            }
        }
        answer.onNext(all.build());
        answer.onCompleted();
    }

    private HostStatus status(String name) {
        String zone = cloud.aggregates.values().stream()
                .filter(aggregate -> aggregate.getHostsList().contains(name))
                .map(aggregate -> aggregate.getMetadataOrDefault("availability_zone", ""))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse("nova");
        return HostStatus.newBuilder()
                .setHost(Host.newBuilder()
                        .setId(FakeCloud.id(name))
                        .setName(name)
                        .setAgentAddress(FakeCloud.agent(name))
                        .setAvailabilityZone(zone))
                .setUp(!cloud.away.contains(name) && !cloud.forcedDown.contains(name))
                .setForcedDown(cloud.forcedDown.contains(name))
                .setEnabled(!cloud.disabled.containsKey(name))
                .setDisabledReason(cloud.disabled.getOrDefault(name, ""))
                .build();
    }
}
