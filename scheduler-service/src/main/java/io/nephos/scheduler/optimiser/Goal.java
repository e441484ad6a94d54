package io.nephos.scheduler.optimiser;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a plan is for. */
public enum Goal {
    /** The least difference of load between hosts. */
    REBALANCE,
    /** The cheapest set of hosts for what runs. */
    CONSOLIDATE,
    /** Nothing runs on one host any more. */
    DRAIN;

    /** As the API names it. */
    public String shown() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Goal> of(String shown) {
        return Arrays.stream(values())
                .filter(goal -> goal.shown().equals(shown))
                .findFirst();
    }

    static String[] all() {
        return Arrays.stream(values()).map(Goal::shown).toArray(String[]::new);
    }
}
