package io.nephos.scheduler.core;

import java.util.Map;

/**
 * The server group that a server is to join.
 *
 * @param members how many of the other members are on each host, by host name
 */
public record ServerGroup(String id, Policy policy, Map<String, Integer> members) {
    /** Nova's policies. */
    public enum Policy {
        AFFINITY,
        ANTI_AFFINITY,
        SOFT_AFFINITY,
        SOFT_ANTI_AFFINITY
    }

    public int membersOn(Host host) {
        return members.getOrDefault(host.name(), 0);
    }
}
