package io.nephos.identity.limit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much a project may have of each resource of a service: its own limit, or what is registered. By the strict model its
 * domain has a limit in the same way, which holds for all of its projects together, and none may have more than that.
 *
 * @param ofProject by the resource's name; -1 is without limit
 * @param ofDomain empty unless the model is strict
 */
public record EffectiveLimits(Map<String, Long> ofProject, Map<String, Long> ofDomain) {

    /**
     * @param registered of the service, in any region
     * @param limits of the project and of its domain
     */
    static EffectiveLimits of(
            List<RegisteredLimitRow> registered,
            List<LimitRow> limits,
            String region,
            String project,
            String domain,
            boolean strict) {
        Map<String, Long> ofProject = new HashMap<>();
        Map<String, Long> ofDomain = new HashMap<>();
        inRegion(registered, region).forEach((resource, row) -> {
            Optional<Integer> own = find(limits, row, project, "");
            int mine = own.orElse(row.defaultLimit);
            if (strict) {
                int all = find(limits, row, "", domain).orElse(row.defaultLimit);
                ofDomain.put(resource, (long) all);
                mine = LimitModel.fits(mine, all) ? mine : all;
            }
            ofProject.put(resource, (long) mine);
        });
        return new EffectiveLimits(Map.copyOf(ofProject), Map.copyOf(ofDomain));
    }

    /** Of each resource what is registered in that region, else what is registered in none. */
    private static Map<String, RegisteredLimitRow> inRegion(List<RegisteredLimitRow> registered, String region) {
        Map<String, RegisteredLimitRow> found = new HashMap<>();
        for (RegisteredLimitRow row : registered) {
            if (row.regionId == null) {
                found.putIfAbsent(row.resourceName, row);
            } else if (row.regionId.equals(region)) {
                found.put(row.resourceName, row);
            }
        }
        return found;
    }

    private static Optional<Integer> find(
            List<LimitRow> limits, RegisteredLimitRow registered, String project, String domain) {
        return limits.stream()
                .filter(limit -> limit.registeredLimitId.equals(registered.id))
                .filter(limit -> limit.projectId == null
                        ? limit.domainId != null && limit.domainId.equals(domain)
                        : limit.projectId.equals(project))
                .map(limit -> limit.resourceLimit)
                .findFirst();
    }
}
