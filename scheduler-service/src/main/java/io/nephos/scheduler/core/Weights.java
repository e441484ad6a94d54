package io.nephos.scheduler.core;

import java.util.HashMap;
import java.util.Map;

/**
 * Multipliers by the weigher's name, as Nova's {@code *_weight_multiplier}: positive prefers more, negative less, 0 leaves
 * the weigher out.
 */
public record Weights(Map<String, Double> multipliers) {
    private static final Map<String, Double> DEFAULTS = Map.of(
            "RAMWeigher", 1.0,
            "CPUWeigher", 1.0,
            "DiskWeigher", 1.0,
            "IoOpsWeigher", -1.0,
            "NumInstancesWeigher", 0.0,
            "BuildFailureWeigher", 1_000_000.0,
            "PCIWeigher", 1.0,
            "ServerGroupSoftAffinityWeigher", 1.0,
            "ServerGroupSoftAntiAffinityWeigher", 1.0);

    /** Nova's defaults: spreads. */
    public static final Weights SPREAD = new Weights(Map.of());

    /** Fills the fullest first. */
    public static final Weights PACK = new Weights(Map.of("RAMWeigher", -1.0, "CPUWeigher", -1.0, "DiskWeigher", -1.0));

    public Weights {
        for (String name : multipliers.keySet()) {
            if (!DEFAULTS.containsKey(name)) {
                throw new IllegalArgumentException(
                        "There is no weigher " + name + "; there are " + DEFAULTS.keySet() + ".");
            }
        }
        Map<String, Double> all = new HashMap<>(DEFAULTS);
        all.putAll(multipliers);
        multipliers = Map.copyOf(all);
    }

    /** What an aggregate of the host says goes first; of several, the least, as in Nova. */
    double of(Weigher weigher, Host host) {
        double least = Double.POSITIVE_INFINITY;
        for (Aggregate aggregate : host.aggregates()) {
            for (String value : aggregate.values(weigher.key())) {
                try {
                    least = Math.min(least, Double.parseDouble(value));
                } catch (NumberFormatException notANumber) {
                    // As Nova: what cannot be read counts as not being there.
                }
            }
        }
        return least == Double.POSITIVE_INFINITY ? of(weigher.name()) : least;
    }

    double of(String weigher) {
        return multipliers.getOrDefault(weigher, 0.0);
    }
}
