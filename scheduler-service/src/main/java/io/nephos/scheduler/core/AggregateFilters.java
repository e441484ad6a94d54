package io.nephos.scheduler.core;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/** Nova's filters that compare with the metadata of a host's aggregates. */
final class AggregateFilters {
    static final int MAX_IO_OPS = 8;
    static final int MAX_INSTANCES = 50;
    private static final String SCOPE = "aggregate_instance_extra_specs:";

    private AggregateFilters() {}

    static final List<Filter> ALL = List.of(
            Filter.of(
                    "AggregateInstanceExtraSpecsFilter",
                    // Who scopes nothing means capabilities: ComputeCapabilitiesFilter looks at that.
                    request -> request.spec().extraSpecs().keySet().stream().anyMatch(key -> key.startsWith(SCOPE)),
                    AggregateFilters::extraSpecs,
                    Filter.UNINDEXED,
                    request -> "are in no aggregate that has what the flavor asks for"
                            + Filter.shown(
                                    request.spec().extraSpecs(), key -> key.startsWith(SCOPE) || !key.contains(":"))),
            Filter.of(
                    "AggregateImagePropertiesIsolation",
                    request -> true,
                    AggregateFilters::image,
                    "are in an aggregate that is kept for other images"),
            Filter.of(
                    "AggregateMultiTenancyIsolation",
                    request -> !request.spec().projectId().isEmpty(),
                    AggregateFilters::project,
                    "are in an aggregate that is kept for other projects"),
            Filter.of(
                    "AggregateTypeAffinityFilter",
                    request -> !request.spec().flavorName().isEmpty(),
                    (host, request) ->
                            only(host, "instance_type", request.spec().flavorName()),
                    "are in an aggregate that is kept for other flavors"),
            Filter.of(
                    "AggregateIoOpsFilter",
                    request -> true,
                    (host, request) -> host.facts().ioOps() < least(host, "max_io_ops_per_host", MAX_IO_OPS),
                    "are busy with more IO operations than their aggregate allows"),
            Filter.of(
                    "AggregateNumInstancesFilter",
                    request -> true,
                    (host, request) -> host.servers() < least(host, "max_instances_per_host", MAX_INSTANCES),
                    "run as many servers as their aggregate allows"));

    /** Each extra spec that is scoped so, or not at all, is matched by one of the values of the host's aggregates. */
    private static boolean extraSpecs(Host host, Request request) {
        for (Map.Entry<String, String> spec : request.spec().extraSpecs().entrySet()) {
            String key = spec.getKey().startsWith(SCOPE) ? spec.getKey().substring(SCOPE.length()) : spec.getKey();
            if (key.contains(":")) {
                continue;
            }
            boolean matched = host.aggregates().stream()
                    .flatMap(aggregate -> aggregate.values(key).stream())
                    .anyMatch(value -> ExtraSpec.matches(value, spec.getValue()));
            if (!matched) {
                return false;
            }
        }
        return true;
    }

    /** What an aggregate says of an image property must be what the image says, if the image says anything of it. */
    private static boolean image(Host host, Request request) {
        Map<String, String> image = request.spec().imageProperties();
        return host.aggregates().stream()
                .flatMap(aggregate -> aggregate.metadata().entrySet().stream())
                .filter(entry -> isImageProperty(entry.getKey()))
                .allMatch(entry -> !image.containsKey(entry.getKey())
                        || Set.of(entry.getValue().split(",")).contains(image.get(entry.getKey())));
    }

    private static boolean isImageProperty(String key) {
        return key.startsWith("os_") || key.startsWith("hw_") || key.startsWith("img_");
    }

    private static boolean project(Host host, Request request) {
        String project = request.spec().projectId();
        List<Set<String>> kept = host.aggregates().stream()
                .map(aggregate -> aggregate.metadata().entrySet().stream()
                        .filter(entry -> entry.getKey().startsWith("filter_tenant_id"))
                        .flatMap(entry -> aggregate.values(entry.getKey()).stream())
                        .collect(java.util.stream.Collectors.toSet()))
                .filter(projects -> !projects.isEmpty())
                .toList();
        return kept.isEmpty() || kept.stream().anyMatch(projects -> projects.contains(project));
    }

    private static boolean only(Host host, String key, String value) {
        List<Set<String>> kept = host.aggregates().stream()
                .map(aggregate -> aggregate.values(key))
                .filter(values -> !values.isEmpty())
                .toList();
        return kept.isEmpty() || kept.stream().anyMatch(values -> values.contains(value));
    }

    private static int least(Host host, String key, int otherwise) {
        ToIntFunction<String> number = value -> value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : otherwise;
        return host.aggregates().stream()
                .flatMap(aggregate -> aggregate.values(key).stream())
                .mapToInt(number)
                .min()
                .orElse(otherwise);
    }
}
