package io.nephos.scheduler.claim;

import io.nephos.scheduler.core.Filters;
import io.nephos.scheduler.core.Weights;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What the operator chose: {@code nephos.scheduler.filters} (names), {@code nephos.scheduler.placement} (spread or pack) and
 * {@code nephos.scheduler.weight.<weigher>} (multipliers, which go before).
 */
@ApplicationScoped
class SchedulerConfig {
    private static final String WEIGHT = "nephos.scheduler.weight.";
    private static final Map<String, String> OLDER = Map.of(
            "ram", "RAMWeigher",
            "cpu", "CPUWeigher",
            "disk", "DiskWeigher",
            "soft-affinity", "ServerGroupSoftAffinityWeigher",
            "soft-anti-affinity", "ServerGroupSoftAntiAffinityWeigher");

    private final Filters filters;
    private final Weights weights;
    private final Duration staleness;

    @Inject
    SchedulerConfig(
            Config config,
            @ConfigProperty(name = "nephos.scheduler.filters") Optional<List<String>> filters,
            @ConfigProperty(name = "nephos.scheduler.placement", defaultValue = "spread") String placement,
            @ConfigProperty(name = "nephos.scheduler.staleness", defaultValue = "50ms") Duration staleness) {
        this.filters = Filters.named(filters.orElse(Filters.DEFAULT));
        Map<String, Double> multipliers = new HashMap<>();
        switch (placement) {
            case "spread" -> {}
            case "pack" ->
                List.of("RAMWeigher", "CPUWeigher", "DiskWeigher").forEach(name -> multipliers.put(name, -1.0));
            default ->
                throw new IllegalArgumentException(
                        "nephos.scheduler.placement is spread or pack, not " + placement + ".");
        }
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(WEIGHT)) {
                String weigher = name.substring(WEIGHT.length());
                multipliers.put(OLDER.getOrDefault(weigher, weigher), config.getValue(name, Double.class));
            }
        }
        this.weights = new Weights(multipliers);
        this.staleness = staleness;
    }

    Filters filters() {
        return filters;
    }

    Weights weights() {
        return weights;
    }

    /** How old the snapshot may be when a plan is made; a plan on an old one may lose and is made again. */
    Duration staleness() {
        return staleness;
    }
}
