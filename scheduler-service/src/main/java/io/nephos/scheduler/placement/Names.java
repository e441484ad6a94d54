package io.nephos.scheduler.placement;

import java.util.Comparator;
import java.util.List;

/** Names of resource classes and traits. */
public final class Names {
    private static final List<String> OF_EVERY_HOST = List.of("VCPU", "MEMORY_MB", "DISK_GB");

    /** Placement lists them as they came into its database: the standard ones, of these the oldest classes first, then the custom ones. */
    public static final Comparator<String> STANDARD_FIRST =
            Comparator.comparingInt(Names::rank).thenComparing(Comparator.naturalOrder());

    private Names() {}

    private static int rank(String name) {
        int first = OF_EVERY_HOST.indexOf(name);
        if (first >= 0) {
            return first;
        }
        return name.startsWith("CUSTOM_") ? OF_EVERY_HOST.size() + 1 : OF_EVERY_HOST.size();
    }
}
