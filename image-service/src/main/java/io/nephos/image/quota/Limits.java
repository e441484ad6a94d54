package io.nephos.image.quota;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What bounds a project's changes: what it may have, and by the strict model its domain likewise. */
@ApplicationScoped
public class Limits {
    private final UnifiedLimits unified;

    @Inject
    public Limits(UnifiedLimits unified) {
        this.unified = unified;
    }

    /** For one more; of bytes there must be some room left, for nobody knows how many will come. Asks identity, if need be: not to be called in a transaction. */
    public Room room(String project, Limit... wanted) {
        return room(project, OptionalLong.empty(), wanted);
    }

    /** @param bytes that are to come, where somebody said how many */
    public Room room(String project, OptionalLong bytes, Limit... wanted) {
        Allowance allowance = unified.of(project);
        Room.Bound own =
                new Room.Bound("Project " + project, project, List.of(project), bounded(allowance.ofProject(), wanted));
        List<String> siblings = allowance.domainProjects();
        if (siblings.isEmpty()) {
            return new Room(List.of(own), bytes);
        }
        // All projects of a domain know the same first one.
        Room.Bound together = new Room.Bound(
                "The domain of project " + project,
                "the domain of " + Collections.min(siblings),
                siblings,
                bounded(allowance.ofDomain(), wanted));
        return new Room(List.of(own, together), bytes);
    }

    private static Map<Limit, Long> bounded(Map<Limit, Long> most, Limit... wanted) {
        Map<Limit, Long> bounded = new EnumMap<>(Limit.class);
        for (Limit limit : wanted) {
            long amount = most.getOrDefault(limit, Allowance.NONE);
            if (amount != Allowance.NONE) {
                bounded.put(limit, amount);
            }
        }
        return bounded;
    }
}
