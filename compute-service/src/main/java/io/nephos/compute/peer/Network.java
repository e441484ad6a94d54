package io.nephos.compute.peer;

import io.nephos.contracts.network.v1.BindPortRequest;
import io.nephos.contracts.network.v1.EnsurePortRequest;
import io.nephos.contracts.network.v1.ListPortsRequest;
import io.nephos.contracts.network.v1.Port;
import io.nephos.contracts.network.v1.PortsGrpc;
import io.nephos.contracts.network.v1.ReleasePortRequest;
import io.nephos.contracts.network.v1.RequestedNetwork;
import io.nephos.contracts.network.v1.ResolveNetworksRequest;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsRequest;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsResponse;
import io.nephos.kit.token.Caller;
import io.nephos.rpc.Peers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** network-service: networks, security groups, and the ports of servers. */
@ApplicationScoped
public class Network {
    private final Peers peers;

    @Inject
    public Network(Peers peers) {
        this.peers = peers;
    }

    /** What was asked for, checked; {@code auto}: nothing was, so whatever the project can use. */
    public List<RequestedNetwork> resolve(Caller caller, List<RequestedNetwork> requested, boolean auto, int count) {
        return stub(10).resolveNetworks(ResolveNetworksRequest.newBuilder()
                        .setCaller(caller.toProto())
                        .addAllRequested(requested)
                        .setAuto(auto)
                        .setCount(count)
                        .build())
                .getNetworksList();
    }

    public ResolveSecurityGroupsResponse resolveGroups(Caller caller, List<String> namesOrIds, String applyToServer) {
        return stub(10).resolveSecurityGroups(ResolveSecurityGroupsRequest.newBuilder()
                .setCaller(caller.toProto())
                .addAllNamesOrIds(namesOrIds)
                .setApplyToServer(applyToServer)
                .build());
    }

    public Port ensure(EnsurePortRequest request) {
        return stub(20).ensurePort(request);
    }

    public Port bind(String portId, String host) {
        return stub(20).bindPort(BindPortRequest.newBuilder()
                .setPortId(portId)
                .setHost(host)
                .build());
    }

    public void release(String portId) {
        stub(20).releasePort(ReleasePortRequest.newBuilder().setPortId(portId).build());
    }

    public List<Port> ports(List<String> ids) {
        return stub(10).listPorts(
                        ListPortsRequest.newBuilder().addAllPortIds(ids).build())
                .getPortsList();
    }

    private PortsGrpc.PortsBlockingStub stub(int seconds) {
        return PortsGrpc.newBlockingStub(peers.channel("network")).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }
}
