package io.nephos.compute.server;

/** Nova's task_state: what is being done right now. */
public enum Task {
    NONE(""),
    SCHEDULING("scheduling"),
    NETWORKING("networking"),
    BLOCK_DEVICE_MAPPING("block_device_mapping"),
    SPAWNING("spawning"),
    POWERING_OFF("powering-off"),
    POWERING_ON("powering-on"),
    REBOOTING("rebooting"),
    REBOOTING_HARD("rebooting_hard"),
    PAUSING("pausing"),
    UNPAUSING("unpausing"),
    DELETING("deleting");

    private final String wire;

    Task(String wire) {
        this.wire = wire;
    }

    /** Empty for {@link #NONE}. */
    public String wire() {
        return wire;
    }
}
