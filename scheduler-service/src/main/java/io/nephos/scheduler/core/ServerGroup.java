package io.nephos.scheduler.core;

import java.util.HashMap;
import java.util.Map;

/**
 * The server group that a server is to join.
 *
 * @param members how many of the other members are on each host, by host name
 * @param maxPerHost of anti-affinity: {@code max_server_per_host}; 1 unless the group says otherwise
 */
public record ServerGroup(String id, Policy policy, Map<String, Integer> members, int maxPerHost) {
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

    /** With one more member on that host. */
    public ServerGroup joinedOn(String host) {
        Map<String, Integer> more = new HashMap<>(members);
        more.merge(host, 1, Integer::sum);
        return new ServerGroup(id, policy, more, maxPerHost);
    }

    /** With what somebody else knows of the members: the larger number counts. */
    public ServerGroup knowing(Map<String, Integer> others) {
        Map<String, Integer> more = new HashMap<>(members);
        others.forEach((host, count) -> more.merge(host, count, Math::max));
        return new ServerGroup(id, policy, more, maxPerHost);
    }
}
