package io.nephos.agent.hypervisor;

/** Power state of a domain. */
public enum Power {
    RUNNING(true),
    PAUSED(true),
    SUSPENDED(true),
    SHUTOFF(false),
    CRASHED(false);

    private final boolean on;

    Power(boolean on) {
        this.on = on;
    }

    /** Whether a process of the hypervisor stands behind it. */
    public boolean on() {
        return on;
    }
}
