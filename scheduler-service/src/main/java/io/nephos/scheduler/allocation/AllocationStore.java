package io.nephos.scheduler.allocation;

import io.nephos.kit.data.Transaction;
import io.nephos.scheduler.consumer.ConsumerRow;
import io.nephos.scheduler.provider.ProviderStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who holds what, inside a transaction. A consumer row is locked first, providers after it, in the order of their ids. */
@ApplicationScoped
public class AllocationStore {
    private final ProviderStore providers;

    @Inject
    public AllocationStore(ProviderStore providers) {
        this.providers = providers;
    }

    /** The consumer, held until the transaction ends. */
    public Optional<ConsumerRow> lockConsumer(Transaction tx, String id) {
        return tx.lock(ConsumerRow.class, id);
    }

    /** Makes the row; a UniqueViolation when another transaction made it meanwhile. */
    public ConsumerRow insertConsumer(
            Transaction tx,
            String id,
            String projectId,
            String userId,
            @Nullable String claimedBy,
            @Nullable String serverGroupId,
            @Nullable String consumerType) {
        ConsumerRow row = new ConsumerRow();
        row.id = id;
        row.projectId = projectId;
        row.userId = userId;
        row.generation = 1;
        row.claimedBy = claimedBy;
        row.serverGroupId = serverGroupId;
        row.consumerType = consumerType;
        row.createdAt = OffsetDateTime.now(Clock.systemUTC());
        row.updatedAt = row.createdAt;
        tx.insert(row);
        return row;
    }

    /** By provider and resource class. */
    public Map<String, Map<String, Long>> heldBy(Transaction tx, String consumerId) {
        Map<String, Map<String, Long>> held = new TreeMap<>();
        for (Object[] row : tx.listNative(
                Object[].class,
                "select provider_id, resource_class, used from allocation where consumer_id = :consumer",
                Map.of("consumer", consumerId))) {
            held.computeIfAbsent((String) row[0], id -> new TreeMap<>())
                    .put((String) row[1], ((Number) row[2]).longValue());
        }
        return held;
    }

    public void insert(Transaction tx, String consumerId, String providerId, Map<String, Long> resources) {
        resources.forEach((resourceClass, amount) -> tx.executeNative(
                "insert into allocation (consumer_id, provider_id, resource_class, used)"
                        + " values (:consumer, :provider, :class, :used)",
                Map.of("consumer", consumerId, "provider", providerId, "class", resourceClass, "used", amount)));
    }

    /** Takes all allocations of a consumer away; its row stays. Returns the providers that held them, to be advanced. */
    public Set<String> clear(Transaction tx, String consumerId) {
        Set<String> touched = heldBy(tx, consumerId).keySet();
        tx.executeNative(
                "with cells as (delete from allocation_cell where consumer_id = :consumer)"
                        + " delete from allocation where consumer_id = :consumer",
                Map.of("consumer", consumerId));
        return touched;
    }

    /** What the one holds is held by the other, which holds nothing itself. */
    public void hand(Transaction tx, String from, String to) {
        tx.executeNative(
                "with cells as (update allocation_cell set consumer_id = :to where consumer_id = :from)"
                        + " update allocation set consumer_id = :to where consumer_id = :from",
                Map.of("from", from, "to", to));
    }

    /** Gives back all that the consumer holds and forgets it; false when it held nothing. */
    public boolean release(Transaction tx, String consumerId) {
        Optional<Set<String>> gave = forget(tx, consumerId);
        gave.ifPresent(ids -> providers.advance(tx, ids));
        return gave.isPresent();
    }

    /** As {@link #release}, but as Placement's DELETE does it: the generations of the providers stay. */
    boolean delete(Transaction tx, String consumerId) {
        Optional<Set<String>> gave = forget(tx, consumerId);
        gave.ifPresent(ids -> providers.touch(tx, ids));
        return gave.isPresent();
    }

    private Optional<Set<String>> forget(Transaction tx, String consumerId) {
        return lockConsumer(tx, consumerId).map(consumer -> {
            Set<String> gave = clear(tx, consumerId);
            tx.delete(consumer);
            return gave;
        });
    }
}
