package io.nephos.block.quota;

import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** API reference "Limits": what the caller's project may have and has. */
@Path("/v3/limits")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class LimitsResource {
    private final QuotaStore quotas;
    private final Policy policy;
    private final RequestContext request;

    @Inject
    public LimitsResource(QuotaStore quotas, Policy policy, RequestContext request) {
        this.quotas = quotas;
        this.policy = policy;
        this.request = request;
    }

    @GET
    public Map<String, Object> show() {
        String project = request.caller().project();
        policy.require("limits_extension:used_limits", request.caller(), project);
        Map<String, Long> limits = quotas.limits(project);
        Map<String, Long> used = quotas.usage(project);
        Map<String, Object> absolute = new LinkedHashMap<>();
        absolute.put("maxTotalVolumes", limits.getOrDefault(Quota.VOLUMES, -1L));
        absolute.put("maxTotalVolumeGigabytes", limits.getOrDefault(Quota.GIGABYTES, -1L));
        absolute.put("maxTotalSnapshots", limits.getOrDefault("snapshots", -1L));
        absolute.put("maxTotalBackups", limits.getOrDefault("backups", -1L));
        absolute.put("maxTotalBackupGigabytes", limits.getOrDefault("backup_gigabytes", -1L));
        absolute.put("totalVolumesUsed", used.getOrDefault(Quota.VOLUMES, 0L));
        absolute.put("totalGigabytesUsed", used.getOrDefault(Quota.GIGABYTES, 0L));
        absolute.put("totalSnapshotsUsed", 0);
        absolute.put("totalBackupsUsed", 0);
        absolute.put("totalBackupGigabytesUsed", 0);
        return Map.of("limits", Map.of("rate", List.of(), "absolute", absolute));
    }
}
