package io.nephos.block.pool;

import io.nephos.kit.fault.Fault;
import io.nephos.kit.http.RequestContext;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;

/** API reference "API extensions": those of Cinder's that are here. */
@Path("/v3/extensions")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ExtensionResource {
    private static final List<Map<String, Object>> ALL = List.of(
            extension("os-quota-sets", "Quotas", "Limits of projects."),
            extension("os-used-limits", "UsedLimits", "What a project uses of its limits."),
            extension("os-services", "Services", "The services that keep volumes."),
            extension("os-availability-zone", "AvailabilityZones", "Availability zones of volumes."),
            extension("os-types-manage", "TypesManage", "Creation and change of volume types."),
            extension("os-types-extra-specs", "TypesExtraSpecs", "Extra specs of volume types."),
            extension("os-volume-type-access", "VolumeTypeAccess", "Who sees private volume types."),
            extension("os-volume-actions", "VolumeActions", "Actions on volumes."),
            extension("os-admin-actions", "AdminActions", "Actions of administrators on volumes."),
            extension("os-vol-tenant-attr", "VolumeTenantAttribute", "The project of a volume."),
            extension("os-vol-host-attr", "VolumeHostAttribute", "The backend of a volume."),
            extension("os-vol-image-meta", "VolumeImageMetadata", "The image of a volume."),
            extension("scheduler-stats", "Scheduler_stats", "The pools of the backends."));

    private final RequestContext request;

    @Inject
    public ExtensionResource(RequestContext request) {
        this.request = request;
    }

    @GET
    public Map<String, Object> list() {
        request.caller();
        return Map.of("extensions", ALL);
    }

    @GET
    @Path("/{alias}")
    public Map<String, Object> show(@PathParam("alias") String alias) {
        return Map.of(
                "extension",
                ALL.stream()
                        .filter(extension -> alias.equals(extension.get("alias")))
                        .findFirst()
                        .orElseThrow(() -> Fault.notFound("There is no extension " + alias + ".")));
    }

    private static Map<String, Object> extension(String alias, String name, String description) {
        return Map.of(
                "alias", alias,
                "name", name,
                "description", description,
                "updated", "2026-11-20T00:00:00+00:00",
                "links", List.of());
    }
}
