package io.nephos.scheduler.placement;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Placement's routes and the methods of each: what a 405 names in its allow header. */
enum Routes {
    ROOT("/", "GET"),
    ALLOCATION_CANDIDATES("/allocation_candidates", "GET"),
    ALLOCATIONS("/allocations", "POST"),
    ALLOCATION("/allocations/[^/]+", "GET", "PUT", "DELETE"),
    RESHAPER("/reshaper", "POST"),
    RESOURCE_CLASSES("/resource_classes", "GET", "POST"),
    RESOURCE_CLASS("/resource_classes/[^/]+", "GET", "PUT", "DELETE"),
    RESOURCE_PROVIDERS("/resource_providers", "GET", "POST"),
    RESOURCE_PROVIDER("/resource_providers/[^/]+", "GET", "PUT", "DELETE"),
    AGGREGATES("/resource_providers/[^/]+/aggregates", "GET", "PUT"),
    PROVIDER_ALLOCATIONS("/resource_providers/[^/]+/allocations", "GET"),
    INVENTORIES("/resource_providers/[^/]+/inventories", "GET", "POST", "PUT", "DELETE"),
    INVENTORY("/resource_providers/[^/]+/inventories/[^/]+", "GET", "PUT", "DELETE"),
    PROVIDER_TRAITS("/resource_providers/[^/]+/traits", "GET", "PUT", "DELETE"),
    PROVIDER_USAGES("/resource_providers/[^/]+/usages", "GET"),
    TRAITS("/traits", "GET"),
    TRAIT("/traits/[^/]+", "GET", "PUT", "DELETE"),
    USAGES("/usages", "GET");

    private final Pattern path;
    private final List<String> methods;

    Routes(String path, String... methods) {
        this.path = Pattern.compile(path);
        this.methods = List.of(methods);
    }

    /** The methods of the route with that path; empty when no route has it. */
    static Optional<List<String>> methods(String path) {
        return Arrays.stream(values())
                .filter(route -> route.path.matcher(path).matches())
                .findFirst()
                .map(route -> route.methods);
    }
}
