package io.nephos.compute.cloud;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.nephos.contracts.network.v1.BindPortRequest;
import io.nephos.contracts.network.v1.EnsurePortRequest;
import io.nephos.contracts.network.v1.FixedIp;
import io.nephos.contracts.network.v1.ListPortsRequest;
import io.nephos.contracts.network.v1.ListPortsResponse;
import io.nephos.contracts.network.v1.Port;
import io.nephos.contracts.network.v1.PortsGrpc;
import io.nephos.contracts.network.v1.ReleasePortRequest;
import io.nephos.contracts.network.v1.ReleasePortResponse;
import io.nephos.contracts.network.v1.RequestedNetwork;
import io.nephos.contracts.network.v1.ResolveNetworksRequest;
import io.nephos.contracts.network.v1.ResolveNetworksResponse;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsRequest;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsResponse;

/** One network; ports come up as soon as they are bound, unless the cloud says otherwise. */
final class FakePorts extends PortsGrpc.PortsImplBase {
    static final String NETWORK = "11111111-0000-4000-8000-000000000001";
    private final FakeCloud cloud;

    FakePorts(FakeCloud cloud) {
        this.cloud = cloud;
    }

    @Override
    public void resolveNetworks(ResolveNetworksRequest request, StreamObserver<ResolveNetworksResponse> answer) {
        ResolveNetworksResponse.Builder found = ResolveNetworksResponse.newBuilder();
        for (RequestedNetwork wanted : request.getRequestedList()) {
            if (!wanted.getNetworkId().equals(NETWORK)) {
                answer.onError(Status.NOT_FOUND
                        .withDescription("Network " + wanted.getNetworkId() + " could not be found.")
                        .asRuntimeException());
                return;
            }
            found.addNetworks(wanted);
        }
        if (request.getAuto()) {
            found.addNetworks(RequestedNetwork.newBuilder().setNetworkId(NETWORK));
        }
        answer.onNext(found.build());
        answer.onCompleted();
    }

    @Override
    public void ensurePort(EnsurePortRequest request, StreamObserver<Port> answer) {
        cloud.ports.put(request.getPortId(), request.getDeviceId());
        answer.onNext(
                port(request.getPortId()).toBuilder().setHost(request.getHost()).build());
        answer.onCompleted();
    }

    @Override
    public void bindPort(BindPortRequest request, StreamObserver<Port> answer) {
        answer.onNext(port(request.getPortId()));
        answer.onCompleted();
    }

    @Override
    public void releasePort(ReleasePortRequest request, StreamObserver<ReleasePortResponse> answer) {
        boolean held = cloud.ports.remove(request.getPortId()) != null;
        answer.onNext(ReleasePortResponse.newBuilder().setChanged(held).build());
        answer.onCompleted();
    }

    @Override
    public void listPorts(ListPortsRequest request, StreamObserver<ListPortsResponse> answer) {
        ListPortsResponse.Builder all = ListPortsResponse.newBuilder();
        request.getPortIdsList().stream()
                .filter(cloud.ports::containsKey)
                .map(this::port)
                .forEach(all::addPorts);
        answer.onNext(all.build());
        answer.onCompleted();
    }

    @Override
    public void resolveSecurityGroups(
            ResolveSecurityGroupsRequest request, StreamObserver<ResolveSecurityGroupsResponse> answer) {
        answer.onNext(ResolveSecurityGroupsResponse.newBuilder()
                .addAllIds(request.getNamesOrIdsList())
                .addAllNames(request.getNamesOrIdsList())
                .build());
        answer.onCompleted();
    }

    private Port port(String id) {
        return Port.newBuilder()
                .setId(id)
                .setNetworkId(NETWORK)
                .setNetworkName("private")
                .setMacAddress("fa:16:3e:00:00:01")
                .setMtu(1442)
                .addFixedIps(FixedIp.newBuilder().setSubnetId("s").setIpAddress("10.0.0.5"))
                .addSecurityGroupNames("default")
                .setUp(cloud.portsComeUp)
                .build();
    }
}
