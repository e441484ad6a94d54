package io.nephos.agent.hypervisor;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What runs guests on this host. A domain is named by the id of its instance. Every call may throw
 * {@link HypervisorException}; a call on a domain that is not there throws {@link HypervisorException.Gone} unless it
 * says otherwise.
 */
public interface Hypervisor extends AutoCloseable {
    /** What it is; waits for the probe of the virtualisation type at the first call. */
    HypervisorKind kind();

    /** Throws {@link HypervisorException.Unavailable} when it cannot be asked now. */
    void check();

    /** Every domain that carries a Nephos identity. */
    List<ObservedDomain> list();

    Optional<ObservedDomain> find(String id);

    /** Writes what the domain shall be when it starts next; a running domain stays as it is. Keeps the mark. */
    void define(DomainSpec spec);

    /** Notes on the domain the generation it has been converged on. */
    void mark(String id, long generation);

    /** Starting what runs succeeds. */
    void start(String id);

    /** Cuts the power. Doing so to a domain that is off or gone succeeds. */
    void powerOff(String id);

    /** Asks the guest to shut down; it may not listen. */
    void pressPowerButton(String id);

    /** Asks the guest to restart; it may not listen. */
    void askToReboot(String id);

    /** Resets at once, as the reset button does. */
    void reset(String id);

    void suspend(String id);

    void resume(String id);

    /** Plugs into the running domain only. */
    void attachPort(String id, PortDevice port);

    /** Asks the running guest to let go; the port is gone when {@link #find} no longer shows it. */
    void detachPort(String id, String portId);

    void attachVolume(String id, VolumeDevice volume);

    void detachVolume(String id, String attachmentId);

    /** Forgets a domain that is off. Forgetting what is not there succeeds. */
    void undefine(String id);

    /** How often the guest has restarted by itself or on request since this process began to look. */
    long rebootsSeen(String id);

    /** Calls back with the id of a domain whose state changed, and with "" when anything may have changed. */
    void onChange(Consumer<String> listener);

    @Override
    void close();
}
