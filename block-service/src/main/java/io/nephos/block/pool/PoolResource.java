package io.nephos.block.pool;

import io.nephos.block.BlockApi;
import io.nephos.block.backend.Backend;
import io.nephos.block.backend.Backends;
import io.nephos.block.backend.Exporter;
import io.nephos.block.backend.StorageFault;
import io.nephos.kit.http.RequestContext;
import io.nephos.kit.policy.Policy;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** API reference "Back-end storage pools", "Services" and "Availability zones": a pool and a service for each backend. */
@Path("/")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class PoolResource {
    private static final double GIB = 1L << 30;

    private final Backends backends;
    private final Exporter exporter;
    private final Policy policy;
    private final RequestContext request;
    private final Pool pool;
    private final String zone;

    @Inject
    public PoolResource(
            Backends backends,
            Exporter exporter,
            Policy policy,
            RequestContext request,
            @ConfigProperty(name = "nephos.block.pool", defaultValue = "nephos@file#file") String pool,
            @ConfigProperty(name = "nephos.block.availability-zone", defaultValue = "nova") String zone) {
        this.backends = backends;
        this.exporter = exporter;
        this.policy = policy;
        this.request = request;
        this.pool = new Pool(pool);
        this.zone = zone;
    }

    @GET
    @Path("/v3/scheduler-stats/get_pools")
    public Map<String, Object> pools(@QueryParam("detail") @Nullable String detail) {
        require("scheduler_extension:scheduler_stats:get_pools");
        if (!String.valueOf(detail).toLowerCase(Locale.ROOT).matches("true|1|yes|on|t|y")) {
            return Map.of(
                    "pools",
                    backends.all().stream()
                            .map(backend ->
                                    Map.of("name", pool.of(backend.name()).name()))
                            .toList());
        }
        return Map.of("pools", backends.all().stream().map(this::detail).toList());
    }

    private Map<String, Object> detail(Backend backend) {
        Pool its = pool.of(backend.name());
        Map<String, Object> capabilities = new LinkedHashMap<>();
        capabilities.put("volume_backend_name", its.backend());
        try {
            Backend.Capacity capacity = backend.capacity();
            // A cluster without a manager daemon knows no figures, and tells zeros.
            boolean known = capacity.total() > 0;
            capabilities.put("total_capacity_gb", known ? rounded(capacity.total()) : "unknown");
            capabilities.put("free_capacity_gb", known ? rounded(capacity.free()) : "unknown");
        } catch (StorageFault away) {
            capabilities.put("total_capacity_gb", "unknown");
            capabilities.put("free_capacity_gb", "unknown");
        }
        capabilities.put("reserved_percentage", 0);
        capabilities.put("storage_protocol", backend.protocol());
        capabilities.put("vendor_name", "Nephos");
        capabilities.put("driver_version", "1.0");
        capabilities.put("QoS_support", false);
        capabilities.put("timestamp", String.valueOf(BlockApi.time(BlockApi.now())));
        return Map.of("name", its.name(), "capabilities", capabilities);
    }

    /** Up is a service whose daemon can export, or whose cluster answers. */
    @GET
    @Path("/v3/os-services")
    public Map<String, Object> services(
            @QueryParam("host") @Nullable String host, @QueryParam("binary") @Nullable String binary) {
        require("volume_extension:services:index");
        return Map.of(
                "services",
                backends.all().stream()
                        .filter(backend ->
                                host == null || pool.of(backend.name()).isOn(host))
                        .filter(backend -> binary == null || binary.equals("cinder-volume"))
                        .map(this::service)
                        .toList());
    }

    private Map<String, @Nullable Object> service(Backend backend) {
        Map<String, @Nullable Object> service = new LinkedHashMap<>();
        service.put("binary", "cinder-volume");
        service.put("host", pool.of(backend.name()).service());
        service.put("zone", zone);
        service.put("status", "enabled");
        service.put("state", up(backend) ? "up" : "down");
        service.put("updated_at", BlockApi.time(BlockApi.now()));
        service.put("disabled_reason", null);
        if (request.version().atLeast(3, 7)) {
            service.put("cluster", null);
        }
        return service;
    }

    private boolean up(Backend backend) {
        if (backend.protocol().equals("NBD")) {
            return exporter.available();
        }
        try {
            return backend.capacity().total() >= 0;
        } catch (StorageFault e) {
            return false;
        }
    }

    @GET
    @Path("/v3/os-availability-zone")
    public Map<String, Object> zones() {
        require("volume:availability_zone_list");
        return Map.of(
                "availabilityZoneInfo", List.of(Map.of("zoneName", zone, "zoneState", Map.of("available", true))));
    }

    private static double rounded(long bytes) {
        return Math.round(bytes / GIB * 100) / 100.0;
    }

    private void require(String rule) {
        policy.require(rule, request.caller(), request.caller().project());
    }
}
