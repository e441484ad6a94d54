package io.nephos.block.quota;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The limits of a project and what they are without an administrator's word. -1 means no limit. Pure. */
public final class Quota {
    public static final String VOLUMES = "volumes";
    public static final String GIGABYTES = "gigabytes";
    public static final String PER_VOLUME = "per_volume_gigabytes";

    private static final Map<String, Long> DEFAULTS = defaults();

    private Quota() {}

    private static Map<String, Long> defaults() {
        Map<String, Long> defaults = new LinkedHashMap<>();
        defaults.put(PER_VOLUME, -1L);
        defaults.put(VOLUMES, 10L);
        defaults.put("snapshots", 10L);
        defaults.put(GIGABYTES, 1000L);
        defaults.put("backups", 10L);
        defaults.put("backup_gigabytes", 1000L);
        defaults.put("groups", 10L);
        return defaults;
    }

    /** By resource; of each volume type also volumes, gigabytes and snapshots, without a limit. */
    static Map<String, Long> defaults(Iterable<String> types) {
        Map<String, Long> all = new LinkedHashMap<>(DEFAULTS);
        for (String type : types) {
            all.put(VOLUMES + "_" + type, -1L);
            all.put(GIGABYTES + "_" + type, -1L);
            all.put("snapshots_" + type, -1L);
        }
        return all;
    }

    /** Why {@code more} does not fit beside what is used; empty when it fits. */
    static Optional<String> excess(String resource, long limit, long used, long more) {
        if (limit < 0 || used + more <= limit) {
            return Optional.empty();
        }
        if (resource.startsWith(GIGABYTES)) {
            return Optional.of("Requested volume or snapshot exceeds allowed " + resource + " quota. Requested " + more
                    + "G, quota is " + limit + "G and " + used + "G has been consumed.");
        }
        return Optional.of("Maximum number of volumes allowed (" + limit + ") exceeded for quota '" + resource + "'.");
    }
}
