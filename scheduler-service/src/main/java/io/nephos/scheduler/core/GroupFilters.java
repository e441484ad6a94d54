package io.nephos.scheduler.core;

import io.nephos.scheduler.core.ServerGroup.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Nova's filters that look at where other servers are. */
final class GroupFilters {
    private GroupFilters() {}

    static final List<Filter> ALL = List.of(
            Filter.of(
                    "ServerGroupAffinityFilter",
                    request -> group(request, Policy.AFFINITY)
                            .filter(group -> !group.members().isEmpty())
                            .isPresent(),
                    (host, request) -> request.serverGroup()
                            .map(group -> group.membersOn(host) > 0)
                            .orElse(true),
                    (table, request, mask) -> {
                        request.serverGroup()
                                .ifPresent(group ->
                                        table.keepNamed(mask, group.members().keySet()));
                        return true;
                    },
                    request -> "are not where the members of the server group are"),
            Filter.of(
                    "ServerGroupAntiAffinityFilter",
                    request -> group(request, Policy.ANTI_AFFINITY).isPresent(),
                    (host, request) -> request.serverGroup()
                            .map(group -> group.membersOn(host) < group.maxPerHost())
                            .orElse(true),
                    (table, request, mask) -> {
                        request.serverGroup().ifPresent(group -> table.dropNamed(mask, full(group)));
                        return true;
                    },
                    request -> "run "
                            + request.serverGroup()
                                    .filter(group -> group.maxPerHost() > 1)
                                    .map(group -> group.maxPerHost() + " members")
                                    .orElse("a member")
                            + " of the server group already"),
            Filter.of(
                    "SameHostFilter",
                    request -> !request.hints().sameHost().isEmpty(),
                    (host, request) -> request.hints().sameHost().contains(host.name()),
                    (table, request, mask) -> {
                        table.keepNamed(mask, request.hints().sameHost());
                        return true;
                    },
                    request -> "are not where the servers named by same_host are"),
            Filter.of(
                    "DifferentHostFilter",
                    request -> !request.hints().differentHost().isEmpty(),
                    (host, request) -> !request.hints().differentHost().contains(host.name()),
                    (table, request, mask) -> {
                        table.dropNamed(mask, request.hints().differentHost());
                        return true;
                    },
                    request -> "run one of the servers named by different_host"));

    private static Optional<ServerGroup> group(Request request, Policy policy) {
        return request.serverGroup().filter(group -> group.policy() == policy);
    }

    private static Set<String> full(ServerGroup group) {
        return group.members().entrySet().stream()
                .filter(entry -> entry.getValue() >= group.maxPerHost())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
