package io.nephos.scheduler.optimiser;

import io.nephos.scheduler.core.CellShare;
import io.nephos.scheduler.core.Cells;
import io.nephos.scheduler.core.Inventory;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.core.ServerGroup.Policy;
import io.nephos.scheduler.core.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What runs where, and what binds it: all that an optimiser knows. Immutable. */
public record World(List<Host> hosts, List<Server> servers) {
    public World {
        hosts = List.copyOf(hosts);
        servers = List.copyOf(servers);
    }

    /**
     * @param up servers can be moved away from it
     * @param open up, and servers may be moved to it
     * @param cost of keeping it in use, for consolidation
     * @param fixed what is held there by what cannot be moved, by resource class
     * @param cells its NUMA cells, with what is taken of them by what cannot be moved
     */
    public record Host(
            String id,
            String name,
            String availabilityZone,
            boolean up,
            boolean open,
            long cost,
            Map<String, Inventory> inventories,
            Map<String, Long> fixed,
            Set<String> traits,
            Set<String> aggregates,
            Cells cells) {

        /** Without NUMA cells. */
        public Host(
                String id,
                String name,
                String availabilityZone,
                boolean up,
                boolean open,
                long cost,
                Map<String, Inventory> inventories,
                Map<String, Long> fixed,
                Set<String> traits,
                Set<String> aggregates) {
            this(id, name, availabilityZone, up, open, cost, inventories, fixed, traits, aggregates, Cells.NONE);
        }

        /** The same, and nothing goes there. */
        Host closed() {
            return new Host(id, name, availabilityZone, up, false, cost, inventories, fixed, traits, aggregates, cells);
        }

        public long capacity(String resourceClass) {
            Inventory inventory = inventories.get(resourceClass);
            return inventory == null ? 0 : inventory.capacity();
        }

        /** A request that one of them obeys cannot tell it from the other, but by its name. */
        boolean isLike(Host other) {
            return availabilityZone.equals(other.availabilityZone)
                    && traits.equals(other.traits)
                    && aggregates.equals(other.aggregates);
        }
    }

    /**
     * @param host id of the host it runs on
     * @param resources what it holds, by resource class
     * @param wish what its request asked for; when that is not known any more, only hosts like its own will do
     * @param group of servers, of which {@link #rule} tells how they lie
     * @param topology the NUMA nodes that it needs cells for wherever it is
     * @param cells what it holds of its host's cells, node by node; empty when it holds nothing of them
     */
    public record Server(
            String id,
            String host,
            Map<String, Long> resources,
            Optional<Wish> wish,
            Optional<String> group,
            Optional<Topology> topology,
            List<CellShare> cells) {

        /** That needs no NUMA cells. */
        public Server(
                String id, String host, Map<String, Long> resources, Optional<Wish> wish, Optional<String> group) {
            this(id, host, resources, wish, group, Optional.empty(), List.of());
        }
    }

    /**
     * The hard constraints of a request, as the scheduler's core has them.
     *
     * @param policy of the server's group, where it is known
     * @param refused ids of hosts that the scheduler's other filters refuse it: capabilities, image properties, hints and
     *     so on
     */
    public record Wish(
            Set<String> requiredTraits,
            Set<String> forbiddenTraits,
            List<Set<String>> aggregates,
            Optional<String> availabilityZone,
            Optional<String> forcedHost,
            Optional<ServerGroup.Policy> policy,
            Set<String> refused) {

        boolean allows(Host host) {
            return host.traits().containsAll(requiredTraits)
                    && forbiddenTraits.stream().noneMatch(host.traits()::contains)
                    && aggregates.stream().allMatch(anyOf -> anyOf.stream().anyMatch(host.aggregates()::contains))
                    && (availabilityZone.isEmpty() || availabilityZone.get().equals(host.availabilityZone()))
                    && (forcedHost.isEmpty() || forcedHost.get().equals(host.name()))
                    && !refused.contains(host.id());
        }
    }

    /**
     * How the members of a server group lie. A soft policy binds nobody. For the others, and where the policy is not known,
     * what holds now goes on to hold, so that no policy that is obeyed now is broken.
     */
    public enum Rule {
        /** No two on one host. */
        APART,
        /** All on one host: they move together. */
        TOGETHER,
        /** Neither: they stay where they are. */
        MIXED,
        /** Anyhow. */
        FREE
    }

    static Rule rule(List<Server> members) {
        boolean soft = members.stream()
                .allMatch(member -> member.wish()
                        .flatMap(Wish::policy)
                        .filter(policy -> policy == Policy.SOFT_AFFINITY || policy == Policy.SOFT_ANTI_AFFINITY)
                        .isPresent());
        if (soft) {
            return Rule.FREE;
        }
        long hosts = members.stream().map(Server::host).distinct().count();
        if (hosts == members.size()) {
            return Rule.APART;
        }
        return hosts == 1 ? Rule.TOGETHER : Rule.MIXED;
    }
}
