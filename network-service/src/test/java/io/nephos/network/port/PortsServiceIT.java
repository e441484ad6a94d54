package io.nephos.network.port;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.nephos.contracts.common.v1.Caller;
import io.nephos.contracts.network.v1.BindPortRequest;
import io.nephos.contracts.network.v1.EnsurePortRequest;
import io.nephos.contracts.network.v1.ListPortsRequest;
import io.nephos.contracts.network.v1.Port;
import io.nephos.contracts.network.v1.PortsGrpc;
import io.nephos.contracts.network.v1.ReleasePortRequest;
import io.nephos.contracts.network.v1.RequestedNetwork;
import io.nephos.contracts.network.v1.ResolveNetworksRequest;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsRequest;
import io.nephos.network.Api;
import io.nephos.network.Ovn;
import io.nephos.testkit.Infrastructure;
import io.nephos.testkit.Peer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Ports as compute asks for them. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
@QuarkusTestResource(Ovn.class)
class PortsServiceIT {
    private final String project = Api.project();
    private final Api api = Api.member(project);
    private final String server = UUID.randomUUID().toString();
    private final String portId = UUID.randomUUID().toString();

    @Test
    void aPortIsMadeBoundAndReleasedAndEachAgainChangesNothing() {
        String network = api.network();
        api.subnet(network, "10.0.0.0/24");
        EnsurePortRequest request = ensure(network).build();
        Port port = call(stub -> stub.ensurePort(request));
        assertEquals(port, call(stub -> stub.ensurePort(request)));
        assertEquals(List.of("default"), port.getSecurityGroupNamesList());
        assertEquals(1, port.getFixedIpsCount());
        Port bound = call(stub -> stub.bindPort(bind("node-1")));
        assertEquals("node-1", bound.getHost());
        assertEquals(bound, call(stub -> stub.bindPort(bind("node-1"))));
        Api.await(
                "OVN is told the host",
                () -> Ovn.ctl("nb", "--bare", "--columns=options", "find", "Logical_Switch_Port", "name=" + portId)
                        .contains("requested-chassis=node-1"));
        assertEquals(
                1,
                call(stub -> stub.listPorts(ListPortsRequest.newBuilder()
                                .addDeviceIds(server)
                                .build()))
                        .getPortsCount());
        ReleasePortRequest release =
                ReleasePortRequest.newBuilder().setPortId(portId).build();
        Port moved = call(
                stub -> stub.ensurePort(request.toBuilder().setHost("node-2").build()));
        assertEquals(bound.toBuilder().setHost("node-2").build(), moved);
        assertEquals(moved, call(stub -> stub.ensurePort(request)));
        assertTrue(call(stub -> stub.releasePort(release)).getChanged());
        assertFalse(call(stub -> stub.releasePort(release)).getChanged());
        api.get("/ports/" + portId).statusCode(404);
    }

    @Test
    void theUsersOwnPortIsOnlyTakenAndGivenBack() {
        String network = api.network();
        String own = api.port(network, Map.of());
        EnsurePortRequest request =
                ensure(network).setPortId(own).setExisting(true).build();
        call(stub -> stub.ensurePort(request));
        StatusRuntimeException e = assertThrows(
                StatusRuntimeException.class,
                () -> call(stub -> stub.ensurePort(
                        request.toBuilder().setDeviceId("another").build())));
        assertEquals(Status.Code.FAILED_PRECONDITION, e.getStatus().getCode());
        call(stub ->
                stub.releasePort(ReleasePortRequest.newBuilder().setPortId(own).build()));
        api.get("/ports/" + own).statusCode(200).body("port.device_id", equalTo(""));
    }

    @Test
    void theOnlyNetworkOfAProjectIsTakenAndTwoAreAmbiguous() {
        ResolveNetworksRequest auto = ResolveNetworksRequest.newBuilder()
                .setCaller(caller())
                .setAuto(true)
                .setCount(1)
                .build();
        assertEquals(0, call(stub -> stub.resolveNetworks(auto)).getNetworksCount());
        String first = api.network();
        api.subnet(first, "10.0.0.0/24");
        assertEquals(
                first, call(stub -> stub.resolveNetworks(auto)).getNetworks(0).getNetworkId());
        api.subnet(api.network(), "10.0.0.0/24");
        assertEquals(Status.Code.FAILED_PRECONDITION, refusal(auto));
    }

    @Test
    void whatIsNotThereOrNotOnesOwnIsNotFound() {
        String foreign = Api.member(Api.project()).network();
        for (String id : List.of(foreign, UUID.randomUUID().toString())) {
            assertEquals(
                    Status.Code.NOT_FOUND,
                    refusal(ResolveNetworksRequest.newBuilder()
                            .setCaller(caller())
                            .setCount(1)
                            .addRequested(RequestedNetwork.newBuilder().setNetworkId(id))
                            .build()));
        }
    }

    @Test
    void groupsAreFoundByNameAndGivenToAServersPorts() {
        String network = api.network();
        call(stub -> stub.ensurePort(ensure(network).build()));
        String group = api.make("security-groups", "security_group", Map.of("name", "web"));
        assertEquals(
                List.of(group),
                call(stub -> stub.resolveSecurityGroups(ResolveSecurityGroupsRequest.newBuilder()
                                .setCaller(caller())
                                .addNamesOrIds("web")
                                .setApplyToServer(server)
                                .build()))
                        .getIdsList());
        api.get("/ports/" + portId).body("port.security_groups", equalTo(List.of(group)));
    }

    private Status.Code refusal(ResolveNetworksRequest request) {
        return assertThrows(StatusRuntimeException.class, () -> call(stub -> stub.resolveNetworks(request)))
                .getStatus()
                .getCode();
    }

    private EnsurePortRequest.Builder ensure(String network) {
        return EnsurePortRequest.newBuilder()
                .setCaller(caller())
                .setPortId(portId)
                .setNetworkId(network)
                .setDeviceId(server)
                .setDeviceOwner("compute:nova");
    }

    private BindPortRequest bind(String host) {
        return BindPortRequest.newBuilder().setPortId(portId).setHost(host).build();
    }

    private Caller caller() {
        return Caller.newBuilder()
                .setUserId("user")
                .setProjectId(project)
                .addRoles("member")
                .addRoles("reader")
                .build();
    }

    private static <T> T call(Function<PortsGrpc.PortsBlockingStub, T> work) {
        ManagedChannel channel = Peer.channelAs("compute");
        try {
            return work.apply(PortsGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS));
        } finally {
            channel.shutdownNow();
        }
    }
}
