package io.nephos.compute.server;

import java.time.Duration;

/** What the reconciler does after a step. */
sealed interface Next {
    /** The next step, planned on what this one has written. */
    record Go(Server server) implements Next {}

    /** The next step, planned on what lies in the database. */
    record Look() implements Next {}

    /** Look again after that time, or when woken. */
    record Wait(Duration time) implements Next {}

    static Next look() {
        return new Look();
    }

    static Next after(Duration time) {
        return new Wait(time);
    }
}
