package io.nephos.block.backend;

import java.util.Set;

/**
 * Makes volumes reachable by hosts. Idempotent. Throws a fault "unavailable" when the daemon that exports is away; its
 * exports are then gone with it, and {@link #onReconnect} tells when they can be made again.
 */
public interface Exporter {
    /** @param name also what a client asks for; unguessable, and never used twice */
    record Export(String name, String volumeId, boolean readOnly) {}

    void export(Export export);

    /** Ends the export and cuts off whoever uses it. */
    void remove(String name);

    /** The names of all exports that there are. */
    Set<String> exports();

    boolean available();

    void onReconnect(Runnable action);
}
