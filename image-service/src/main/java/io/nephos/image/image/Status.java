package io.nephos.image.image;

import java.util.Locale;

/**
 * An image's life: queued, saving (bytes are arriving), active, deactivated; deleted until its bytes are gone. By the way of
 * an import: uploading (bytes arrive in, or lie in, the staging area), importing.
 */
public enum Status {
    QUEUED,
    SAVING,
    UPLOADING,
    IMPORTING,
    ACTIVE,
    DEACTIVATED,
    DELETED;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Status of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
