package io.nephos.compute.server;

import java.util.Locale;

/** One small, idempotent thing that the reconciler does for a server. The name is that of the event in the timeline. */
public enum Step {
    // build
    CLAIM_HOST,
    ENSURE_PORTS,
    BIND_PORTS,
    EXPORT_VOLUMES,
    ENSURE_INSTANCE,
    AWAIT_PORTS,
    COMPLETE_VOLUMES,
    FINISH_BUILD,
    GIVE_UP,
    // run
    REBOOT_INSTANCE,
    RETURN_VOLUMES,
    RETURN_PORTS,
    REFRESH_PORTS,
    FINISH_TRANSITION,
    ABANDON_TRANSITION,
    // give back
    REMOVE_INSTANCE,
    LEAVE_RESIDUE,
    RELEASE_PORTS,
    RELEASE_VOLUMES,
    RELEASE_HOST,
    START_OVER,
    SETTLE_FAILURE,
    FORGET,
    // nothing to do
    REST;

    /** As the timeline names it. */
    public String event() {
        return "compute_" + name().toLowerCase(Locale.ROOT);
    }
}
