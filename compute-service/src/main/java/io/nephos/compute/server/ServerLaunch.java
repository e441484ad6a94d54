package io.nephos.compute.server;

import io.nephos.compute.action.Timeline;
import io.nephos.compute.api.Json;
import io.nephos.compute.api.Times;
import io.nephos.compute.flavor.FlavorRow;
import io.nephos.compute.flavor.FlavorStore;
import io.nephos.compute.group.ServerGroupRow;
import io.nephos.compute.keypair.KeypairRow;
import io.nephos.compute.peer.Images;
import io.nephos.compute.peer.Network;
import io.nephos.compute.peer.Volumes;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.quota.Quotas;
import io.nephos.compute.volume.VolumeRow;
import io.nephos.contracts.image.v1.Image;
import io.nephos.contracts.network.v1.RequestedNetwork;
import io.nephos.contracts.network.v1.ResolveSecurityGroupsResponse;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Checks a request against the other services, takes quota and writes the rows; the reconciler does the rest. */
@ApplicationScoped
public class ServerLaunch {
    private static final long GIB = 1L << 30;
    private final Database db;
    private final ServerStore store;
    private final FlavorStore flavors;
    private final Quotas quotas;
    private final Timeline timeline;
    private final Policy policy;
    private final Images images;
    private final Network network;
    private final Volumes volumes;
    private final Destinations destinations;

    @Inject
    public ServerLaunch(
            Database db,
            ServerStore store,
            FlavorStore flavors,
            Quotas quotas,
            Timeline timeline,
            Policy policy,
            Images images,
            Network network,
            Volumes volumes,
            Destinations destinations) {
        this.db = db;
        this.store = store;
        this.flavors = flavors;
        this.quotas = quotas;
        this.timeline = timeline;
        this.policy = policy;
        this.images = images;
        this.network = network;
        this.volumes = volumes;
        this.destinations = destinations;
    }

    /** What the other services said; the same for all servers of a request. */
    private record Checked(
            FlavorRow flavor,
            Optional<Image> image,
            List<RequestedNetwork> networks,
            List<String> groupIds,
            List<String> groupNames,
            Destination destination) {}

    /** The rows that were written, the first first. */
    List<ServerRow> launch(ServerRequest request, Caller caller) {
        Checked checked = check(request, caller);
        String reservation = "r-" + UUID.randomUUID().toString().substring(0, 8);
        return db.write(tx -> {
            KeypairRow key = keypair(tx, request, caller);
            checkGroup(tx, request, caller);
            FlavorRow flavor = checked.flavor();
            int count = quotas.takeServers(
                    tx,
                    caller.project(),
                    request.min(),
                    request.max(),
                    flavor.vcpus,
                    flavor.memoryMib,
                    request.metadata().size());
            List<ServerRow> rows = new ArrayList<>();
            for (int index = 0; index < count; index++) {
                ServerRow row = row(request, caller, checked, key, reservation, index, count);
                row.actionId = timeline.start(tx, row.id, row.projectId, caller, "create");
                store.insert(tx, new Server(row, ports(request, checked, row), volumeRows(request, row)));
                rows.add(row);
            }
            return rows;
        });
    }

    private Checked check(ServerRequest request, Caller caller) {
        boolean admin = policy.allows("context_is_admin", caller, Map.of());
        FlavorRow flavor;
        try {
            flavor = flavors.get(request.flavorId(), caller.project(), admin);
        } catch (FaultException e) {
            throw Fault.badRequest(e.fault().message());
        }
        Destination destination = destinations.of(request, caller);
        Optional<Image> image =
                request.imageId().isEmpty() ? Optional.empty() : Optional.of(image(request, caller, flavor));
        for (ServerRequest.Volume volume : request.volumes()) {
            volume(volume, caller);
        }
        if (request.max() > 1 && !request.volumes().isEmpty()) {
            throw Fault.badRequest("Cannot attach one or more volumes to multiple instances");
        }
        if (request.max() > 1
                && request.networks().listed().stream()
                        .anyMatch(listed -> !listed.portId().isEmpty())) {
            throw Fault.badRequest("Unable to launch multiple instances with a single configured port ID. Please"
                    + " launch your instance one by one with different ports.");
        }
        List<RequestedNetwork> networks = networks(request, caller);
        ResolveSecurityGroupsResponse groups = request.securityGroups().isEmpty()
                ? ResolveSecurityGroupsResponse.getDefaultInstance()
                : groups(request, caller);
        List<String> names = groups.getNamesCount() == 0 ? List.of("default") : groups.getNamesList();
        return new Checked(flavor, image, networks, groups.getIdsList(), List.copyOf(names), destination);
    }

    private Image image(ServerRequest request, Caller caller, FlavorRow flavor) {
        Image image;
        try {
            image = images.get(caller, request.imageId());
        } catch (io.grpc.StatusRuntimeException e) {
            if (e.getStatus().getCode() == io.grpc.Status.Code.NOT_FOUND) {
                throw Fault.badRequest("Can not find requested image");
            }
            throw e;
        }
        if (!image.getStatus().equals("active")) {
            throw Fault.badRequest("Image " + image.getId() + " is not active.");
        }
        if (image.getMinRamMib() > flavor.memoryMib) {
            throw Fault.badRequest("Flavor's memory is too small for requested image.");
        }
        if (flavor.rootGib > 0
                && (image.getMinDiskGib() > flavor.rootGib
                        || image.getVirtualSizeBytes() > flavor.rootGib * GIB
                        || image.getSizeBytes() > flavor.rootGib * GIB)) {
            throw Fault.badRequest("Flavor's disk is too small for requested image. Flavor disk is " + flavor.rootGib
                    + " GiB, the image needs "
                    + Math.max(
                            image.getMinDiskGib(),
                            Math.ceilDiv(Math.max(image.getVirtualSizeBytes(), image.getSizeBytes()), GIB))
                    + " GiB.");
        }
        return image;
    }

    private void volume(ServerRequest.Volume wanted, Caller caller) {
        io.nephos.contracts.block.v1.Volume volume;
        try {
            volume = volumes.get(caller, wanted.volumeId());
        } catch (io.grpc.StatusRuntimeException e) {
            if (e.getStatus().getCode() == io.grpc.Status.Code.NOT_FOUND) {
                throw Fault.badRequest(
                        "Block Device Mapping is Invalid: failed to get volume " + wanted.volumeId() + ".");
            }
            throw e;
        }
        if (!volume.getStatus().equals("available") && !volume.getMultiattach()) {
            throw Fault.badRequest("Invalid volume: Volume " + volume.getId() + " status must be available, it is "
                    + volume.getStatus() + ".");
        }
        if (wanted.bootIndex() == 0 && !volume.getBootable()) {
            throw Fault.badRequest("Block Device " + volume.getId() + " is not bootable.");
        }
    }

    private List<RequestedNetwork> networks(ServerRequest request, Caller caller) {
        if (request.networks().none()) {
            return List.of();
        }
        List<RequestedNetwork> wanted = request.networks().listed().stream()
                .map(listed -> RequestedNetwork.newBuilder()
                        .setNetworkId(listed.networkId())
                        .setPortId(listed.portId())
                        .setFixedIp(listed.fixedIp())
                        .setTag(listed.tag())
                        .build())
                .toList();
        try {
            return network.resolve(caller, wanted, request.networks().auto(), request.max());
        } catch (io.grpc.StatusRuntimeException e) {
            throw named(e);
        }
    }

    private ResolveSecurityGroupsResponse groups(ServerRequest request, Caller caller) {
        try {
            return network.resolveGroups(caller, request.securityGroups(), "");
        } catch (io.grpc.StatusRuntimeException e) {
            throw named(e);
        }
    }

    /** Something that the body names and that is not there is a bad request, not a missing page. */
    private static RuntimeException named(io.grpc.StatusRuntimeException e) {
        return e.getStatus().getCode() == io.grpc.Status.Code.NOT_FOUND
                ? Fault.badRequest(String.valueOf(e.getStatus().getDescription()))
                : e;
    }

    private static KeypairRow keypair(Transaction tx, ServerRequest request, Caller caller) {
        KeypairRow none = new KeypairRow();
        none.publicKey = "";
        if (request.keyName().isEmpty()) {
            return none;
        }
        return tx.first(
                        KeypairRow.class,
                        "from KeypairRow where userId = :u and name = :n",
                        Map.of("u", caller.userId(), "n", request.keyName()))
                .orElseThrow(() -> Fault.badRequest("Invalid key_name provided."));
    }

    private void checkGroup(Transaction tx, ServerRequest request, Caller caller) {
        if (request.hints().groupId().isEmpty()) {
            return;
        }
        boolean there = tx.find(ServerGroupRow.class, request.hints().groupId())
                .filter(group -> group.projectId.equals(caller.project()))
                .isPresent();
        if (!there) {
            throw Fault.badRequest("Instance group " + request.hints().groupId() + " could not be found.");
        }
        quotas.takeGroupMembers(tx, caller.project(), request.hints().groupId(), request.max());
    }

    private static ServerRow row(
            ServerRequest request,
            Caller caller,
            Checked checked,
            KeypairRow key,
            String reservation,
            int index,
            int count) {
        OffsetDateTime now = Times.now();
        ServerRow row = new ServerRow();
        row.id = UUID.randomUUID().toString();
        row.projectId = caller.project();
        row.userId = caller.userId();
        row.name = count > 1 ? request.name() + "-" + (index + 1) : request.name();
        row.description = request.description();
        row.hostname = hostname(row.name, row.id);
        row.deadlineAt = now.plus(Server.BUILD_TIME);
        FlavorRow flavor = checked.flavor();
        row.flavorId = flavor.id;
        row.flavorName = flavor.name;
        row.vcpus = flavor.vcpus;
        row.memoryMib = flavor.memoryMib;
        row.rootGib = flavor.rootGib;
        row.ephemeralGib = flavor.ephemeralGib;
        row.swapMib = flavor.swapMib;
        row.extraSpecs = flavor.extraSpecs;
        checked.image().ifPresent(image -> {
            row.imageId = image.getId();
            row.imageSha512 = image.getSha512();
            row.imageSize = image.getSizeBytes();
            row.imageFormat = image.getDiskFormat();
            row.imageProperties = Json.text(image.getPropertiesMap());
        });
        row.keyName = request.keyName().isEmpty() ? null : request.keyName();
        row.publicKey = key.publicKey;
        row.userData = request.userData().isEmpty() ? null : request.userData();
        row.metadata = Json.text(request.metadata());
        row.tags = Json.text(request.tags());
        row.configDrive = request.configDrive();
        row.wantedZone = checked.destination().zone();
        row.forcedHost = checked.destination().host();
        row.forcedNode = checked.destination().node();
        row.groupId = request.hints().groupId();
        row.schedulerHints = request.hints().text();
        row.batchMin = count > 1 ? Math.min(request.min(), count) : 0;
        row.securityGroups = Json.text(checked.groupNames());
        row.securityGroupIds = Json.text(checked.groupIds());
        row.diskConfig = request.diskConfig();
        row.accessIpV4 = request.accessIpV4();
        row.accessIpV6 = request.accessIpV6();
        row.reservationId = reservation;
        row.launchIndex = index;
        row.createdBy = ServerStore.callerText(caller.toProto());
        row.createdAt = now;
        row.updatedAt = now;
        return row;
    }

    private static List<PortRow> ports(ServerRequest request, Checked checked, ServerRow row) {
        List<PortRow> ports = new ArrayList<>();
        for (RequestedNetwork wanted : checked.networks()) {
            PortRow port = new PortRow();
            port.existing = !wanted.getPortId().isEmpty();
            port.id = port.existing ? wanted.getPortId() : UUID.randomUUID().toString();
            port.serverId = row.id;
            port.position = ports.size();
            port.networkId = wanted.getNetworkId();
            port.fixedIp = wanted.getFixedIp();
            port.tag = wanted.getTag().isEmpty() ? null : wanted.getTag();
            ports.add(port);
        }
        return ports;
    }

    private static List<VolumeRow> volumeRows(ServerRequest request, ServerRow row) {
        List<VolumeRow> rows = new ArrayList<>();
        boolean image = !request.imageId().isEmpty();
        for (ServerRequest.Volume wanted : request.volumes()) {
            VolumeRow volume = new VolumeRow();
            volume.id = UUID.randomUUID().toString();
            volume.serverId = row.id;
            volume.volumeId = wanted.volumeId();
            volume.bootIndex = wanted.bootIndex();
            volume.deleteOnTermination = wanted.deleteOnTermination();
            volume.tag = wanted.tag().isEmpty() ? null : wanted.tag();
            volume.createdAt = row.createdAt;
            rows.add(volume);
        }
        rows.sort((one, other) -> Boolean.compare(other.bootIndex == 0, one.bootIndex == 0));
        for (int at = 0; at < rows.size(); at++) {
            rows.get(at).device = "/dev/vd" + (char) ('a' + at + (image ? 1 : 0));
        }
        return rows;
    }

    /** The name as a host name: letters, digits and hyphens, at most 63 of them. */
    static String hostname(String name, String id) {
        String plain = name.toLowerCase(Locale.ROOT)
                .replaceAll("[ _.]", "-")
                .replaceAll("[^a-z0-9-]", "")
                .replaceAll("^-+", "");
        String cut = plain.substring(0, Math.min(63, plain.length())).replaceAll("-+$", "");
        return cut.isEmpty() ? "server-" + id : cut;
    }
}
