package io.nephos.compute.server;

/** Nova's power_state. */
public enum Power {
    NOSTATE(0),
    RUNNING(1),
    PAUSED(3),
    SHUTDOWN(4),
    CRASHED(6),
    SUSPENDED(7);

    private final int wire;

    Power(int wire) {
        this.wire = wire;
    }

    public int wire() {
        return wire;
    }
}
