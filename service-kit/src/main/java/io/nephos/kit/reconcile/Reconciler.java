package io.nephos.kit.reconcile;

import java.time.Duration;

/**
 * Makes one kind of resource what its row says it should be, in small idempotent steps. Beans of it are found by
 * {@link ReconcileRunner}; woken by {@code Transaction.wake(kind(), id)}. At most one replica works on one resource at a
 * time. A throw is tried again with a growing pause; a crash is resumed by whoever takes the lease over.
 */
public interface Reconciler {
    /** Stable name, for example "server". */
    String kind();

    /** Looks at the resource and takes the next steps. */
    Outcome reconcile(String id);

    /** What is to be done next. */
    sealed interface Outcome {
        /** What is equals what should be; forget it until it is woken. */
        record Done() implements Outcome {}

        /** Look again after that time, or sooner when woken. */
        record Again(Duration after) implements Outcome {}
    }

    static Outcome done() {
        return new Outcome.Done();
    }

    static Outcome again(Duration after) {
        return new Outcome.Again(after);
    }
}
