package io.nephos.block.volume;

import io.nephos.block.BlockApi;
import io.nephos.block.Json;
import io.nephos.block.backend.Backend;
import io.nephos.block.backend.Backends;
import io.nephos.block.image.Images;
import io.nephos.block.type.VolumeTypeRow;
import io.nephos.block.type.VolumeTypeStore;
import io.nephos.block.volume.Volume.Status;
import io.nephos.contracts.common.v1.RbdLocation;
import io.nephos.contracts.image.v1.Image;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.policy.Policy;
import io.nephos.kit.token.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** From a request to a row in state "creating": what it is made from is there, may be used and fits. */
@ApplicationScoped
public class VolumeCreation {
    private static final long GIB = 1L << 30;

    private final VolumeStore volumes;
    private final VolumeTypeStore types;
    private final Backends backends;
    private final Images images;
    private final Policy policy;
    private final String zone;

    @Inject
    public VolumeCreation(
            VolumeStore volumes,
            VolumeTypeStore types,
            Backends backends,
            Images images,
            Policy policy,
            @ConfigProperty(name = "nephos.block.availability-zone", defaultValue = "nova") String zone) {
        this.volumes = volumes;
        this.types = types;
        this.backends = backends;
        this.images = images;
        this.policy = policy;
        this.zone = zone;
    }

    VolumeRow create(Caller caller, VolumeRequests.Create asked) {
        policy.require("volume:create", caller, caller.project());
        if (caller.projectId().isEmpty()) {
            throw Fault.forbidden("A volume belongs to a project; the token has none.");
        }
        asked.zone().filter(name -> !name.equals(zone)).ifPresent(name -> {
            throw Fault.badRequest("Availability zone '" + name + "' is invalid.");
        });
        VolumeRow volume = new VolumeRow();
        volume.id = UUID.randomUUID().toString();
        volume.projectId = caller.project();
        volume.userId = caller.userId();
        volume.name = asked.name().orElse(null);
        volume.description = asked.description().orElse(null);
        volume.availabilityZone = zone;
        volume.metadata(asked.metadata());
        volume.status = Status.CREATING.wire();
        volume.createdAt = BlockApi.now();
        volume.taskSince = volume.createdAt;
        Optional<String> type = asked.type();
        if (asked.source().isPresent()) {
            VolumeRow source = source(caller, asked.source().get());
            volume.sizeGib = asked.sizeGib().orElse(source.sizeGib);
            copy(source, volume);
            volume.backend = source.backend;
            type = type.or(() -> Optional.of(source.typeId));
        } else {
            volume.sizeGib = asked.sizeGib().orElseThrow();
        }
        if (asked.image().isPresent()) {
            policy.require("volume:create_from_image", caller, caller.project());
            image(images.find(caller, asked.image().get()), volume);
        }
        VolumeTypeRow chosen = types.chosen(caller, type);
        volume.typeId = chosen.id;
        volume.backend = backend(chosen, volume);
        volume.wantedGib = volume.sizeGib;
        volumes.create(volume);
        return volume;
    }

    /** The one that the type asks for; what is made from another volume stays where that one is. */
    private String backend(VolumeTypeRow type, VolumeRow volume) {
        Map<String, String> specs = type.extraSpecs();
        if (volume.sourceVolumeId != null) {
            if (!backends.fits(specs, volume.backend)) {
                throw Fault.badRequest("Invalid input received: volumes of type " + type.name
                        + " lie elsewhere than the source volume " + volume.sourceVolumeId + ".");
            }
            return volume.backend;
        }
        return backends.chosen(specs)
                .map(Backend::name)
                .orElseThrow(() -> Fault.badRequest("No valid backend was found for volume type " + type.name
                        + ": there is none of that volume_backend_name."));
    }

    private VolumeRow source(Caller caller, String id) {
        VolumeRow source = volumes.permitted("volume:get", caller, id);
        if (source.status() != Status.AVAILABLE) {
            throw Fault.badRequest(
                    "Invalid volume: source volume " + id + " must be available, but is " + source.status + ".");
        }
        return source;
    }

    private static void copy(VolumeRow source, VolumeRow volume) {
        if (volume.sizeGib < source.sizeGib) {
            throw Fault.badRequest("Invalid input received: Volume size '" + volume.sizeGib
                    + "'GB cannot be smaller than original volume size  " + source.sizeGib + "GB.");
        }
        volume.sourceVolumeId = source.id;
        volume.bootable = source.bootable;
        volume.imageMetadata = source.imageMetadata;
    }

    private static void image(Image image, VolumeRow volume) {
        long needed = Math.max(
                image.getMinDiskGib(), (Math.max(image.getVirtualSizeBytes(), image.getSizeBytes()) + GIB - 1) / GIB);
        if (volume.sizeGib < needed) {
            throw Fault.badRequest("Invalid input received: Size of specified image " + needed
                    + "GB is larger than volume size " + volume.sizeGib + "GB.");
        }
        Map<String, String> metadata = new TreeMap<>(image.getPropertiesMap());
        metadata.put("image_id", image.getId());
        metadata.put("image_name", image.getName());
        metadata.put("container_format", image.getContainerFormat());
        metadata.put("disk_format", image.getDiskFormat());
        metadata.put("min_disk", Long.toString(image.getMinDiskGib()));
        metadata.put("min_ram", Long.toString(image.getMinRamMib()));
        metadata.put("size", Long.toString(image.getSizeBytes()));
        volume.imageId = image.getId();
        volume.imageFormat = image.getDiskFormat();
        if (image.hasRbd()) {
            RbdLocation at = image.getRbd();
            volume.imageRbd = String.join("/", at.getFsid(), at.getPool(), at.getImage(), at.getSnapshot());
        }
        volume.imageMetadata = Json.write(metadata);
    }
}
