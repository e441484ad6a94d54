package io.nephos.scheduler.claim;

import io.nephos.contracts.scheduler.v1.ClaimRequest;
import io.nephos.kit.data.Database;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.fault.Fault;
import io.nephos.kit.fault.FaultException;
import io.nephos.scheduler.allocation.AllocationStore;
import io.nephos.scheduler.consumer.ConsumerRow;
import io.nephos.scheduler.core.Request;
import io.nephos.scheduler.provider.ProviderStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A consumer that moves, is resized or evacuated holds both places until that ends: the new one itself, the old one under
 * the migration's id (as Nova does it, with Placement's consumer type MIGRATION).
 */
@ApplicationScoped
class Moves {
    private final Database database;
    private final Claims claims;
    private final Ledger ledger;
    private final AllocationStore allocations;
    private final ProviderStore providers;

    @Inject
    Moves(Database database, Claims claims, Ledger ledger, AllocationStore allocations, ProviderStore providers) {
        this.database = database;
        this.claims = claims;
        this.ledger = ledger;
        this.allocations = allocations;
        this.providers = providers;
    }

    /**
     * The claim of a move with what it leaves open: without any resource it is for what the consumer holds, and when it asks
     * for nothing else, for what the consumer asked for before.
     */
    ClaimRequest complete(ClaimRequest claim) {
        String consumer = claim.getConsumerId();
        return database.read(tx -> {
            Optional<String> wish = tx.find(ConsumerRow.class, consumer).flatMap(row -> Optional.ofNullable(row.wish));
            ClaimRequest.Builder complete = Wishes.again(claim, wish).toBuilder();
            if (claim.getResourcesCount() == 0) {
                allocations.heldBy(tx, consumer).values().forEach(complete::putAllResources);
                if (complete.getResourcesCount() == 0) {
                    throw holdsNothing(consumer);
                }
            }
            return complete.build();
        });
    }

    /** A new place beside the old one. 409 when the consumer holds nothing that it could move from. */
    Claims.Outcome begin(Request request, Ask.Claimant claimant, String migration) {
        if (ledger.held(List.of(request.consumerId()))
                .getOrDefault(request.consumerId(), Set.of())
                .isEmpty()) {
            throw holdsNothing(request.consumerId());
        }
        return claims.claim(List.of(new Ask(request, claimant, Optional.of(migration))), 1);
    }

    private static FaultException holdsNothing(String consumer) {
        return Fault.conflict("Consumer " + consumer + " holds nothing that it could move from.");
    }

    /** Gives the old place back; false when there is no such move. */
    boolean confirm(String consumer, String migration) {
        return database.write(tx -> {
            lock(tx, consumer);
            return moveOf(tx, consumer, migration).isPresent() && allocations.release(tx, migration);
        });
    }

    /** Gives the new place back and the consumer the old one; false when there is no such move. */
    boolean revert(String consumer, String migration) {
        return database.write(tx -> {
            Optional<ConsumerRow> row = lock(tx, consumer);
            Optional<ConsumerRow> move = moveOf(tx, consumer, migration);
            if (move.isEmpty()) {
                return false;
            }
            if (row.isEmpty()) {
                return allocations.release(tx, migration); // deleted while it moved
            }
            Set<String> touched =
                    new TreeSet<>(allocations.heldBy(tx, migration).keySet());
            touched.addAll(allocations.clear(tx, consumer));
            allocations.hand(tx, migration, consumer);
            providers.advance(tx, touched);
            tx.delete(move.get());
            row.get().generation++;
            row.get().wish = move.get().wish;
            tx.update(row.get());
            return true;
        });
    }

    private Optional<ConsumerRow> lock(Transaction tx, String consumer) {
        return allocations.lockConsumer(tx, consumer);
    }

    private Optional<ConsumerRow> moveOf(Transaction tx, String consumer, String migration) {
        return allocations.lockConsumer(tx, migration).filter(row -> consumer.equals(row.movesConsumer));
    }
}
