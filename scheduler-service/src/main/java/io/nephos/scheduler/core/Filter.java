package io.nephos.scheduler.core;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * A hard constraint other than capacity, under Nova's name for it (the resource classes and "required" are Placement's).
 *
 * @param passes whether the host will do
 * @param loss what is said of the hosts lost, after "2 of 3 hosts "
 */
record Filter(String name, BiPredicate<Host, Request> passes, Function<Request, String> loss) {

    /** Cheapest and most telling first. */
    static final List<Filter> ALL = List.of(
            new Filter(
                    "force_hosts",
                    (host, request) -> request.forcedHost().isEmpty()
                            || request.forcedHost().get().equals(host.name()),
                    request -> "are not the host that was asked for"),
            new Filter(
                    "ignore_hosts",
                    (host, request) -> !request.excludedHosts().contains(host.name()),
                    request -> "were tried already and failed"),
            new Filter(
                    "ComputeFilter", (host, request) -> host.up() && host.enabled(), request -> "are down or disabled"),
            new Filter(
                    "AvailabilityZoneFilter",
                    (host, request) -> request.availabilityZone().isEmpty()
                            || request.availabilityZone().get().equals(host.availabilityZone()),
                    request -> "are outside availability zone "
                            + request.availabilityZone().orElse("")),
            new Filter(
                    "required",
                    (host, request) -> host.traits().containsAll(request.requiredTraits()),
                    request -> "lack a required trait (" + names(request.requiredTraits()) + ")"),
            new Filter(
                    "forbidden",
                    (host, request) -> request.forbiddenTraits().stream().noneMatch(host.traits()::contains),
                    request -> "have a forbidden trait (" + names(request.forbiddenTraits()) + ")"),
            new Filter(
                    "ServerGroupAffinityFilter",
                    (host, request) -> request.serverGroup()
                            .filter(group -> group.policy() == ServerGroup.Policy.AFFINITY)
                            .filter(group -> !group.members().isEmpty())
                            .map(group -> group.membersOn(host) > 0)
                            .orElse(true),
                    request -> "are not where the members of the server group are"),
            new Filter(
                    "ServerGroupAntiAffinityFilter",
                    (host, request) -> request.serverGroup()
                            .filter(group -> group.policy() == ServerGroup.Policy.ANTI_AFFINITY)
                            .map(group -> group.membersOn(host) == 0)
                            .orElse(true),
                    request -> "run a member of the server group already"));

    private static String names(Iterable<String> traits) {
        SortedSet<String> sorted = new TreeSet<>();
        traits.forEach(sorted::add);
        return String.join(", ", sorted);
    }
}
