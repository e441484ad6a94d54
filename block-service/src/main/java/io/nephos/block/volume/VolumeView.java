package io.nephos.block.volume;

import io.nephos.block.BlockApi;
import io.nephos.block.Json;
import io.nephos.block.ProjectPath;
import io.nephos.block.pool.Pool;
import io.nephos.block.volume.Volume.Held;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** A volume on the wire (API reference "Volumes"): detailed, and the summary of a plain list. */
@RequestScoped
public class VolumeView {
    private final ProjectPath path;
    private final RequestContext request;
    private final Policy policy;
    private final Pool pool;

    @Inject
    public VolumeView(
            ProjectPath path,
            RequestContext request,
            Policy policy,
            @ConfigProperty(name = "nephos.block.pool", defaultValue = "nephos@file#file") String pool) {
        this.path = path;
        this.request = request;
        this.policy = policy;
        this.pool = new Pool(pool);
    }

    public Map<String, @Nullable Object> summary(VolumeRow volume) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", volume.id);
        view.put("name", volume.name);
        view.put("links", links(volume));
        return view;
    }

    /** As it is shown and listed in detail. */
    public Map<String, @Nullable Object> detail(VolumeRow volume, String type, List<HeldBy> holders) {
        Map<String, @Nullable Object> view = brief(volume, type, holders);
        Map<String, String> target = Map.of("project_id", volume.projectId);
        if (volume.imageMetadata != null) {
            view.put("volume_image_metadata", Json.read(volume.imageMetadata));
        }
        if (allowed("volume_extension:volume_tenant_attribute", target)) {
            view.put("os-vol-tenant-attr:tenant_id", volume.projectId);
        }
        if (allowed("volume_extension:volume_host_attribute", target)) {
            view.put("os-vol-host-attr:host", pool.of(volume.backend).name());
        }
        if (allowed("volume_extension:volume_mig_status_attribute", target)) {
            view.put("os-vol-mig-status-attr:migstat", null);
            view.put("os-vol-mig-status-attr:name_id", null);
        }
        return view;
    }

    /** As its creation and its update are answered. */
    public Map<String, @Nullable Object> brief(VolumeRow volume, String type, List<HeldBy> holders) {
        boolean admin = allowed("volume_extension:volume_host_attribute", Map.of("project_id", volume.projectId));
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", volume.id);
        view.put("status", volume.status);
        view.put("size", volume.sizeGib);
        view.put("availability_zone", volume.availabilityZone);
        view.put("created_at", BlockApi.time(volume.createdAt));
        view.put("updated_at", BlockApi.time(volume.updatedAt));
        view.put("name", volume.name);
        view.put("description", volume.description);
        view.put("volume_type", type);
        view.put("snapshot_id", null);
        view.put("source_volid", volume.sourceVolumeId);
        view.put("metadata", metadata(volume));
        view.put("links", links(volume));
        view.put("user_id", volume.userId);
        view.put("bootable", String.valueOf(volume.bootable));
        view.put("encrypted", false);
        view.put("replication_status", null);
        view.put("consistencygroup_id", null);
        view.put("multiattach", false);
        view.put("migration_status", null);
        view.put(
                "attachments",
                holders.stream()
                        .filter(holder -> holder.state() == Held.ATTACHED || holder.state() == Held.DETACHING)
                        .map(holder -> attachment(holder, admin))
                        .toList());
        return view;
    }

    private static Map<String, @Nullable Object> attachment(HeldBy holder, boolean admin) {
        String device = holder.device();
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", holder.volumeId());
        view.put("attachment_id", holder.attachmentId());
        view.put("volume_id", holder.volumeId());
        view.put("server_id", holder.serverId().isEmpty() ? null : holder.serverId());
        view.put("host_name", admin && !holder.host().isEmpty() ? holder.host() : null);
        view.put("device", device.isEmpty() ? null : device.startsWith("/") ? device : "/dev/" + device);
        view.put("attached_at", BlockApi.time(holder.attachedAt()));
        return view;
    }

    /** The client's own, and the flag that os-update_readonly_flag set, which Cinder shows among it. */
    private static Map<String, String> metadata(VolumeRow volume) {
        Map<String, String> metadata = volume.metadata();
        Boolean readOnly = volume.readOnly;
        if (readOnly != null) {
            String word = readOnly.toString();
            metadata.put("readonly", word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return metadata;
    }

    private List<Map<String, String>> links(VolumeRow volume) {
        String tail = "/volumes/" + volume.id;
        return List.of(
                Map.of("rel", "self", "href", path.base() + "/v3/" + volume.projectId + tail),
                Map.of("rel", "bookmark", "href", path.base() + "/" + volume.projectId + tail));
    }

    private boolean allowed(String rule, Map<String, String> target) {
        return policy.allows(rule, request.caller(), target);
    }
}
