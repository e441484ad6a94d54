package io.nephos.scheduler.claim;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.Explanation;
import io.nephos.contracts.scheduler.v1.FilterLoss;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.Inventory;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ListHostsResponse;
import io.nephos.contracts.scheduler.v1.NearMiss;
import io.nephos.contracts.scheduler.v1.Placement;
import io.nephos.contracts.scheduler.v1.ReleaseRequest;
import io.nephos.contracts.scheduler.v1.ReleaseResponse;
import io.nephos.contracts.scheduler.v1.SchedulerGrpc;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.rpc.PeerIdentity;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.host.HostRow;
import io.nephos.scheduler.host.HostStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What services ask. */
@ApplicationScoped
public class SchedulerRpc extends SchedulerGrpc.SchedulerImplBase {
    private final Claims claims;
    private final HostStore hosts;
    private final SnapshotStore snapshots;

    @Inject
    public SchedulerRpc(Claims claims, HostStore hosts, SnapshotStore snapshots) {
        this.claims = claims;
        this.hosts = hosts;
        this.snapshots = snapshots;
    }

    @Override
    public void claim(ClaimRequest request, StreamObserver<ClaimResponse> answer) {
        Claims.Claimant claimant =
                new Claims.Claimant(PeerIdentity.current().name(), request.getProjectId(), request.getUserId());
        reply(answer, () -> switch (claims.claim(ClaimRequests.read(request), claimant)) {
            case Decision.Plan plan ->
                ClaimResponse.newBuilder().setPlacement(placement(plan.host())).build();
            case Decision.Explanation explanation ->
                ClaimResponse.newBuilder()
                        .setExplanation(explanation(explanation))
                        .build();
        });
    }

    @Override
    public void release(ReleaseRequest request, StreamObserver<ReleaseResponse> answer) {
        reply(
                answer,
                () -> ReleaseResponse.newBuilder()
                        .setReleased(claims.release(request.getConsumerId()))
                        .build());
    }

    @Override
    public void listHosts(ListHostsRequest request, StreamObserver<ListHostsResponse> answer) {
        reply(answer, () -> {
            Set<String> wanted = Set.copyOf(request.getNamesList());
            List<HostRow> rows = hosts.all();
            Map<String, Host> books =
                    snapshots.of(rows).hosts().stream().collect(Collectors.toMap(Host::id, Function.identity()));
            return ListHostsResponse.newBuilder()
                    .addAllHosts(rows.stream()
                            .filter(row -> wanted.isEmpty() || wanted.contains(row.name))
                            .flatMap(row ->
                                    Optional.ofNullable(books.get(row.id)).map(host -> status(row, host)).stream())
                            .toList())
                    .build();
        });
    }

    private static <T> void reply(StreamObserver<T> answer, Supplier<T> work) {
        T message;
        try {
            message = work.get();
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
        answer.onNext(message);
        answer.onCompleted();
    }

    private static Placement placement(Host host) {
        return Placement.newBuilder()
                .setHost(host.name())
                .setHostId(host.id())
                .setAgentAddress(host.agentAddress())
                .build();
    }

    private static Explanation explanation(Decision.Explanation explanation) {
        return Explanation.newBuilder()
                .setSummary(explanation.summary())
                .setHostsConsidered(explanation.considered())
                .addAllLosses(explanation.losses().stream()
                        .map(loss -> FilterLoss.newBuilder()
                                .setFilter(loss.filter())
                                .setHostsLost(loss.lost())
                                .setDetail(loss.detail())
                                .build())
                        .toList())
                .addAllNearest(explanation.nearest().stream()
                        .map(miss -> NearMiss.newBuilder()
                                .setHost(miss.host())
                                .putAllLacking(miss.lacking())
                                .build())
                        .toList())
                .build();
    }

    private static HostStatus status(HostRow row, Host host) {
        io.nephos.contracts.scheduler.v1.Host.Builder reported = io.nephos.contracts.scheduler.v1.Host.newBuilder()
                .setId(row.id)
                .setName(row.name)
                .setAgentAddress(row.agentAddress)
                .addAllTraits(host.traits().stream().sorted().toList())
                .setHypervisorType(row.hypervisorType)
                .setHypervisorVersion(row.hypervisorVersion)
                .setAvailabilityZone(row.availabilityZone)
                .setCpuInfo(row.cpuInfo);
        host.inventories()
                .forEach((resourceClass, inventory) -> reported.putInventories(
                        resourceClass,
                        Inventory.newBuilder()
                                .setTotal(inventory.total())
                                .setReserved(inventory.reserved())
                                .setAllocationRatio(inventory.allocationRatio())
                                .build()));
        return HostStatus.newBuilder()
                .setHost(reported)
                .setUp(row.up)
                .setEnabled(host.enabled())
                .setDisabledReason(host.enabled() ? "" : "The provider has the trait " + SnapshotStore.DISABLED + ".")
                .putAllUsed(host.used())
                .setLastHeartbeat(row.lastHeartbeat.toInstant().toString())
                .build();
    }
}
