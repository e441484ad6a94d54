package io.nephos.scheduler.claim;

import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.data.UniqueViolation;
import io.nephos.kit.fault.Fault;
import io.nephos.scheduler.allocation.AllocationStore;
import io.nephos.scheduler.consumer.ConsumerRow;
import io.nephos.scheduler.core.Decision;
import io.nephos.scheduler.core.Host;
import io.nephos.scheduler.core.HostScheduler;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.core.ServerGroup;
import io.nephos.scheduler.core.Snapshot;
import io.nephos.scheduler.core.Weights;
import io.nephos.scheduler.provider.ProviderStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Plans and commits. A commit compares and sets the generation of the host's provider; who loses plans again at once on
 * what is there now. One claim at a time in this process: it would only race with itself.
 */
@ApplicationScoped
public class Claims {
    private static final Logger LOG = Logger.getLogger(Claims.class);
    private static final int ATTEMPTS = 50;

    private final Database database;
    private final SnapshotStore snapshots;
    private final ProviderStore providers;
    private final AllocationStore allocations;
    private final HostScheduler scheduler;
    private final ReentrantLock applier = new ReentrantLock(true);

    @Inject
    public Claims(
            Database database,
            SnapshotStore snapshots,
            ProviderStore providers,
            AllocationStore allocations,
            @ConfigProperty(name = "nephos.scheduler.weight.ram", defaultValue = "1") double ram,
            @ConfigProperty(name = "nephos.scheduler.weight.cpu", defaultValue = "1") double cpu,
            @ConfigProperty(name = "nephos.scheduler.weight.disk", defaultValue = "1") double disk,
            @ConfigProperty(name = "nephos.scheduler.weight.soft-affinity", defaultValue = "1") double softAffinity,
            @ConfigProperty(name = "nephos.scheduler.weight.soft-anti-affinity", defaultValue = "1")
                    double softAntiAffinity) {
        this.database = database;
        this.snapshots = snapshots;
        this.providers = providers;
        this.allocations = allocations;
        this.scheduler = new HostScheduler(new Weights(ram, cpu, disk, softAffinity, softAntiAffinity));
    }

    /** Who claims for whom; the claimant is the service that knows whether the consumer still exists. */
    public record Claimant(String service, String projectId, String userId) {}

    /** A host with the allocation committed, or why there is none. */
    public Decision claim(Request request, Claimant claimant) {
        applier.lock();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Optional<Decision> decision = attempt(request, claimant);
                if (decision.isPresent()) {
                    return decision.get();
                }
                LOG.debugf("The claim of %s lost a race and is planned again", request.consumerId());
            }
            throw Fault.unavailable("The hosts change faster than a claim can be committed; try again.");
        } finally {
            applier.unlock();
        }
    }

    public boolean release(String consumerId) {
        return database.write(tx -> allocations.release(tx, consumerId));
    }

    private Optional<Decision> attempt(Request request, Claimant claimant) {
        Request complete = withKnownMembers(request);
        Snapshot snapshot = snapshots.current();
        Set<String> held = database.read(tx -> allocations.heldBy(tx, request.consumerId()))
                .keySet();
        Optional<Host> already = held.stream()
                .flatMap(
                        id -> snapshot.hosts().stream().filter(host -> host.id().equals(id)))
                .filter(host -> !request.excludedHosts().contains(host.name()))
                .findFirst();
        if (already.isPresent()) {
            return Optional.of(new Decision.Plan(already.get()));
        }
        return switch (scheduler.schedule(snapshot, complete)) {
            case Decision.Explanation explanation -> Optional.of(explanation);
            case Decision.Plan plan -> commit(plan, complete, claimant) ? Optional.of(plan) : Optional.empty();
        };
    }

    private boolean commit(Decision.Plan plan, Request request, Claimant claimant) {
        try {
            database.run(tx -> {
                request.serverGroup().ifPresent(group -> guardGroup(tx, request, group));
                Set<String> given = takeOver(tx, request, claimant);
                advance(tx, plan.host(), given);
                allocations.insert(tx, request.consumerId(), plan.host().id(), request.resources());
            });
            return true;
        } catch (LostRace | UniqueViolation e) {
            return false;
        }
    }

    /** The consumer's row is there and holds nothing; returns the providers that it gave back. */
    private Set<String> takeOver(Transaction tx, Request request, Claimant claimant) {
        Optional<ConsumerRow> known = allocations.lockConsumer(tx, request.consumerId());
        if (known.isEmpty()) {
            allocations.insertConsumer(
                    tx,
                    request.consumerId(),
                    claimant.projectId(),
                    claimant.userId(),
                    claimant.service(),
                    request.serverGroup().map(ServerGroup::id).orElse(null),
                    "INSTANCE");
            return Set.of();
        }
        for (String provider : allocations.heldBy(tx, request.consumerId()).keySet()) {
            // Only an excluded host is given back; another means that a claim came in between.
            boolean excluded =
                    tx.listNative(String.class, "select name from host where id = :id", Map.of("id", provider)).stream()
                            .allMatch(request.excludedHosts()::contains);
            if (!excluded) {
                throw new LostRace();
            }
        }
        ConsumerRow row = known.get();
        row.generation++;
        tx.update(row);
        return allocations.clear(tx, request.consumerId());
    }

    private void advance(Transaction tx, Host chosen, Set<String> given) {
        Set<String> all = new TreeSet<>(given);
        all.add(chosen.id());
        for (String id : all) {
            if (!id.equals(chosen.id())) {
                providers.advance(tx, List.of(id));
            } else if (!providers.advance(tx, id, chosen.generation())) {
                throw new LostRace();
            }
        }
    }

    /** Members of one group are placed one after the other, and the plan must have known all of them. */
    private static void guardGroup(Transaction tx, Request request, ServerGroup group) {
        tx.serialize("server-group:" + group.id());
        Map<String, Integer> now = new HashMap<>();
        tx.listNative(String.class, MEMBERS, Map.of("group", group.id(), "consumer", request.consumerId()))
                .forEach(host -> now.merge(host, 1, Integer::sum));
        boolean known = now.entrySet().stream()
                .allMatch(entry -> group.members().getOrDefault(entry.getKey(), 0) >= entry.getValue());
        if (!known) {
            throw new LostRace();
        }
    }

    private static final String MEMBERS = "select distinct on (c.id) h.name from consumer c"
            + " join allocation a on a.consumer_id = c.id join host h on h.id = a.provider_id"
            + " where c.server_group_id = :group and c.id <> :consumer";

    /** What compute says of the members may be older than what was claimed for them here. */
    private Request withKnownMembers(Request request) {
        if (request.serverGroup().isEmpty()) {
            return request;
        }
        ServerGroup group = request.serverGroup().get();
        Map<String, Integer> claimed = new HashMap<>();
        database.read(tx -> tx.listNative(
                        String.class, MEMBERS, Map.of("group", group.id(), "consumer", request.consumerId())))
                .forEach(host -> claimed.merge(host, 1, Integer::sum));
        Map<String, Integer> members = new HashMap<>(group.members());
        claimed.forEach((host, count) -> members.merge(host, count, Math::max));
        return new Request(
                request.consumerId(),
                request.resources(),
                request.requiredTraits(),
                request.forbiddenTraits(),
                request.availabilityZone(),
                request.excludedHosts(),
                request.forcedHost(),
                Optional.of(new ServerGroup(group.id(), group.policy(), members)));
    }

    private static final class LostRace extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
