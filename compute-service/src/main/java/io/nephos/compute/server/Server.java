package io.nephos.compute.server;

import io.nephos.compute.api.Json;
import io.nephos.compute.port.PortRow;
import io.nephos.compute.volume.VolumeRow;
import io.nephos.kit.fault.Fault;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The state machine of a server: what may be asked in which state, what follows from it, and which step comes next. Pure: it
 * changes its rows in memory and nothing else; the caller writes them.
 *
 * <p>A request changes the desired state and its generation; an observation changes what was observed; the reconciler's
 * steps make the second equal the first.
 */
public record Server(ServerRow row, List<PortRow> ports, List<VolumeRow> volumes) {
    static final Duration BUILD_TIME = Duration.ofMinutes(10);
    static final Duration TRANSITION_TIME = Duration.ofMinutes(5);
    static final Duration REMOVAL_PATIENCE = Duration.ofSeconds(60);
    static final int MAX_HOSTS = 3;

    public ServerStatus status() {
        return ServerStatus.of(row.vmState, row.task);
    }

    // What users ask for.

    public void stop(OffsetDateTime now) {
        legal("os-stop", Set.of(VmState.ACTIVE, VmState.ERROR));
        want(Power.SHUTDOWN, Task.POWERING_OFF, now);
    }

    public void start(OffsetDateTime now) {
        legal("os-start", Set.of(VmState.STOPPED));
        want(Power.RUNNING, Task.POWERING_ON, now);
    }

    public void pause(OffsetDateTime now) {
        legal("pause", Set.of(VmState.ACTIVE));
        want(Power.PAUSED, Task.PAUSING, now);
    }

    public void unpause(OffsetDateTime now) {
        legal("unpause", Set.of(VmState.PAUSED));
        want(Power.RUNNING, Task.UNPAUSING, now);
    }

    public void reboot(boolean hard, String rebootId, OffsetDateTime now) {
        if (hard) {
            row.task =
                    row.phase == Phase.DELETE ? Task.DELETING : Task.NONE; // a hard reboot interrupts what is under way
            legal("reboot", Set.of(VmState.ACTIVE, VmState.STOPPED, VmState.PAUSED, VmState.ERROR));
        } else {
            legal("reboot", Set.of(VmState.ACTIVE));
        }
        boolean runs = row.observedPower == Power.RUNNING || row.observedPower == Power.PAUSED;
        row.rebootId = runs ? rebootId : ""; // a guest that is off is only started
        row.rebootHard = hard;
        want(Power.RUNNING, hard ? Task.REBOOTING_HARD : Task.REBOOTING, now);
    }

    /** Always accepted; true when this is the first time. */
    public boolean delete(OffsetDateTime now) {
        if (row.phase == Phase.DELETE) {
            return false;
        }
        row.phase = Phase.DELETE;
        row.task = Task.DELETING;
        row.updatedAt = now;
        return true;
    }

    /** The host hears of ports, volumes or metadata that changed. */
    public void redefine(OffsetDateTime now) {
        row.generation++;
        row.updatedAt = now;
        if (row.task == Task.NONE) {
            row.deadlineAt = now.plus(TRANSITION_TIME);
        }
    }

    public void resetState(boolean active, OffsetDateTime now) {
        row.vmState = active ? VmState.ACTIVE : VmState.ERROR;
        row.task = row.phase == Phase.DELETE ? Task.DELETING : Task.NONE;
        row.updatedAt = now;
        if (active) {
            clearFault();
        }
    }

    /** 409 when the server is being built or deleted, or failed to build: it has no host to do anything on. */
    public void requireBuilt(String action) {
        if (row.phase != Phase.RUN) {
            throw illegal(action);
        }
    }

    // What happened.

    void claimed(String host, String hostId, String agentAddress, OffsetDateTime now) {
        row.host = host;
        row.hostId = hostId;
        row.agentAddress = agentAddress;
        row.attempts++;
        row.task = Task.NETWORKING;
        row.deadlineAt = now.plus(BUILD_TIME);
        row.updatedAt = now;
    }

    /** This host will not do: the next one, unless there were enough of them. */
    void hostFailed(String reason, OffsetDateTime now) {
        row.lastError = reason;
        if (row.attempts >= MAX_HOSTS) {
            fail(
                    "Build of instance " + row.id + " aborted: " + MAX_HOSTS + " hosts were tried, the last one said: "
                            + reason,
                    now);
            return;
        }
        List<String> excluded = new ArrayList<>(Json.list(row.excludedHosts));
        if (!row.host.isEmpty()) {
            excluded.add(row.host);
        }
        row.excludedHosts = Json.text(excluded);
        row.phase = Phase.RETRY;
        row.task = Task.SCHEDULING;
        row.deadlineAt = now.plus(REMOVAL_PATIENCE);
        row.updatedAt = now;
    }

    /** The host was given back; look for another. */
    void startOver(OffsetDateTime now) {
        row.phase = Phase.BUILD;
        row.host = "";
        row.hostId = "";
        row.agentAddress = "";
        row.zone = "";
        row.claimHeld = true;
        row.generation++;
        row.observedGeneration = 0;
        row.observedPower = Power.NOSTATE;
        row.deadlineAt = now.plus(BUILD_TIME);
        volumes.forEach(volume -> volume.exportedHost = "");
        volumes.forEach(volume -> volume.attached = false);
        ports.forEach(port -> port.up = false);
    }

    /** No host will do; everything is given back and the user is told why. */
    void fail(String message, OffsetDateTime now) {
        fail(message, row.lastError, now);
    }

    /** @param details for administrators */
    void fail(String message, String details, OffsetDateTime now) {
        row.phase = Phase.FAIL;
        fault(500, message, details, now);
        row.deadlineAt = now.plus(REMOVAL_PATIENCE);
    }

    /** @param message for the user, who is not told which host it was */
    void fault(int code, String message, String details, OffsetDateTime now) {
        row.faultCode = code;
        row.faultMessage = Discretion.of(message, row);
        row.faultDetails = details;
        row.faultAt = now;
        row.updatedAt = now;
    }

    void failureSettled(OffsetDateTime now) {
        row.phase = Phase.FAILED;
        row.vmState = VmState.ERROR;
        row.task = Task.NONE;
        row.host = "";
        row.hostId = "";
        row.agentAddress = "";
        row.observedPower = Power.NOSTATE;
        row.observedGeneration = 0;
        row.updatedAt = now;
    }

    void built(OffsetDateTime now) {
        row.phase = Phase.RUN;
        row.launchedAt = now;
        settle(now);
    }

    /** The wanted state was reached. */
    void settle(OffsetDateTime now) {
        row.vmState = switch (row.desiredPower) {
            case PAUSED -> VmState.PAUSED;
            case SHUTDOWN -> VmState.STOPPED;
            case RUNNING, NOSTATE, CRASHED, SUSPENDED -> VmState.ACTIVE;
        };
        row.task = Task.NONE;
        row.lastError = "";
        row.updatedAt = now;
        clearFault();
    }

    /** The wanted power state was not reached in time: what was observed stays, and says so. */
    void abandon(OffsetDateTime now) {
        String message = "The transition '" + row.task.wire() + "' was not finished in " + TRANSITION_TIME.toSeconds()
                + " s: " + row.lastError;
        row.rebootId = "";
        if (row.observedPower == Power.RUNNING || row.observedPower == Power.PAUSED) {
            row.desiredPower = row.observedPower;
        } else {
            row.desiredPower = Power.SHUTDOWN;
        }
        row.task = Task.NONE;
        row.vmState = VmState.ERROR;
        fault(500, message, row.lastError, now);
    }

    /**
     * What the host runs. A guest that went off by itself is what its user wanted: the server is stopped. What was seen
     * before this generation was reached (0: while it was built) is a report that came late. True when anything changed.
     */
    boolean observe(Power power, long generation, OffsetDateTime now) {
        if (row.phase != Phase.RUN && row.phase != Phase.BUILD) {
            return false;
        }
        boolean current = generation >= row.generation;
        boolean changed = row.observedPower != power;
        row.observedPower = power;
        boolean idle = row.phase == Phase.RUN && row.task == Task.NONE && current;
        boolean wentOff = power == Power.SHUTDOWN || power == Power.CRASHED;
        if (idle && wentOff && row.desiredPower != Power.SHUTDOWN && row.vmState != VmState.ERROR) {
            row.desiredPower = Power.SHUTDOWN;
            row.vmState = VmState.STOPPED;
            row.generation++;
            row.deadlineAt = now.plus(TRANSITION_TIME);
            changed = true;
        }
        if (changed) {
            row.updatedAt = now;
        }
        return changed;
    }

    // What comes next: ServerPlan.

    private void want(Power power, Task task, OffsetDateTime now) {
        row.desiredPower = power;
        row.task = task;
        row.generation++;
        row.deadlineAt = now.plus(TRANSITION_TIME);
        row.updatedAt = now;
    }

    private void legal(String action, Set<VmState> states) {
        if (row.phase == Phase.DELETE || row.task != Task.NONE) {
            throw Fault.conflict(
                    "Cannot '" + action + "' instance " + row.id + " while it is in task_state " + row.task.wire());
        }
        if (row.phase != Phase.RUN || !states.contains(row.vmState)) {
            throw illegal(action);
        }
    }

    private RuntimeException illegal(String action) {
        return Fault.conflict(
                "Cannot '" + action + "' instance " + row.id + " while it is in vm_state " + row.vmState.wire());
    }

    private void clearFault() {
        row.faultCode = 0;
        row.faultMessage = "";
        row.faultDetails = "";
        row.faultAt = null;
    }
}
