package io.nephos.network.port;

import io.grpc.stub.StreamObserver;
import io.nephos.contracts.network.v1.BindPortRequest;
import io.nephos.contracts.network.v1.EnsurePortRequest;
import io.nephos.contracts.network.v1.ListPortsRequest;
import io.nephos.contracts.network.v1.ListPortsResponse;
import io.nephos.contracts.network.v1.Port;
import io.nephos.contracts.network.v1.PortsGrpc;
import io.nephos.contracts.network.v1.ReleasePortRequest;
import io.nephos.contracts.network.v1.ReleasePortResponse;
import io.nephos.contracts.network.v1.ResolveNetworksRequest;
import io.nephos.contracts.network.v1.ResolveNetworksResponse;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsRequest;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsResponse;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.fault.RpcFault;
import io.nephos.kit.http.Fields;
import io.nephos.kit.token.Caller;
import io.nephos.network.api.Attributes;
import io.nephos.network.ipam.IpAddress;
import io.nephos.network.network.NetworkRow;
import io.nephos.network.network.Networks;
import io.nephos.network.securitygroup.SecurityGroupRow;
import io.nephos.network.securitygroup.SecurityGroups;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What compute asks of ports; see ports.proto. No client proxy: the methods that gRPC generates are final. */
@Singleton
public class PortsService extends PortsGrpc.PortsImplBase {
    private final Database database;
    private final Ports ports;
    private final PortRequests requests;
    private final PortMessages messages;
    private final ServerNetworks serverNetworks;
    private final Networks networks;
    private final SecurityGroups groups;

    @Inject
    public PortsService(
            Database database,
            Ports ports,
            PortRequests requests,
            PortMessages messages,
            ServerNetworks serverNetworks,
            Networks networks,
            SecurityGroups groups) {
        this.database = database;
        this.ports = ports;
        this.requests = requests;
        this.messages = messages;
        this.serverNetworks = serverNetworks;
        this.networks = networks;
        this.groups = groups;
    }

    @Override
    public void resolveNetworks(ResolveNetworksRequest request, StreamObserver<ResolveNetworksResponse> answer) {
        answer(
                answer,
                () -> database.write(tx -> ResolveNetworksResponse.newBuilder()
                        .addAllNetworks(serverNetworks.resolve(
                                tx,
                                Caller.of(request.getCaller()),
                                request.getRequestedList(),
                                request.getAuto(),
                                request.getCount()))
                        .build()));
    }

    @Override
    public void ensurePort(EnsurePortRequest request, StreamObserver<Port> answer) {
        answer(
                answer,
                () -> Attributes.write(database, tx -> {
                    Caller caller = Caller.of(request.getCaller());
                    PortRow row = request.getExisting()
                            ? take(tx, caller, request)
                            : tx.find(PortRow.class, request.getPortId()).orElseGet(() -> make(tx, caller, request));
                    if (!request.getHost().isEmpty()) {
                        ports.bind(tx, row, request.getHost());
                    }
                    return messages.of(tx, List.of(row)).getFirst();
                }));
    }

    private PortRow take(Transaction tx, Caller caller, EnsurePortRequest request) {
        requests.visible(tx, caller, request.getPortId());
        PortRow row = held(tx, request.getPortId());
        if (row.deviceId.equals(request.getDeviceId())) {
            return row;
        }
        if (!row.deviceId.isEmpty()) {
            throw Fault.conflict("PortInUse", "Port " + row.id + " is still in use.");
        }
        row.deviceId = request.getDeviceId();
        row.deviceOwner = request.getDeviceOwner();
        row.dnsName = request.getDnsName();
        ports.save(tx, row);
        return row;
    }

    private PortRow make(Transaction tx, Caller caller, EnsurePortRequest request) {
        if (!Fields.isUuid(request.getPortId())) {
            throw Fault.badRequest("The port's id must be a UUID.");
        }
        NetworkRow network = networks.visible(tx, caller, request.getNetworkId());
        PortDraft draft = new PortDraft(caller.project(), network.id)
                .id(request.getPortId())
                .device(request.getDeviceOwner(), request.getDeviceId())
                .dnsName(request.getDnsName())
                .madeByCompute();
        draft.row.portSecurityEnabled = network.portSecurityEnabled;
        if (!request.getFixedIp().isEmpty()) {
            IpAddress address = Attributes.address("fixed_ip", request.getFixedIp());
            draft.addresses(List.of(AddressWish.address(address)));
        }
        if (!network.portSecurityEnabled) {
            draft.groups(List.of());
        } else if (request.getSecurityGroupIdsCount() > 0) {
            request.getSecurityGroupIdsList().forEach(id -> groups.visible(tx, caller, id));
            draft.groups(request.getSecurityGroupIdsList());
        }
        return ports.create(tx, draft);
    }

    @Override
    public void bindPort(BindPortRequest request, StreamObserver<Port> answer) {
        answer(
                answer,
                () -> database.write(tx -> {
                    PortRow row = held(tx, request.getPortId());
                    ports.bind(tx, row, request.getHost());
                    return messages.of(tx, List.of(row)).getFirst();
                }));
    }

    @Override
    public void releasePort(ReleasePortRequest request, StreamObserver<ReleasePortResponse> answer) {
        answer(
                answer,
                () -> database.write(tx -> ReleasePortResponse.newBuilder()
                        .setChanged(tx.lock(PortRow.class, request.getPortId())
                                .filter(row -> ports.release(tx, row))
                                .isPresent())
                        .build()));
    }

    @Override
    public void listPorts(ListPortsRequest request, StreamObserver<ListPortsResponse> answer) {
        answer(
                answer,
                () -> database.read(tx -> {
                    List<PortRow> rows = new ArrayList<>();
                    if (request.getDeviceIdsCount() > 0) {
                        rows.addAll(tx.list(
                                PortRow.class,
                                "from PortRow r where r.deviceId in (:devices) order by r.createdAt, r.id",
                                Map.of(
                                        "devices",
                                        request.getDeviceIdsList().stream().toList())));
                    }
                    if (request.getPortIdsCount() > 0) {
                        rows.addAll(tx.list(
                                PortRow.class,
                                "from PortRow r where r.id in (:ports) order by r.createdAt, r.id",
                                Map.of(
                                        "ports",
                                        request.getPortIdsList().stream().toList())));
                    }
                    return ListPortsResponse.newBuilder()
                            .addAllPorts(messages.of(tx, rows))
                            .build();
                }));
    }

    @Override
    public void resolveSecurityGroups(
            ResolveSecurityGroupsRequest request, StreamObserver<ResolveSecurityGroupsResponse> answer) {
        answer(
                answer,
                () -> Attributes.write(database, tx -> {
                    Caller caller = Caller.of(request.getCaller());
                    List<SecurityGroupRow> found = request.getNamesOrIdsCount() == 0
                            ? List.of(groups.ensureDefault(tx, caller.project()))
                            : request.getNamesOrIdsList().stream()
                                    .map(text -> groups.named(tx, caller, text))
                                    .distinct()
                                    .toList();
                    if (!request.getApplyToServer().isEmpty()) {
                        apply(
                                tx,
                                request.getApplyToServer(),
                                found.stream().map(row -> row.id).toList());
                    }
                    ResolveSecurityGroupsResponse.Builder response = ResolveSecurityGroupsResponse.newBuilder();
                    found.forEach(row -> response.addIds(row.id).addNames(row.name));
                    return response.build();
                }));
    }

    private void apply(Transaction tx, String serverId, List<String> groupIds) {
        tx.list(PortRow.class, "from PortRow r where r.deviceId = :server", Map.of("server", serverId)).stream()
                .filter(row -> row.portSecurityEnabled)
                .forEach(row -> ports.setGroups(tx, row, groupIds));
    }

    private static PortRow held(Transaction tx, String id) {
        return tx.lock(PortRow.class, id).orElseThrow(() -> Ports.notFound(id));
    }

    private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
        try {
            observer.onNext(work.get());
            observer.onCompleted();
        } catch (FaultException e) {
            observer.onError(RpcFault.toStatus(e));
        }
    }
}
