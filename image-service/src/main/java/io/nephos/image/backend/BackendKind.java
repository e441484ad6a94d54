package io.nephos.image.backend;

/** A kind of store that the configuration may ask for. */
public interface BackendKind {
    /** As in {@code nephos.image.store.ID.type}. */
    String type();

    /** Speaks to no server yet. IllegalArgumentException names the setting that is missing or wrong. */
    Backend make(BackendSettings settings);
}
