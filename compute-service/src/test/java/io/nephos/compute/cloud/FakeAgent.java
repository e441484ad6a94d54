package io.nephos.compute.cloud;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.agent.v1.AgentGrpc;
import io.nephos.contracts.agent.v1.EnsureInstanceRequest;
import io.nephos.contracts.agent.v1.EnsureInstanceResponse;
import io.nephos.contracts.agent.v1.GetHostUptimeRequest;
import io.nephos.contracts.agent.v1.GetHostUptimeResponse;
import io.nephos.contracts.agent.v1.InstanceSpec;
import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.RebootInstanceRequest;
import io.nephos.contracts.agent.v1.RebootInstanceResponse;
import io.nephos.contracts.agent.v1.RemoveInstanceRequest;
import io.nephos.contracts.agent.v1.RemoveInstanceResponse;

/** The agent of one host: instances are as wanted at once. */
final class FakeAgent extends AgentGrpc.AgentImplBase {
    private final FakeCloud cloud;
    private final String host;

    FakeAgent(FakeCloud cloud, String host) {
        this.cloud = cloud;
        this.host = host;
    }

    @Override
    public void ensureInstance(EnsureInstanceRequest request, StreamObserver<EnsureInstanceResponse> answer) {
        InstanceSpec spec = request.getInstance();
        if (refuses(answer)) {
            return;
        }
        if (cloud.broken.contains(host)) {
            answer.onError(
                    Status.INTERNAL.withDescription("the hypervisor refused").asRuntimeException());
            return;
        }
        cloud.instances.put(host + "/" + spec.getId(), spec.getGeneration());
        if (cloud.mute.remove(host)) {
            answer.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
        }
        answer.onNext(EnsureInstanceResponse.newBuilder()
                .setState(InstanceState.newBuilder()
                        .setId(spec.getId())
                        .setGeneration(spec.getGeneration())
                        .setPowerState(spec.getPowerState()))
                .build());
        answer.onCompleted();
    }

    @Override
    public void removeInstance(RemoveInstanceRequest request, StreamObserver<RemoveInstanceResponse> answer) {
        if (refuses(answer)) {
            return;
        }
        boolean there = cloud.instances.remove(host + "/" + request.getId()) != null;
        answer.onNext(RemoveInstanceResponse.newBuilder().setChanged(there).build());
        answer.onCompleted();
    }

    @Override
    public void rebootInstance(RebootInstanceRequest request, StreamObserver<RebootInstanceResponse> answer) {
        if (refuses(answer)) {
            return;
        }
        answer.onNext(RebootInstanceResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public void getHostUptime(GetHostUptimeRequest request, StreamObserver<GetHostUptimeResponse> answer) {
        answer.onNext(GetHostUptimeResponse.newBuilder()
                .setUptime(" 12:00:00 up 1 day, " + host + "\n")
                .build());
        answer.onCompleted();
    }

    private boolean refuses(StreamObserver<?> answer) {
        if (cloud.away.contains(host)) {
            answer.onError(Status.UNAVAILABLE.withDescription("host away").asRuntimeException());
            return true;
        }
        return false;
    }
}
