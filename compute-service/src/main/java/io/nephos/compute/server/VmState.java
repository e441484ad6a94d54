package io.nephos.compute.server;

import java.util.Locale;

/** Nova's vm_state, those that exist here. */
public enum VmState {
    BUILDING,
    ACTIVE,
    PAUSED,
    STOPPED,
    ERROR;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
