package io.nephos.compute.report;

import io.grpc.stub.StreamObserver;
import io.nephos.compute.server.Observations;
import io.nephos.contracts.compute.v1.InstanceReportsGrpc;
import io.nephos.contracts.compute.v1.ReportInstancesRequest;
import io.nephos.contracts.compute.v1.ReportInstancesResponse;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.rpc.ForAgents;
import io.nephos.rpc.PeerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What the agents of hosts tell of their instances; each may speak for its own host only. */
@ApplicationScoped
@ForAgents
public class InstanceReportsRpc extends InstanceReportsGrpc.InstanceReportsImplBase {
    private final Observations observations;

    @Inject
    public InstanceReportsRpc(Observations observations) {
        this.observations = observations;
    }

    @Override
    public void reportInstances(ReportInstancesRequest request, StreamObserver<ReportInstancesResponse> answer) {
        PeerIdentity.current().requireHost(request.getHost());
        try {
            answer.onNext(ReportInstancesResponse.newBuilder()
                    .addAllOrphanIds(
                            observations.apply(request.getHost(), request.getFull(), request.getInstancesList()))
                    .build());
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
        answer.onCompleted();
    }
}
