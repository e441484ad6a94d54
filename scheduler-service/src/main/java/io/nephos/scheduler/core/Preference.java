package io.nephos.scheduler.core;

import io.nephos.scheduler.core.ServerGroup.Policy;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Scores of hosts for one request: the table's, and what ServerGroupSoftAffinityWeigher and its opposite add. */
final class Preference {
    private final HostTable table;
    private final Map<String, Long> byName;

    private Preference(HostTable table, Map<String, Long> byName) {
        this.table = table;
        this.byName = byName;
    }

    static Preference of(HostTable table, Request request) {
        return new Preference(table, groups(table.weights(), request));
    }

    /** The hosts whose scores are not what the table says. */
    Set<String> names() {
        return byName.keySet();
    }

    long score(Host host) {
        return table.score(host) + added(host);
    }

    private long added(Host host) {
        return byName.getOrDefault(host.name(), 0L);
    }

    private static Map<String, Long> groups(Weights weights, Request request) {
        Optional<ServerGroup> group = request.serverGroup()
                .filter(of -> !of.members().isEmpty())
                .filter(of -> of.policy() == Policy.SOFT_AFFINITY || of.policy() == Policy.SOFT_ANTI_AFFINITY);
        if (group.isEmpty()) {
            return Map.of();
        }
        double multiplier = group.get().policy() == Policy.SOFT_AFFINITY
                ? weights.of("ServerGroupSoftAffinityWeigher")
                : -weights.of("ServerGroupSoftAntiAffinityWeigher");
        int most = Collections.max(group.get().members().values());
        Map<String, Long> byName = new HashMap<>();
        group.get().members().forEach((host, count) -> byName.put(host, Weigher.steps(multiplier * count / most)));
        return byName;
    }
}
