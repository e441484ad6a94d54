package io.nephos.scheduler.core;

import java.util.List;
import java.util.Map;

/** Where a request goes, or why nowhere. */
public sealed interface Decision {
    /**
     * The host to take; good while its generation has not changed.
     *
     * @param cells where in the host the guest's NUMA nodes lie, node by node; empty when none were asked for
     */
    record Plan(Host host, List<CellShare> cells) implements Decision {
        /** The host once this is carried out. */
        public Host taken(Request request) {
            return host.taking(request.resources(), cells);
        }
    }

    /**
     * Why no host will do.
     *
     * @param summary one sentence for the user, without host names
     * @param considered how many hosts there are
     * @param losses what each filter lost of the hosts that the filters before it left; the resource classes, which come
     *     last, are each counted over the same hosts
     * @param nearest those first that lack nothing but resources, nearest first; then those that fail the fewest filters
     */
    record Explanation(String summary, int considered, List<Loss> losses, List<NearMiss> nearest) implements Decision {}

    /** {@code detail} says what was wanted, for example "needs 999999, the most free on one host is 21504". */
    record Loss(String filter, int lost, String detail) {}

    /**
     * @param lacking by resource class, how much was missing
     * @param failed the filters that the host does not pass
     */
    record NearMiss(String host, Map<String, Long> lacking, List<String> failed) {}
}
