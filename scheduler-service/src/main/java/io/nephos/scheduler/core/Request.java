package io.nephos.scheduler.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be placed.
 *
 * @param consumerId UUID; also spreads equal requests over equal hosts, so that the same question has the same answer
 * @param resources amount by resource class
 * @param aggregates of each set the host must be in one, by id
 * @param excludedHosts names of hosts that failed already
 * @param forcedHost name of the only host that will do
 */
public record Request(
        String consumerId,
        SortedMap<String, Long> resources,
        Set<String> requiredTraits,
        Set<String> forbiddenTraits,
        List<Set<String>> aggregates,
        Optional<String> availabilityZone,
        Set<String> excludedHosts,
        Optional<String> forcedHost,
        Optional<String> forcedNode,
        Optional<ServerGroup> serverGroup,
        Hints hints,
        Spec spec) {

    /**
     * Scheduler hints.
     *
     * @param sameHost names of the hosts where the named servers are; only one of them will do, unless there is none
     * @param differentHost names of hosts that will not do
     * @param near an address that the host is to be in one network with, and that network's prefix length
     * @param query of JsonFilter: an operator and its operands, nested lists of texts and numbers; empty when not given
     */
    public record Hints(Set<String> sameHost, Set<String> differentHost, Optional<Network> near, List<Object> query) {
        public static final Hints NONE = new Hints(Set.of(), Set.of(), Optional.empty(), List.of());
    }

    public record Network(String address, int prefix) {}

    /** Who asks for which flavor with which image. */
    public record Spec(
            String projectId,
            String flavorName,
            Map<String, String> extraSpecs,
            String imageId,
            Map<String, String> imageProperties) {
        public static final Spec NONE = new Spec("", "", Map.of(), "", Map.of());
    }

    public Request {
        resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
    }

    public static Request of(String consumerId, Map<String, Long> resources) {
        return new Request(
                consumerId,
                new TreeMap<>(resources),
                Set.of(),
                Set.of(),
                List.of(),
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Hints.NONE,
                Spec.NONE);
    }

    public Request withTraits(Set<String> required, Set<String> forbidden) {
        return new Request(
                consumerId,
                resources,
                required,
                forbidden,
                aggregates,
                availabilityZone,
                excludedHosts,
                forcedHost,
                forcedNode,
                serverGroup,
                hints,
                spec);
    }

    public Request inAggregates(List<Set<String>> anyOfEach) {
        return new Request(
                consumerId,
                resources,
                requiredTraits,
                forbiddenTraits,
                anyOfEach,
                availabilityZone,
                excludedHosts,
                forcedHost,
                forcedNode,
                serverGroup,
                hints,
                spec);
    }

    public Request inZone(Optional<String> zone) {
        return new Request(
                consumerId,
                resources,
                requiredTraits,
                forbiddenTraits,
                aggregates,
                zone,
                excludedHosts,
                forcedHost,
                forcedNode,
                serverGroup,
                hints,
                spec);
    }

    public Request onHosts(Set<String> excluded, Optional<String> host, Optional<String> node) {
        return new Request(
                consumerId,
                resources,
                requiredTraits,
                forbiddenTraits,
                aggregates,
                availabilityZone,
                excluded,
                host,
                node,
                serverGroup,
                hints,
                spec);
    }

    public Request inGroup(Optional<ServerGroup> group) {
        return new Request(
                consumerId,
                resources,
                requiredTraits,
                forbiddenTraits,
                aggregates,
                availabilityZone,
                excludedHosts,
                forcedHost,
                forcedNode,
                group,
                hints,
                spec);
    }

    public Request with(Hints newHints, Spec newSpec) {
        return new Request(
                consumerId,
                resources,
                requiredTraits,
                forbiddenTraits,
                aggregates,
                availabilityZone,
                excludedHosts,
                forcedHost,
                forcedNode,
                serverGroup,
                newHints,
                newSpec);
    }

    /** The same for another consumer. */
    public Request of(String consumer) {
        return new Request(
                consumer,
                resources,
                requiredTraits,
                forbiddenTraits,
                aggregates,
                availabilityZone,
                excludedHosts,
                forcedHost,
                forcedNode,
                serverGroup,
                hints,
                spec);
    }

    /** An extra spec, or "". */
    String extra(String key) {
        return spec.extraSpecs().getOrDefault(key, "");
    }
}
