package io.nephos.image.quota;

import io.nephos.kit.fault.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Whether there is room: what a project has, held against what it may have, and by the strict model its domain likewise. */
@ApplicationScoped
public class Limits {
    private static final long MIB = 1 << 20;
    private final UnifiedLimits unified;
    private final Usage usage;

    @Inject
    public Limits(UnifiedLimits unified, Usage usage) {
        this.unified = unified;
        this.usage = usage;
    }

    /** 413 when there is no room for one more; of bytes, when there is none left, for nobody knows how many will come. */
    public void requireRoom(String project, Limit... wanted) {
        requireRoom(project, OptionalLong.empty(), wanted);
    }

    /** @param bytes that are to come, where somebody said how many */
    public void requireRoom(String project, OptionalLong bytes, Limit... wanted) {
        Allowance allowance = unified.of(project);
        require("Project " + project, List.of(project), allowance.ofProject(), bytes, wanted);
        require("The domain of project " + project, allowance.domainProjects(), allowance.ofDomain(), bytes, wanted);
    }

    private void require(
            String who, List<String> projects, Map<Limit, Long> allowed, OptionalLong bytes, Limit... wanted) {
        Map<Limit, Long> used = Map.of();
        for (Limit limit : wanted) {
            long most = allowed.getOrDefault(limit, Allowance.NONE);
            if (most == Allowance.NONE) {
                continue;
            }
            used = used.isEmpty() ? usage.of(projects) : used;
            long now = used.getOrDefault(limit, 0L);
            long more = limit.counts() ? 1 : Math.max(0, bytes.orElse(0)) / MIB;
            boolean full = now + more > most || now >= most;
            if (full) {
                throw Fault.overLimit(
                        "",
                        who + " is over a limit for [Resource " + limit.wire() + " is over limit of " + most
                                + " due to current usage " + now + " and delta " + more + "]");
            }
        }
    }
}
