package io.nephos.block.backend;

import org.eclipse.microprofile.config.Config;

/** A kind of backend that the configuration may ask for. */
public interface BackendKind {
    /** As in {@code nephos.block.backend.NAME.type}. */
    String type();

    /** Speaks to no server yet. IllegalArgumentException names the setting that is missing or wrong. */
    Backend make(String name, Config config);
}
