package io.nephos.scheduler.claim;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.scheduler.v1.ClaimManyRequest;
import io.nephos.contracts.scheduler.v1.ClaimManyResponse;
import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.contracts.scheduler.v1.ClaimResponse;
import io.nephos.contracts.scheduler.v1.DryRunRequest;
import io.nephos.contracts.scheduler.v1.DryRunResponse;
import io.nephos.contracts.scheduler.v1.EndMoveRequest;
import io.nephos.contracts.scheduler.v1.EndMoveResponse;
import io.nephos.contracts.scheduler.v1.HostStatus;
import io.nephos.contracts.scheduler.v1.ListHostsRequest;
import io.nephos.contracts.scheduler.v1.ListHostsResponse;
import io.nephos.contracts.scheduler.v1.MoveRequest;
import io.nephos.contracts.scheduler.v1.PlacedConsumer;
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
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.kit.http.Fields;
import io.nephos.rpc.PeerIdentity;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.host.AggregateStore;
import io.nephos.scheduler.host.HostRow;
import io.nephos.scheduler.host.HostStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What services ask. */
@ApplicationScoped
public class SchedulerRpc extends SchedulerGrpc.SchedulerImplBase {
    private static final int MOST = 1000;
    private final Claims claims;
    private final Moves moves;
    private final ClaimRequests requests;
    private final HostStore hosts;
    private final AggregateStore aggregates;

    @Inject
    SchedulerRpc(Claims claims, Moves moves, ClaimRequests requests, HostStore hosts, AggregateStore aggregates) {
        this.claims = claims;
        this.moves = moves;
        this.requests = requests;
        this.hosts = hosts;
        this.aggregates = aggregates;
    }

    @Override
    public void claim(ClaimRequest request, StreamObserver<ClaimResponse> answer) {
        Ask.Claimant claimant = claimant(request);
        reply(
                answer,
                () -> Messages.response(claims.claim(
                        List.of(new Ask(requests.read(request, request.getConsumerId()), claimant, Optional.empty())),
                        1)));
    }

    @Override
    public void claimMany(ClaimManyRequest request, StreamObserver<ClaimManyResponse> answer) {
        Ask.Claimant claimant = claimant(request.getClaim());
        reply(answer, () -> claimMany(request, claimant));
    }

    private ClaimManyResponse claimMany(ClaimManyRequest request, Ask.Claimant claimant) {
        List<String> consumers = request.getConsumerIdsList();
        if (consumers.isEmpty()
                || consumers.size() > MOST
                || Set.copyOf(consumers).size() < consumers.size()) {
            throw Fault.badRequest("A claim of many has from 1 to " + MOST + " different consumers.");
        }
        if (request.getMinCount() < 0 || request.getMinCount() > consumers.size()) {
            throw Fault.badRequest("min_count is from 0 to the number of consumers.");
        }
        consumers.stream().filter(id -> !Fields.isUuid(id)).findFirst().ifPresent(id -> {
            throw Fault.badRequest("consumer_id must be a UUID.");
        });
        Request template = requests.read(request.getClaim(), consumers.getFirst());
        List<Ask> asks = consumers.stream()
                .map(consumer -> new Ask(template.of(consumer), claimant, Optional.empty()))
                .toList();
        Claims.Outcome outcome = claims.claim(asks, request.getMinCount());
        ClaimManyResponse.Builder response = ClaimManyResponse.newBuilder();
        outcome.placed()
                .forEach(ask -> Messages.placement(ask)
                        .ifPresent(placement -> response.addPlaced(PlacedConsumer.newBuilder()
                                .setConsumerId(ask.consumer())
                                .setPlacement(placement))));
        outcome.explanation().ifPresent(why -> response.setExplanation(Messages.explanation(why)));
        return response.build();
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
    public void move(MoveRequest request, StreamObserver<ClaimResponse> answer) {
        String service = PeerIdentity.current().name();
        reply(answer, () -> {
            if (!Fields.isUuid(request.getMigrationId())) {
                throw Fault.badRequest("migration_id must be a UUID.");
            }
            ClaimRequest claim = moves.complete(request.getClaim());
            Request wanted = requests.read(claim, claim.getConsumerId());
            return Messages.response(moves.begin(wanted, claimant(claim, service), request.getMigrationId()));
        });
    }

    @Override
    public void confirmMove(EndMoveRequest request, StreamObserver<EndMoveResponse> answer) {
        reply(
                answer,
                () -> EndMoveResponse.newBuilder()
                        .setEnded(moves.confirm(request.getConsumerId(), request.getMigrationId()))
                        .build());
    }

    @Override
    public void revertMove(EndMoveRequest request, StreamObserver<EndMoveResponse> answer) {
        reply(
                answer,
                () -> EndMoveResponse.newBuilder()
                        .setEnded(moves.revert(request.getConsumerId(), request.getMigrationId()))
                        .build());
    }

    @Override
    public void dryRun(DryRunRequest request, StreamObserver<DryRunResponse> answer) {
        reply(answer, () -> Messages.response(claims.dryRun(requests.read(request))));
    }

    @Override
    public void listHosts(ListHostsRequest request, StreamObserver<ListHostsResponse> answer) {
        reply(answer, () -> {
            List<HostRow> rows = request.getNamesList().isEmpty() ? hosts.all() : hosts.named(request.getNamesList());
            Map<String, Host> books = claims.look(table -> {
                Map<String, Host> found = new HashMap<>();
                rows.forEach(row -> table.find(row.id).ifPresent(host -> found.put(row.id, host)));
                return found;
            });
            return ListHostsResponse.newBuilder()
                    .addAllHosts(rows.stream()
                            .flatMap(row ->
                                    Optional.ofNullable(books.get(row.id))
                                            .map(host -> Messages.status(row, host))
                                            .stream())
                            .toList())
                    .build();
        });
    }

    @Override
    public void setHostEnabled(SetHostEnabledRequest request, StreamObserver<HostStatus> answer) {
        reply(answer, () -> {
            HostRow row = hosts.setEnabled(request.getHost(), request.getEnabled(), request.getReason());
            return claims.host(row.name)
                    .map(host -> Messages.status(row, host))
                    .orElseThrow(() -> Fault.notFound("There is no host " + row.name + "."));
        });
    }

    @Override
    public void setHostForcedDown(SetHostForcedDownRequest request, StreamObserver<HostStatus> answer) {
        reply(answer, () -> {
            HostRow row = hosts.setForcedDown(request.getHost(), request.getForcedDown());
            return claims.host(row.name)
                    .map(host -> Messages.status(row, host))
                    .orElseThrow(() -> Fault.notFound("There is no host " + row.name + "."));
        });
    }

    @Override
    public void reportBuild(ReportBuildRequest request, StreamObserver<ReportBuildResponse> answer) {
        reply(answer, () -> {
            hosts.countBuild(request.getHost(), request.getSucceeded());
            return ReportBuildResponse.getDefaultInstance();
        });
    }

    @Override
    public void putAggregate(PutAggregateRequest request, StreamObserver<PutAggregateResponse> answer) {
        reply(answer, () -> {
            if (!Fields.isUuid(request.getId())) {
                throw Fault.badRequest("The id of an aggregate must be a UUID.");
            }
            aggregates.put(request.getId(), request.getName(), request.getMetadataMap(), request.getHostsList());
            return PutAggregateResponse.getDefaultInstance();
        });
    }

    @Override
    public void removeAggregate(RemoveAggregateRequest request, StreamObserver<RemoveAggregateResponse> answer) {
        reply(
                answer,
                () -> RemoveAggregateResponse.newBuilder()
                        .setRemoved(aggregates.remove(request.getId()))
                        .build());
    }

    private static Ask.Claimant claimant(ClaimRequest claim) {
        return claimant(claim, PeerIdentity.current().name());
    }

    private static Ask.Claimant claimant(ClaimRequest claim, String service) {
        return new Ask.Claimant(
                service,
                claim.getProjectId(),
                claim.getUserId(),
                claim.getConsumerType().isEmpty() ? "INSTANCE" : claim.getConsumerType(),
                Wishes.text(claim));
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
}
