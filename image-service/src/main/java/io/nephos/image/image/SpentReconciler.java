package io.nephos.image.image;

import io.nephos.image.backend.Backend;
import io.nephos.image.backend.Backends;
import io.nephos.kit.data.Transaction;
import io.nephos.kit.reconcile.Reconciler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Removes bytes that an image has given up: what was staged once it is converted or copied, a copy in a store that is not
 * wanted any more. It is asked to in the transaction that gives them up, so that no crash leaves them behind.
 */
@ApplicationScoped
class SpentReconciler implements Reconciler {
    private static final String KIND = "spent-bytes";
    private static final Logger LOG = Logger.getLogger(SpentReconciler.class);
    /** A store that is away, or whose bytes disks are cloned from, is tried again so often. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Backends backends;

    @Inject
    SpentReconciler(Backends backends) {
        this.backends = backends;
    }

    /** What the image spoke of before and does not speak of after is removed once that transaction has committed. */
    static void removeGivenUp(Transaction tx, Image before, Image after) {
        before.content()
                .ifPresent(old -> old.copies().stream()
                        .filter(copy -> after.content()
                                .map(now -> now.copies().stream().noneMatch(copy::sameBytes))
                                .orElse(true))
                        .forEach(copy -> tx.wake(KIND, copy.backend() + "/" + copy.key())));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Outcome reconcile(String id) {
        int slash = id.indexOf('/');
        String store = id.substring(0, slash);
        try {
            Backend backend = backends.of(store);
            if (!backend.readOnly()) {
                backend.delete(id.substring(slash + 1));
            }
            return Reconciler.done();
        } catch (IllegalArgumentException notConfigured) {
            LOG.warnf("Bytes stay in the store %s, which is not configured any more", store);
            return Reconciler.done();
        } catch (UncheckedIOException e) {
            LOG.warnf("Bytes stay in the store %s for now: %s", store, e.getMessage());
            return Reconciler.again(PAUSE);
        }
    }
}
