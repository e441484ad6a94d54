package io.nephos.compute.cloud;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ListHostsResponse;
import io.nephos.contracts.scheduler.v1.Placement;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReleaseResponse;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import java.util.List;
import java.util.Optional;

/** Gives the first host that is not excluded. */
final class FakeScheduler extends SchedulerGrpc.SchedulerImplBase {
    private final FakeCloud cloud;

    FakeScheduler(FakeCloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public void claim(ClaimRequest request, StreamObserver<ClaimResponse> answer) {
        Optional<String> host = List.of("h1", "h2").stream()
                .filter(name -> !request.getExcludedHostsList().contains(name))
                .findFirst();
        ClaimResponse.Builder response = ClaimResponse.newBuilder();
        if (!cloud.noHost.isEmpty() || host.isEmpty()) {
            response.setExplanation(
                    Explanation.newBuilder().setSummary(cloud.noHost.isEmpty() ? "No host is left." : cloud.noHost));
        } else {
            cloud.allocations.put(request.getConsumerId(), host.get());
            response.setPlacement(Placement.newBuilder()
                    .setHost(host.get())
                    .setHostId("id-" + host.get())
                    .setAgentAddress(FakeCloud.agent(host.get())));
        }
        answer.onNext(response.build());
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
        for (String name : List.of("h1", "h2")) {
            if (request.getNamesCount() == 0 || request.getNamesList().contains(name)) {
                all.addHosts(HostStatus.newBuilder()
                        .setHost(Host.newBuilder()
                                .setId("id-" + name)
                                .setName(name)
                                .setAgentAddress(FakeCloud.agent(name))
                                .setAvailabilityZone("nova"))
                        .setUp(!cloud.away.contains(name))
                        .setEnabled(true));
            }
        }
        answer.onNext(all.build());
        answer.onCompleted();
    }
}
