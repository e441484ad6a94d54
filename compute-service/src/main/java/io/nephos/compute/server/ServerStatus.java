package io.nephos.compute.server;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What users see of vm_state and task_state together (Compute API guide, "Server Concepts"). */
public enum ServerStatus {
    ACTIVE,
    BUILD,
    ERROR,
    HARD_REBOOT,
    PAUSED,
    REBOOT,
    SHUTOFF;

    /** Nova's other statuses: no server here is ever in one, but they are good words in a filter. */
    private static final List<String> OF_NOVA = List.of(
            "DELETED",
            "MIGRATING",
            "PASSWORD",
            "REBUILD",
            "RESCUE",
            "RESIZE",
            "REVERT_RESIZE",
            "SHELVED",
            "SHELVED_OFFLOADED",
            "SOFT_DELETED",
            "SUSPENDED",
            "UNKNOWN",
            "VERIFY_RESIZE");

    public static ServerStatus of(VmState state, Task task) {
        return switch (state) {
            case BUILDING -> BUILD;
            case ACTIVE ->
                switch (task) {
                    case REBOOTING -> REBOOT;
                    case REBOOTING_HARD -> HARD_REBOOT;
                    case NONE,
                            SCHEDULING,
                            NETWORKING,
                            BLOCK_DEVICE_MAPPING,
                            SPAWNING,
                            POWERING_OFF,
                            POWERING_ON,
                            PAUSING,
                            UNPAUSING,
                            DELETING -> ACTIVE;
                };
            case PAUSED -> task == Task.REBOOTING_HARD ? HARD_REBOOT : PAUSED;
            case STOPPED -> task == Task.REBOOTING_HARD ? HARD_REBOOT : SHUTOFF;
            case ERROR -> task == Task.REBOOTING_HARD ? HARD_REBOOT : ERROR;
        };
    }

    static Optional<ServerStatus> of(String word) {
        return Arrays.stream(values())
                .filter(status -> status.name().equalsIgnoreCase(word))
                .findFirst();
    }

    static boolean known(String word) {
        return of(word).isPresent() || OF_NOVA.stream().anyMatch(word::equalsIgnoreCase);
    }

    /** How far it is, in percent; only in the statuses that Nova shows it for. */
    Optional<Integer> progress() {
        return switch (this) {
            case ACTIVE, BUILD -> Optional.of(0);
            case ERROR, HARD_REBOOT, PAUSED, REBOOT, SHUTOFF -> Optional.empty();
        };
    }
}
