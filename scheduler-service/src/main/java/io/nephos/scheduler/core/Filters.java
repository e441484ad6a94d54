package io.nephos.scheduler.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** All filters by name, and those that ask nothing but what a request itself says. Cheapest and most telling first. */
public final class Filters {
    /** Placement's, and what a request names itself: they cannot be left out. */
    private static final List<Filter> ALWAYS = List.of(
            Filter.of(
                    "force_hosts",
                    request -> request.forcedHost().isPresent(),
                    (host, request) ->
                            request.forcedHost().map(host.name()::equals).orElse(true),
                    (table, request, mask) -> {
                        table.keepNamed(mask, request.forcedHost().stream().toList());
                        return true;
                    },
                    request -> "are not the host that was asked for"),
            Filter.of(
                    "force_nodes",
                    request -> request.forcedNode().isPresent(),
                    (host, request) -> request.forcedNode()
                            .map(node -> node.equals(
                                    host.facts().node().isEmpty()
                                            ? host.name()
                                            : host.facts().node()))
                            .orElse(true),
                    "are not the node that was asked for"),
            Filter.of(
                    "ignore_hosts",
                    request -> !request.excludedHosts().isEmpty(),
                    (host, request) -> !request.excludedHosts().contains(host.name()),
                    (table, request, mask) -> {
                        table.dropNamed(mask, request.excludedHosts());
                        return true;
                    },
                    request -> "were tried already and failed"),
            Filter.of(
                    "required",
                    request -> !request.requiredTraits().isEmpty(),
                    (host, request) -> host.traits().containsAll(request.requiredTraits()),
                    (table, request, mask) -> {
                        request.requiredTraits().forEach(trait -> table.traits().keep(mask, trait));
                        return true;
                    },
                    request -> "lack a required trait (" + names(request.requiredTraits()) + ")"),
            Filter.of(
                    "forbidden",
                    request -> !request.forbiddenTraits().isEmpty(),
                    (host, request) -> request.forbiddenTraits().stream().noneMatch(host.traits()::contains),
                    (table, request, mask) -> {
                        request.forbiddenTraits()
                                .forEach(trait -> table.traits().drop(mask, trait));
                        return true;
                    },
                    request -> "have a forbidden trait (" + names(request.forbiddenTraits()) + ")"),
            Filter.of(
                    "member_of",
                    request -> !request.aggregates().isEmpty(),
                    (host, request) -> request.aggregates().stream()
                            .allMatch(anyOf -> host.aggregates().stream().anyMatch(of -> anyOf.contains(of.id()))),
                    (table, request, mask) -> {
                        request.aggregates().forEach(anyOf -> table.aggregates().keepAny(mask, anyOf));
                        return true;
                    },
                    request -> "are not in a required aggregate"));

    private static final Map<String, Filter> CHOICE = choice();

    /** What runs unless configuration says otherwise. */
    public static final List<String> DEFAULT = List.of(
            "ComputeFilter",
            "AvailabilityZoneFilter",
            "ComputeCapabilitiesFilter",
            "AggregateInstanceExtraSpecsFilter",
            "ImagePropertiesFilter",
            "ServerGroupAffinityFilter",
            "ServerGroupAntiAffinityFilter",
            "SameHostFilter",
            "DifferentHostFilter",
            "SimpleCIDRAffinityFilter",
            "JsonFilter",
            "NUMATopologyFilter");

    private final List<Filter> chosen;

    private Filters(List<Filter> chosen) {
        this.chosen = chosen;
    }

    /** Those of these names, and those that cannot be left out; an IllegalArgumentException names one that there is not. */
    public static Filters named(List<String> names) {
        List<Filter> chosen = new ArrayList<>(ALWAYS);
        for (String name : names) {
            Filter filter = CHOICE.get(name);
            if (filter == null) {
                throw new IllegalArgumentException(
                        "There is no filter " + name + "; there are " + CHOICE.keySet() + ".");
            }
            chosen.add(filter);
        }
        return new Filters(List.copyOf(chosen));
    }

    List<Filter> concerning(Request request) {
        List<Filter> concerning = new ArrayList<>(chosen.size());
        for (Filter filter : chosen) {
            if (filter.concerns(request)) {
                concerning.add(filter);
            }
        }
        return concerning;
    }

    /** Look at what else is on a host, or at where others are, at the moment. */
    private static final Set<String> PASSING = Set.of(
            "ComputeFilter",
            "IoOpsFilter",
            "NumInstancesFilter",
            "AggregateIoOpsFilter",
            "AggregateNumInstancesFilter",
            "NUMATopologyFilter",
            "ServerGroupAffinityFilter",
            "ServerGroupAntiAffinityFilter");

    /** What the request asks of a host whatever else is there: all filters but those that look at the moment. */
    public boolean allowsLasting(Host host, Request request) {
        return concerning(request).stream()
                .filter(filter -> !PASSING.contains(filter.name()))
                .allMatch(filter -> filter.passes(host, request));
    }

    private static Map<String, Filter> choice() {
        Map<String, Filter> all = new LinkedHashMap<>();
        for (List<Filter> some : List.of(HostFilters.ALL, AggregateFilters.ALL, GroupFilters.ALL)) {
            some.forEach(filter -> all.put(filter.name(), filter));
        }
        return all;
    }

    private static String names(Iterable<String> traits) {
        SortedSet<String> sorted = new TreeSet<>();
        traits.forEach(sorted::add);
        return String.join(", ", sorted);
    }
}
