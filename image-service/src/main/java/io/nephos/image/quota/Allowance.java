package io.nephos.image.quota;

import java.util.List;
import java.util.Map;

/**
 * How much a project may have; what is not there has no limit.
 *
 * @param ofDomain what the projects of its domain may have together; empty unless identity holds domains to that
 * @param domainProjects those projects
 */
record Allowance(Map<Limit, Long> ofProject, Map<Limit, Long> ofDomain, List<String> domainProjects) {
    static final long NONE = -1;

    long of(Limit limit) {
        return ofProject.getOrDefault(limit, NONE);
    }
}
