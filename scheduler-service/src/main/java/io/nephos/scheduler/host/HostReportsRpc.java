package io.nephos.scheduler.host;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.scheduler.v1.HeartbeatRequest;
import io.nephos.contracts.scheduler.v1.HeartbeatResponse;
import io.nephos.contracts.scheduler.v1.Host;
import io.nephos.contracts.scheduler.v1.HostReportsGrpc;
import io.nephos.contracts.scheduler.v1.ReportHostRequest;
import io.nephos.contracts.scheduler.v1.ReportHostResponse;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.kit.http.Fields;
import io.nephos.rpc.ForAgents;
import io.nephos.rpc.PeerIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What agents tell. */
@ForAgents
@ApplicationScoped
public class HostReportsRpc extends HostReportsGrpc.HostReportsImplBase {
    private final HostStore hosts;
    private final int heartbeatSeconds;

    @Inject
    public HostReportsRpc(
            HostStore hosts,
            @ConfigProperty(name = "nephos.scheduler.heartbeat-seconds", defaultValue = "3") int heartbeatSeconds) {
        this.hosts = hosts;
        this.heartbeatSeconds = heartbeatSeconds;
    }

    @Override
    public void reportHost(ReportHostRequest request, StreamObserver<ReportHostResponse> answer) {
        Host host = request.getHost();
        PeerIdentity.current().requireHost(host.getName());
        if (!Fields.isUuid(host.getId())
                || host.getName().isEmpty()
                || host.getInventoriesMap().isEmpty()) {
            throw new StatusRuntimeException(
                    Status.INVALID_ARGUMENT.withDescription("A host has a UUID, a name and inventories."));
        }
        try {
            hosts.report(host);
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
        answer.onNext(ReportHostResponse.newBuilder()
                .setHeartbeatSeconds(heartbeatSeconds)
                .build());
        answer.onCompleted();
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatResponse> answer) {
        PeerIdentity.current().requireHost(request.getName());
        boolean known;
        try {
            known = hosts.heartbeat(request.getHostId(), request.getName());
        } catch (FaultException e) {
            throw RpcFault.toStatus(e);
        }
        answer.onNext(HeartbeatResponse.newBuilder().setReportAgain(!known).build());
        answer.onCompleted();
    }
}
