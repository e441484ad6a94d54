package io.nephos.compute.server;

/** What the reconciler is about to do with a server. */
public enum Phase {
    /** Getting it to run for the first time. */
    BUILD,
    /** This host failed: take it back from there, then {@link #BUILD} elsewhere. */
    RETRY,
    /** No host will do: give back everything, then {@link #FAILED}. */
    FAIL,
    /** Holds nothing; waits to be deleted. */
    FAILED,
    /** It was built; keep it as it should be. */
    RUN,
    /** Give back everything, then forget it. */
    DELETE
}
