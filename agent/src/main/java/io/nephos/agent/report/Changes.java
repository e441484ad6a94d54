package io.nephos.agent.report;

import io.nephos.contracts.agent.v1.InstanceState;
import io.nephos.contracts.agent.v1.PowerState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What compute has been told, and what is to be told next. Pure. */
final class Changes {
    private Map<String, InstanceState> told = Map.of();

    /** @param full nothing that is left out exists */
    record Report(boolean full, List<InstanceState> instances, Map<String, InstanceState> toldThen) {
        boolean empty() {
            return !full && instances.isEmpty();
        }
    }

    /**
     * The next report.
     *
     * @param busy instances that a call is at work on: of those, what was told last still holds
     * @param full whether all is to be told again; it is when an instance vanished, too
     */
    Report next(Map<String, InstanceState> observed, Predicate<String> busy, boolean full) {
        Map<String, InstanceState> current = new TreeMap<>();
        observed.forEach(
                (id, state) -> current.put(id, busy.test(id) ? told.getOrDefault(id, building(state)) : state));
        told.forEach((id, state) -> {
            if (busy.test(id)) {
                current.putIfAbsent(id, state);
            }
        });
        boolean vanished = !current.keySet().containsAll(told.keySet());
        Map<String, InstanceState> changed = new LinkedHashMap<>(current);
        if (!full && !vanished) {
            changed.entrySet().removeIf(entry -> entry.getValue().equals(told.get(entry.getKey())));
        }
        return new Report(full || vanished, List.copyOf(changed.values()), current);
    }

    void acknowledged(Report report) {
        told = report.toldThen();
    }

    private static InstanceState building(InstanceState state) {
        return state.toBuilder()
                .setGeneration(0)
                .setPowerState(PowerState.POWER_STATE_SHUTOFF)
                .build();
    }
}
