package io.nephos.identity.trust;

import io.nephos.identity.revocation.RevocationFeed;
import io.nephos.kit.data.Transaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trusts in the database, and the chains that redelegation makes of them. */
@ApplicationScoped
public class TrustStore {
    private final RevocationFeed revocations;

    @Inject
    public TrustStore(RevocationFeed revocations) {
        this.revocations = revocations;
    }

    /** One that has not expired, is not used up and whose predecessors are all there still. */
    public Optional<TrustRow> find(Transaction tx, String id) {
        Instant now = Instant.now();
        Optional<TrustRow> row = tx.find(TrustRow.class, id).filter(trust -> trust.usable(now));
        return row.filter(trust -> {
            List<TrustRow> chain = chain(tx, trust);
            return chain.getLast().redelegatedFrom == null && chain.stream().noneMatch(before -> before.expired(now));
        });
    }

    /** The trust, the one it was made from, and so on to the first; ends early where one is gone. */
    public List<TrustRow> chain(Transaction tx, TrustRow trust) {
        List<TrustRow> chain = new ArrayList<>(List.of(trust));
        while (chain.getLast().redelegatedFrom != null) {
            Optional<TrustRow> before = tx.find(TrustRow.class, chain.getLast().redelegatedFrom);
            if (before.isEmpty()) {
                break;
            }
            chain.add(before.get());
        }
        return chain;
    }

    /** One use less. False when none was left; of two at once for the last use one gets it. */
    public boolean consume(Transaction tx, TrustRow trust) {
        return trust.remainingUses == null
                || tx.execute(
                                "update TrustRow set remainingUses = remainingUses - 1"
                                        + " where id = :id and remainingUses > 0",
                                Map.of("id", trust.id))
                        > 0;
    }

    /** With all that were made from it, and the tokens of them all. */
    void delete(Transaction tx, TrustRow trust) {
        tx.list(TrustRow.class, "from TrustRow where redelegatedFrom = :id", Map.of("id", trust.id))
                .forEach(child -> delete(tx, child));
        tx.execute("delete from TrustRow where id = :id", Map.of("id", trust.id));
        revocations.trust(tx, trust.id);
    }
}
