package io.nephos.kit.tenant;

import io.nephos.contracts.events.v1.Change;

/** Whether a project or domain can be used. */
enum State {
    ENABLED,
    DISABLED,
    DELETED;

    static State of(Change change) {
        return switch (change) {
            case CHANGE_DISABLED -> DISABLED;
            case CHANGE_DELETED -> DELETED;
            default -> ENABLED;
        };
    }
}
