package io.nephos.scheduler.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

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
        return changed(draft -> {
            draft.requiredTraits = required;
            draft.forbiddenTraits = forbidden;
        });
    }

    public Request inAggregates(List<Set<String>> anyOfEach) {
        return changed(draft -> draft.aggregates = anyOfEach);
    }

    public Request inZone(Optional<String> zone) {
        return changed(draft -> draft.availabilityZone = zone);
    }

    public Request onHosts(Set<String> excluded, Optional<String> host, Optional<String> node) {
        return changed(draft -> {
            draft.excludedHosts = excluded;
            draft.forcedHost = host;
            draft.forcedNode = node;
        });
    }

    public Request inGroup(Optional<ServerGroup> group) {
        return changed(draft -> draft.serverGroup = group);
    }

    public Request with(Hints newHints, Spec newSpec) {
        return changed(draft -> {
            draft.hints = newHints;
            draft.spec = newSpec;
        });
    }

    /** The same for another consumer. */
    public Request of(String consumer) {
        return changed(draft -> draft.consumerId = consumer);
    }

    /** An extra spec, or "". */
    String extra(String key) {
        return spec.extraSpecs().getOrDefault(key, "");
    }

    private Request changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new Request(
                draft.consumerId,
                resources,
                draft.requiredTraits,
                draft.forbiddenTraits,
                draft.aggregates,
                draft.availabilityZone,
                draft.excludedHosts,
                draft.forcedHost,
                draft.forcedNode,
                draft.serverGroup,
                draft.hints,
                draft.spec);
    }

    /** A request while some of it is exchanged. */
    private static final class Draft {
        private String consumerId;
        private Set<String> requiredTraits;
        private Set<String> forbiddenTraits;
        private List<Set<String>> aggregates;
        private Optional<String> availabilityZone;
        private Set<String> excludedHosts;
        private Optional<String> forcedHost;
        private Optional<String> forcedNode;
        private Optional<ServerGroup> serverGroup;
        private Hints hints;
        private Spec spec;

        private Draft(Request request) {
            this.consumerId = request.consumerId;
            this.requiredTraits = request.requiredTraits;
            this.forbiddenTraits = request.forbiddenTraits;
            this.aggregates = request.aggregates;
            this.availabilityZone = request.availabilityZone;
            this.excludedHosts = request.excludedHosts;
            this.forcedHost = request.forcedHost;
            this.forcedNode = request.forcedNode;
            this.serverGroup = request.serverGroup;
            this.hints = request.hints;
            this.spec = request.spec;
        }
    }
}
